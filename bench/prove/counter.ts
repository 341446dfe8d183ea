// A vendor's HTTP server on loopback, which can refuse connections, break off answers or withhold them.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface Request {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: string
}

/**
 * An answer, or its failure: `reset` resets the connection, `cut` breaks off within a 2xx, `junk` is not HTTP, `hang` never
 * answers.
 */
export type Reply = { status: number; json: unknown } | 'reset' | 'cut' | 'junk' | 'hang'

export interface Counter {
  url: string
  /** Refuses connections until `open`, which listens on the same port again. */
  shut(): Promise<void>
  open(): Promise<void>
}

export async function startCounter(serve: (request: Request) => Promise<Reply> | Reply): Promise<Counter> {
  const sockets = new Set<Socket>()
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('error', () => {})
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const { method = '', url = '', headers } = incoming
    play(await serve({ method, path: url, headers, body: Buffer.concat(chunks).toString('utf8') }), response)
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
  })
  server.on('clientError', (_error, socket) => socket.destroy())
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async shut() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
    async open() {
      if (server.listening) return
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
  }
}

function play(reply: Reply, response: ServerResponse): void {
  const { socket } = response
  if (reply === 'hang' || !socket || socket.destroyed) return
  if (reply === 'reset') return void socket.resetAndDestroy()
  if (reply === 'junk') return void socket.end('this is not HTTP\r\n\r\n')
  if (reply === 'cut') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
    response.write('{"id":"cut', () => socket.destroy())
    return
  }
  response.writeHead(reply.status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(reply.json))
}
