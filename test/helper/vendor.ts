// A stand-in for an HTTP vendor: it records its requests and answers, or breaks off, as scripted.
import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface Recorded {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
  /** The number of its connection, from 1. */
  connection: number
  json(): Record<string, unknown>
  form(): URLSearchParams
}

/**
 * - `reset`: the connection is reset when the head has arrived, before the body is read
 *   (as one of the answers in order; from a function it is the same as `reset-after-read`).
 * - `reset-after-read`: the whole request has arrived, then the connection is reset.
 * - `hang`: never answers.
 * - `cut`: a 200 whose body ends half way.
 * - `junk`: bytes that are not HTTP.
 * - an answer with `after` is given once that promise resolves.
 */
export type VendorAnswer =
  | { status?: number; headers?: Record<string, string>; json?: unknown; text?: string; after?: Promise<unknown> }
  | 'reset'
  | 'reset-after-read'
  | 'hang'
  | 'cut'
  | 'junk'

export type VendorScript = (request: Recorded, number: number) => VendorAnswer

export interface Vendor {
  /** `http://127.0.0.1:<port>` */
  url: string
  port: number
  /** Every request whose body has arrived, or that was reset before that. */
  requests: Recorded[]
  /** How many connections were opened. */
  connections(): number
  /** Takes a function, or answers in order, of which the last repeats. */
  answer(script: VendorScript): void
  answer(...answers: VendorAnswer[]): void
  /** Resolves with all requests once `count` have arrived. */
  waitForRequests(count: number): Promise<Recorded[]>
  close(): Promise<void>
}

/** Scripts of vendors that accept every message, with ids `<vendor>-1`, `<vendor>-2`, … */
export const accepting = {
  resend: (_: Recorded, number: number): VendorAnswer => ({ json: { id: `resend-${number}` } }),
  twilio: (_: Recorded, number: number): VendorAnswer => ({
    status: 201,
    json: { sid: `SM-${number}`, status: 'queued', error_code: null, error_message: null },
  }),
  vonage: (_: Recorded, number: number): VendorAnswer => ({
    json: { 'message-count': '1', messages: [{ status: '0', 'message-id': `vonage-${number}` }] },
  }),
  sendgrid: (_: Recorded, number: number): VendorAnswer => ({
    status: 202,
    headers: { 'x-message-id': `sendgrid-${number}` },
    text: '',
  }),
  mailgun: (_: Recorded, number: number): VendorAnswer => ({
    json: { id: `<mailgun-${number}@mg.acme.example>`, message: 'Queued. Thank you.' },
  }),
  msg91: (_: Recorded, number: number): VendorAnswer => ({ json: { type: 'success', message: `msg91-${number}` } }),
  fast2sms: (_: Recorded, number: number): VendorAnswer => ({
    json: { return: true, request_id: `fast2sms-${number}`, message: ['SMS sent successfully.'] },
  }),
}

/** Starts a vendor on a free port; without a script it answers 404. */
export async function startVendor(
  first: VendorScript | VendorAnswer = { status: 404, text: 'no script' },
): Promise<Vendor> {
  const arrivals = new EventEmitter().setMaxListeners(0)
  const requests: Recorded[] = []
  const connections = new Map<Socket, number>()
  let opened = 0
  let script: Ordered = typeof first === 'function' ? first : inOrder([first])

  const server = createServer((incoming, response) => {
    const head = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers }
    const connection = connections.get(incoming.socket) ?? 0
    const chunks: Buffer[] = []
    const record = (): VendorAnswer => {
      const body = Buffer.concat(chunks).toString('utf8')
      const request = { ...head, body, connection, json: () => JSON.parse(body), form: () => new URLSearchParams(body) }
      requests.push(request)
      const answer = script(request, requests.length)
      arrivals.emit('request')
      return answer
    }
    // Answers in order are known before the body arrives; a function needs the body.
    if (resetsEarly(script)) {
      record()
      incoming.socket.resetAndDestroy()
      return
    }
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => void play(record(), response))
    incoming.on('error', () => {})
  })
  server.on('connection', (socket) => {
    opened++
    connections.set(socket, opened)
    socket.on('close', () => connections.delete(socket))
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    connections: () => opened,
    answer(...answers: [VendorScript] | VendorAnswer[]) {
      const [only] = answers
      if (typeof only === 'function') script = only
      else script = inOrder(answers as VendorAnswer[])
    },
    async waitForRequests(count) {
      while (requests.length < count) await once(arrivals, 'request')
      return requests
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of connections.keys()) socket.destroy()
      await closed
    },
  }
}

interface Ordered extends VendorScript {
  next?: () => VendorAnswer | undefined
}

function inOrder(answers: VendorAnswer[]): VendorScript {
  let turn = 0
  const script: Ordered = () => answers[Math.min(turn++, answers.length - 1)] ?? { status: 404 }
  script.next = () => answers[Math.min(turn, answers.length - 1)]
  return script
}

function resetsEarly(script: Ordered): boolean {
  return script.next?.() === 'reset'
}

async function play(answer: VendorAnswer, response: ServerResponse): Promise<void> {
  const { socket } = response
  switch (answer) {
    case 'hang':
      return
    case 'reset':
    case 'reset-after-read':
      socket?.resetAndDestroy()
      return
    case 'junk':
      socket?.end('this is not HTTP\r\n\r\n')
      return
    case 'cut':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.write('{"id":"cut', () => socket?.destroy())
      return
  }
  await answer.after
  const json = 'json' in answer
  const type = json ? 'application/json' : 'text/html'
  response.writeHead(answer.status ?? 200, { 'content-type': type, ...answer.headers })
  response.end(json ? JSON.stringify(answer.json) : (answer.text ?? ''))
}
