// An SMTP server on loopback that accepts every message and reports its recipient.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface Smtp {
  url: string
  close(): Promise<void>
}

/** `taken` is called before the reply to the final dot. */
export async function startSmtp(taken: (address: string, raw: string) => void): Promise<Smtp> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    const reply = (line: string) => socket.write(`${line}\r\n`)
    let input = ''
    let to = ''
    let inData = false
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      input += chunk
      for (;;) {
        const mark = inData ? '\r\n.\r\n' : '\r\n'
        const end = input.indexOf(mark)
        if (end < 0) return
        const text = input.slice(0, end)
        input = input.slice(end + mark.length)
        if (inData) {
          inData = false
          taken(to, text)
          reply('250 2.0.0 Ok: queued')
        } else {
          const verb = text.slice(0, 4).toUpperCase()
          if (verb === 'RCPT') to = /<([^>]*)>/.exec(text)?.[1] ?? ''
          inData = verb === 'DATA'
          reply(verb === 'DATA' ? '354 go on' : verb === 'QUIT' ? '221 bye' : '250 ok')
          if (verb === 'QUIT') socket.end()
        }
      }
    })
    reply('220 smtp.prove.example ESMTP')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
