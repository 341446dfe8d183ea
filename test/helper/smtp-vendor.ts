// An SMTP server with scripted replies: it can refuse any command, fall silent, and close or reset the connection at any point.
// It offers no TLS.
import { EventEmitter, once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** A moment of the session with a scripted reply. `dot` is the reply to the whole message. */
export type SmtpMoment = 'greeting' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'dot'

/** A reply line, or what happens to the connection instead. `half:` sends the rest without its line end, then closes. */
export type SmtpReply = `${number} ${string}` | 'hang' | 'close' | 'reset' | `half:${string}`

export interface SmtpMessage {
  from: string
  to: string[]
  /** Headers and body as sent, dots unstuffed. */
  raw: string
  connection: number
}

export interface SmtpVendor {
  /** `smtp://127.0.0.1:<port>` */
  url: string
  port: number
  /** Every message that arrived completely, whatever the reply. */
  messages: SmtpMessage[]
  connections(): number
  /** Sets the replies by moment; the others succeed. `AUTH` is offered only if it is named. */
  script(replies: Partial<Record<SmtpMoment, SmtpReply>>): void
  /** Resolves when sessions have reached this moment `count` times. */
  waitFor(moment: SmtpMoment, count?: number): Promise<void>
  close(): Promise<void>
}

const good: Record<SmtpMoment, SmtpReply> = {
  greeting: '220 vendor.test ESMTP',
  EHLO: '250 vendor.test',
  AUTH: '235 2.7.0 ok',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go on',
  dot: '250 2.0.0 Ok: queued as',
}

export async function startSmtpVendor(): Promise<SmtpVendor> {
  const moments = new EventEmitter().setMaxListeners(0)
  const counts = new Map<SmtpMoment, number>()
  const messages: SmtpMessage[] = []
  const sockets = new Set<Socket>()
  let opened = 0
  let scripted: Partial<Record<SmtpMoment, SmtpReply>> = {}

  const server = createServer((socket) => {
    const connection = ++opened
    let input = ''
    let inData = false
    let message: SmtpMessage = { from: '', to: [], raw: '', connection }
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    socket.setEncoding('utf8')

    const reach = (moment: SmtpMoment): void => {
      const reply = scripted[moment] ?? (moment === 'dot' ? `${good.dot} Q${messages.length}` : good[moment])
      if (reply.startsWith('half:')) socket.end(reply.slice('half:'.length))
      else if (reply === 'close') socket.end()
      else if (reply === 'reset') socket.resetAndDestroy()
      else if (reply !== 'hang') {
        if (moment === 'EHLO' && scripted.AUTH && reply.startsWith('250')) socket.write('250-AUTH PLAIN\r\n')
        socket.write(`${reply}\r\n`)
        if (moment === 'DATA' && reply.startsWith('354')) inData = true
      }
      counts.set(moment, (counts.get(moment) ?? 0) + 1)
      moments.emit('moment')
    }
    const command = (line: string): void => {
      const verb = line.slice(0, 4).toUpperCase()
      const address = /<([^>]*)>/.exec(line)?.[1] ?? ''
      if (verb === 'MAIL') message = { from: address, to: [], raw: '', connection }
      if (verb === 'RCPT') message.to.push(address)
      if (verb === 'EHLO' || verb === 'HELO') reach('EHLO')
      else if (verb === 'AUTH' || verb === 'MAIL' || verb === 'RCPT' || verb === 'DATA') reach(verb)
      else if (verb === 'QUIT') socket.end('221 bye\r\n')
      else socket.write('250 ok\r\n')
    }
    socket.on('data', (chunk: string) => {
      input += chunk
      for (;;) {
        const end = input.indexOf(inData ? '\r\n.\r\n' : '\r\n')
        if (end < 0) return
        const text = input.slice(0, end)
        input = input.slice(end + (inData ? 5 : 2))
        if (inData) {
          inData = false
          messages.push({ ...message, raw: text.replaceAll('\r\n..', '\r\n.') })
          reach('dot')
        } else command(text)
      }
    })
    reach('greeting')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    messages,
    connections: () => opened,
    script(replies) {
      scripted = replies
    },
    async waitFor(moment, count = 1) {
      while ((counts.get(moment) ?? 0) < count) await once(moments, 'moment')
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
