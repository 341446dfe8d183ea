// A stand-in for an OpenTelemetry collector: it takes OTLP over HTTP as protobuf, and reads the spans in it.
import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface CollectedSpan {
  traceId: string
  spanId: string
  /** Empty for the first of a trace. */
  parentId: string
  name: string
  kind: string
  startMs: number
  endMs: number
  isError: boolean
  attributes: Record<string, string | number | boolean>
  resource: Record<string, string | number | boolean>
}

export interface Collector {
  url: string
  requests: { path: string; headers: IncomingHttpHeaders; body: Buffer }[]
  spans(): CollectedSpan[]
  /** What it answers from now on: a status, or nothing at all. */
  answer(with_: number | 'nothing'): void
  /** Resolves with the spans once `done` holds for them. */
  waitForSpans(done: (spans: CollectedSpan[]) => boolean): Promise<CollectedSpan[]>
  close(): Promise<void>
}

/** Starts one on a free port, or on that of one before. */
export async function startCollector(port = 0): Promise<Collector> {
  const arrivals = new EventEmitter().setMaxListeners(0)
  const requests: Collector['requests'] = []
  let status: number | 'nothing' = 200
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    requests.push({ path: request.url ?? '', headers: request.headers, body })
    if (status !== 'nothing') response.writeHead(status).end()
    arrivals.emit('request')
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const spans = () => requests.flatMap(({ body }) => spansOf(body))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    spans,
    answer(with_) {
      status = with_
    },
    async waitForSpans(done) {
      while (!done(spans())) await once(arrivals, 'request')
      return spans()
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** The numbers are those of opentelemetry/proto/collector/trace/v1 and trace/v1. */
function spansOf(request: Buffer): CollectedSpan[] {
  return messagesIn(request, 1).flatMap((resourceSpans) => {
    const resource = attributesOf(messagesIn(messagesIn(resourceSpans, 1)[0] ?? Buffer.alloc(0), 1))
    return messagesIn(resourceSpans, 2).flatMap((scopeSpans) =>
      messagesIn(scopeSpans, 2).map((span) => spanOf(span, resource)),
    )
  })
}

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']

function spanOf(span: Buffer, resource: CollectedSpan['resource']): CollectedSpan {
  const bytes = (field: number) => messagesIn(span, field)[0] ?? Buffer.alloc(0)
  const ms = (field: number) => Number(numberIn(span, field) / 1_000_000n)
  return {
    traceId: bytes(1).toString('hex'),
    spanId: bytes(2).toString('hex'),
    parentId: bytes(4).toString('hex'),
    name: bytes(5).toString(),
    kind: kinds[Number(numberIn(span, 6))] ?? '',
    startMs: ms(7),
    endMs: ms(8),
    isError: numberIn(bytes(15), 3) === 2n,
    attributes: attributesOf(messagesIn(span, 9)),
    resource,
  }
}

function attributesOf(pairs: Buffer[]): CollectedSpan['attributes'] {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [key = Buffer.alloc(0)] = messagesIn(pair, 1)
      const [value = Buffer.alloc(0)] = messagesIn(pair, 2)
      const [[field, content] = [0, 0n]] = fieldsOf(value)
      const read = Buffer.isBuffer(content) ? content.toString() : field === 2 ? content === 1n : Number(content)
      return [key.toString(), read]
    }),
  )
}

const messagesIn = (message: Buffer, field: number): Buffer[] =>
  fieldsOf(message).flatMap(([number, value]) => (number === field && Buffer.isBuffer(value) ? [value] : []))

const numberIn = (message: Buffer, field: number): bigint =>
  fieldsOf(message).flatMap(([number, value]) => (number === field && typeof value === 'bigint' ? [value] : []))[0] ??
  0n

/** The fields of a protobuf message, in order. */
function fieldsOf(message: Buffer): [field: number, value: bigint | Buffer][] {
  const fields: [number, bigint | Buffer][] = []
  let at = 0
  const take = (bytes: number) => {
    at += bytes
    return message.subarray(at - bytes, at)
  }
  const varint = () => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++)
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  while (at < message.length) {
    const tag = Number(varint())
    const field = tag >> 3
    switch (tag & 7) {
      case 0:
        fields.push([field, varint()])
        break
      case 1:
        fields.push([field, take(8).readBigUInt64LE()])
        break
      case 2:
        fields.push([field, take(Number(varint()))])
        break
      case 5:
        fields.push([field, BigInt(take(4).readUInt32LE())])
        break
      default:
        throw new Error(`no protobuf: wire type ${tag & 7}`)
    }
  }
  return fields
}
