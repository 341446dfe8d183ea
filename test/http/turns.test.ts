// How much of what arrives is parsed in one turn of the event loop, and in which order.
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { shareTurns, type TurnLimits } from '../../src/http/turns.ts'
import { eventually } from '../helper/world.ts'

const pieceBytes = 2048
const open: { close(): void }[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

/** Each look at its clock takes a millisecond. */
function ticking(): () => number {
  let now = 0
  return () => {
    now += 1
    return now
  }
}

interface Served {
  server: Server
  /** How many bytes the parser got in each turn that had some. */
  turns: number[]
}

async function serve(limits: Partial<TurnLimits>, handle: RequestListener): Promise<Served> {
  const server = createServer(handle)
  const turns: number[] = []
  let bytesOfTurn = 0
  let isOpen = true
  const endTurn = () => {
    if (bytesOfTurn > 0) turns.push(bytesOfTurn)
    bytesOfTurn = 0
    if (isOpen) setImmediate(endTurn)
  }
  endTurn()
  server.on('connection', (socket) => {
    const [parse] = socket.listeners('data') as ((bytes: Buffer) => void)[]
    socket.on('data', (bytes) => {
      bytesOfTurn += bytes.length
      parse?.call(socket, bytes)
    })
    if (parse) socket.off('data', parse)
  })
  shareTurns(server, { pieceBytes, ...limits })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push({
    close: () => {
      isOpen = false
      server.closeAllConnections()
      server.close()
    },
  })
  return { server, turns }
}

async function connectTo({ server }: Pick<Served, 'server'>): Promise<{ socket: Socket; heard(): string }> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {})
  let text = ''
  socket.on('data', (bytes) => {
    text += bytes
  })
  await once(socket, 'connect')
  return { socket, heard: () => text }
}

const echoLength: RequestListener = (request, response) => {
  void buffer(request).then(
    (body) => response.end(`${request.url} ${body.length};`),
    () => {},
  )
}
const post = (path: string, framing: string) => `POST ${path} HTTP/1.1\r\nhost: x\r\n${framing}\r\n\r\n`
const inChunks = (size: number, chunks: number) =>
  `${`${size.toString(16)}\r\n${'a'.repeat(size)}\r\n`.repeat(chunks)}0\r\n\r\n`

it.each([
  ['chunks of a byte', `${post('/', 'transfer-encoding: chunked')}${inChunks(1, 20_000)}`],
  ['chunks with extensions', `${post('/', 'transfer-encoding: chunked')}${'1;a=b\r\na\r\n'.repeat(10_000)}`],
  ['header lines', `GET / HTTP/1.1\r\nhost: x\r\n${'a:\r\n'.repeat(12_000)}`],
  ['trailers', `${post('/', 'transfer-encoding: chunked')}0\r\n${'a:\r\n'.repeat(12_000)}`],
  ['requests without a host', 'GET / HTTP/1.1\r\n\r\n'.repeat(3000)],
])('thousands of %s, on many connections, are parsed in many turns', async (_what, sent) => {
  const served = await serve({ mostMs: 4, now: ticking() }, echoLength)
  const clients = await Promise.all(Array.from({ length: 10 }, () => connectTo(served)))
  for (const { socket } of clients) socket.write(sent)
  // Some are refused, and cut, before all of it is parsed.
  await eventually(async () => served.turns.length > 20 || clients.every(({ socket }) => socket.destroyed))
  expect(served.turns.length).toBeGreaterThan(1)
  // What arrives in a turn may be parsed as well as what had waited.
  expect(Math.max(...served.turns)).toBeLessThanOrEqual(2 * 4 * pieceBytes)
})

it('a short request is not kept waiting by long ones, nor by those that connect', async () => {
  const answered: string[] = []
  const served = await serve({ mostMs: 4, now: ticking() }, (request, response) => {
    response.once('finish', () => answered.push(request.url ?? ''))
    echoLength(request, response)
  })
  const clients = await Promise.all(Array.from({ length: 20 }, () => connectTo(served)))
  for (const { socket } of clients) socket.write(`${post('/long', 'transfer-encoding: chunked')}${inChunks(1, 40_000)}`)
  await eventually(async () => served.turns.length > 5)
  const short = await connectTo(served)
  short.socket.write('GET /short HTTP/1.1\r\nhost: x\r\n\r\n')
  await eventually(async () => answered.length > 0)
  expect(answered[0]).toBe('/short')
  await eventually(async () => answered.length === 21)
})

it.each([
  ['a megabyte in chunks of a kilobyte', post('/', 'transfer-encoding: chunked'), inChunks(1024, 1024)],
  ['a megabyte at once', post('/', `content-length: ${1024 * 1024}`), 'a'.repeat(1024 * 1024)],
])('%s arrives whole, a piece a turn, however its reader pauses', async (_what, head, body) => {
  const served = await serve({ mostMs: 0 }, async (request, response) => {
    let bytes = 0
    for await (const piece of request) {
      bytes += piece.length
      await nextTurn()
    }
    response.end(`${bytes};`)
  })
  const clients = await Promise.all(Array.from({ length: 3 }, () => connectTo(served)))
  for (const { socket } of clients) socket.write(`${head}${body}`)
  await eventually(async () => clients.every(({ heard }) => heard().endsWith(`${1024 * 1024};`)))
  expect(Math.max(...served.turns)).toBe(pieceBytes)
})

it('a body in tiny segments arrives whole, and its connection is used again', async () => {
  const served = await serve({ mostMs: 0 }, echoLength)
  const { socket, heard } = await connectTo(served)
  socket.setNoDelay(true)
  for (const path of ['/1', '/2']) {
    for (const segment of post(path, 'content-length: 300').match(/[\s\S]{1,7}/g) ?? []) {
      socket.write(segment)
      await nextTurn()
    }
    for (let i = 0; i < 30; i++) {
      socket.write('a'.repeat(10))
      await nextTurn()
    }
    await eventually(async () => heard().includes(`${path} 300;`))
  }
})

it('requests that arrive together are answered in their order, and large answers wait for who reads them', async () => {
  const large = 'x'.repeat(1024 * 1024)
  const served = await serve({ mostMs: 0 }, (request, response) => response.end(`${large}${request.url};`))
  const { socket, heard } = await connectTo(served)
  socket.pause()
  const paths = Array.from({ length: 10 }, (_, i) => `/${i}`)
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(3000)}\r\n\r\n`).join(''))
  await eventually(async () => served.turns.length > 3)
  socket.resume()
  await eventually(async () => heard().endsWith('x/9;'))
  expect(heard().match(/\/\d;/g)).toEqual(paths.map((path) => `${path};`))
})

it('of connections that wait no more is read than 64 KiB of each', async () => {
  let parsed = 0
  const server = createServer((request, response) => {
    request.on('data', (bytes) => {
      parsed += bytes.length
    })
    request.on('end', () => response.end('read;'))
  })
  const sockets: Socket[] = []
  server.on('connection', (socket) => sockets.push(socket))
  shareTurns(server, { mostMs: 0, pieceBytes })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const clients = await Promise.all(Array.from({ length: 20 }, () => connectTo({ server })))
  for (const { socket } of clients) socket.write(`${post('/', 'content-length: 500000')}${'a'.repeat(500_000)}`)
  let mostWaiting = 0
  while (!clients.every(({ heard }) => heard().endsWith('read;'))) {
    await nextTurn()
    const read = sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0)
    mostWaiting = Math.max(mostWaiting, read - parsed)
  }
  const headBytes = 100
  expect(mostWaiting).toBeGreaterThan(clients.length * pieceBytes)
  expect(mostWaiting).toBeLessThanOrEqual(clients.length * (65_536 + pieceBytes + headBytes))
  server.closeAllConnections()
  server.close()
})

it('the end of a client that reads no answers is noticed, although more than a piece of what it sent waits', async () => {
  const large = 'x'.repeat(1024 * 1024)
  const server = createServer((_request, response) => response.end(large))
  shareTurns(server, { mostMs: 0, pieceBytes })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push({ close: () => void server.close().closeAllConnections() })
  const connected = once(server, 'connection') as Promise<[Socket]>
  const { socket } = await connectTo({ server })
  const [other] = await connected
  socket.pause()
  socket.write(`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(3000)}\r\n\r\n`.repeat(15))
  await eventually(async () => other.isPaused() && other.writableNeedDrain)
  socket.end()
  await eventually(async () => other.readableEnded)
})

it('where more waits than there is room for, those who bring much are cut, and a short request is answered', async () => {
  // Nothing is parsed but the longest waiting.
  const served = await serve({ mostMs: 0, mostWaitingBytes: 200_000 }, echoLength)
  const clients = await Promise.all(Array.from({ length: 20 }, () => connectTo(served)))
  const closed: Socket[] = []
  for (const { socket } of clients) socket.once('close', () => closed.push(socket))
  for (const { socket } of clients) socket.write(`${post('/', 'content-length: 1000000')}${' '.repeat(60_000)}`)
  await eventually(async () => closed.length > 0)
  const short = await connectTo(served)
  short.socket.write('GET /short HTTP/1.1\r\nhost: x\r\n\r\n')
  await eventually(async () => short.heard().includes('/short 0;'))
  expect(closed.length).toBeLessThan(20)
})

it('where more waits than there is room for, none of those that bring a few kilobytes is cut', async () => {
  const served = await serve({ mostMs: 0, mostWaitingBytes: 200_000 }, echoLength)
  const many = await Promise.all(Array.from({ length: 30 }, () => connectTo(served)))
  const some = await Promise.all(Array.from({ length: 10 }, () => connectTo(served)))
  for (const { socket } of many) socket.write(`${post('/', 'content-length: 1000000')}${' '.repeat(60_000)}`)
  for (const { socket } of some) socket.write(`${post('/some', 'content-length: 5000')}${' '.repeat(5000)}`)
  await eventually(async () => some.every(({ socket, heard }) => socket.destroyed || heard() !== ''))
  expect(some.map(({ heard }) => heard().split('\r\n\r\n')[1])).toEqual(some.map(() => '/some 5000;'))
  expect(many.filter(({ socket }) => socket.destroyed).length).toBeGreaterThan(0)
  expect(many.filter(({ socket }) => !socket.destroyed).length).toBeGreaterThan(0)
})
