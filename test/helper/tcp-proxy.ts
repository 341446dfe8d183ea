// A TCP proxy to a database that a test can cut: open connections break and new ones are refused until it is restored.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Transform } from 'node:stream'

export interface TcpProxy {
  /** The database's URL through the proxy. */
  through(url: string): string
  cut(): Promise<void>
  restore(): Promise<void>
  close(): Promise<void>
}

/** `answers` changes what the database says, and must keep its length. */
export async function startTcpProxy({
  answers = (bytes) => bytes,
}: {
  answers?: (bytes: Buffer) => Buffer
} = {}): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let target = { host: '127.0.0.1', port: 0 }
  const server = createServer((incoming) => {
    const outgoing = connect(target)
    const changed = new Transform({ transform: (bytes: Buffer, _encoding, done) => done(null, answers(bytes)) })
    incoming.pipe(outgoing)
    outgoing.pipe(changed).pipe(incoming)
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(from)
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  const cut = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return {
    through(url) {
      const address = new URL(url)
      target = { host: address.hostname, port: Number(address.port) }
      address.port = String(port)
      return address.toString()
    },
    cut,
    async restore() {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
    close: cut,
  }
}

/** Changes what a Postgres says that it is, for `answers`. */
export function asServer(version: string): (bytes: Buffer) => Buffer {
  const own = /PostgreSQL [\d.]+[^\0]* on [^\0]*-bit/
  return (bytes) =>
    Buffer.from(
      bytes.toString('latin1').replace(own, (said) => version.padEnd(said.length).slice(0, said.length)),
      'latin1',
    )
}
