// A connection pooler in front of a real Postgres that behaves like PgBouncer in transaction mode: it refuses or silently drops
// session settings, and its clients share one session of the server.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

interface Pooler {
  /** The URL of the database through the pooler. */
  url: string
  close(): Promise<void>
}

type Mode = 'refuses options' | 'drops options' | 'shares a session'

const isReady = Buffer.from([...Buffer.from('R'), 0, 0, 0, 8, 0, 0, 0, 0, ...Buffer.from('Z'), 0, 0, 0, 5, 0x49])

export async function startPooler(databaseUrl: string, mode: Mode): Promise<Pooler> {
  const target = new URL(databaseUrl)
  const sockets: Socket[] = []
  let upstream: Socket | undefined
  let asking: Socket | undefined
  const server = createServer((client) => {
    sockets.push(client)
    client.on('error', () => {})
    client.once('data', (startup) => {
      if (mode === 'refuses options') {
        client.end(errorResponse('08P01', 'unsupported startup parameter: options'))
        return
      }
      if (mode === 'drops options' || !upstream) {
        const link = connect(Number(target.port), target.hostname)
        sockets.push(link)
        link.on('error', () => {})
        link.on('data', (answer) => (mode === 'shares a session' ? asking : client)?.write(answer))
        link.write(mode === 'drops options' ? withoutOptions(startup) : startup)
        asking = client
        upstream = link
      } else client.write(isReady)
      const link = upstream
      client.on('data', (asked) => {
        asking = client
        // A client's Terminate message must not end the shared session.
        if (asked[0] !== 'X'.charCodeAt(0)) link.write(asked)
      })
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

function errorResponse(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C${code}\0M${message}\0\0`)
  const length = Buffer.alloc(4)
  length.writeInt32BE(fields.length + 4)
  return Buffer.concat([Buffer.from('E'), length, fields])
}

/** The startup message: its length, the protocol version, then names and values. */
function withoutOptions(startup: Buffer): Buffer {
  const words = startup.subarray(8).toString().split('\0')
  const at = words.indexOf('options')
  const body = Buffer.from([...words.slice(0, at), ...words.slice(at + 2)].join('\0'))
  const head = Buffer.from(startup.subarray(0, 8))
  head.writeInt32BE(body.length + 8)
  return Buffer.concat([head, body])
}
