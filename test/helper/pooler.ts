// A connection pooler before a real Postgres, as PgBouncer is one in transaction mode: it refuses the settings of a
// session, or drops them without a word; and it lets all its clients use one session of the server.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

interface Pooler {
  /** The database, by way of the pooler. */
  url: string
  close(): Promise<void>
}

/** What it does to sessions. */
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
        // A client that says goodbye ends no session of the server.
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

/** The first message of a connection: its length, the protocol's version, then names and values. */
function withoutOptions(startup: Buffer): Buffer {
  const words = startup.subarray(8).toString().split('\0')
  const at = words.indexOf('options')
  const body = Buffer.from([...words.slice(0, at), ...words.slice(at + 2)].join('\0'))
  const head = Buffer.from(startup.subarray(0, 8))
  head.writeInt32BE(body.length + 8)
  return Buffer.concat([head, body])
}
