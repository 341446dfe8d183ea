// SMTP through nodemailer, over kept connections. There are no keys: the Message-ID made of ours is the same every time,
// which lets some receivers drop a duplicate.
import { isIP } from 'node:net'
import type { Readable } from 'node:stream'
import { createTransport, type MailMessage, type SendMailOptions, type SMTPPoolOptions } from 'nodemailer'
import type { EmailMessage } from '../../domain/notification.ts'
import { messageIdOf } from '../kit/mailbox.ts'
import type { Sender } from '../provider.ts'
import { smtpAccepted, smtpFailed } from './outcome.ts'
import type { SmtpSettings } from './settings.ts'

/** One send as our plugin sees it: `content` is what nodemailer reads from once the server has said 354. */
interface Sending extends SendMailOptions {
  posthorn: { content: Readable | null }
}

export function smtpSender(config: SmtpSettings): Sender<'email'> {
  const transporter = createTransport(smtpOptions(config.url))
  transporter.use('stream', (mail: MailMessage, done) => {
    const { posthorn } = mail.data as Sending
    mail.message.processFunc((content: Readable) => {
      posthorn.content = content
      return content
    })
    done()
  })
  return {
    secrets: secretsOf(config.url),
    limitMs: 60_000,
    repeatable: false,
    async send(message, { key, signal }) {
      const posthorn: Sending['posthorn'] = { content: null }
      const mail: Sending = { ...composed(message, key), signal, posthorn }
      try {
        return smtpAccepted(await transporter.sendMail(mail))
      } catch (error) {
        if (!(error instanceof Error)) throw error
        // nodemailer writes the final dot when our content has ended, and not before: until then
        // the server cannot have taken the message, whatever broke (RFC 5321, 4.1.1.4).
        return smtpFailed(error, posthorn.content?.readableEnded ?? false)
      }
    },
    async close() {
      transporter.close()
    },
  }
}

function composed(message: EmailMessage, key: string): SendMailOptions {
  return {
    from: message.from,
    // As an object, so that a comma in an address can never make it two recipients.
    to: { name: message.toName ?? '', address: message.to },
    replyTo: message.replyTo ?? undefined,
    subject: message.subject,
    html: message.html,
    text: message.text,
    messageId: messageIdOf(key, message.from),
    xMailer: false,
    headers: { ...message.headers, 'X-Posthorn-Notification': key },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/**
 * What an SMTP_URL means. `smtps://` is TLS from the start (465), `smtp://` is STARTTLS (587), required
 * and with a verified certificate. Only on this machine (a local catcher) `smtp://` goes in clear.
 */
export function smtpOptions(smtpUrl: string): SMTPPoolOptions & { pool: true } {
  const url = new URL(smtpUrl)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const secure = url.protocol === 'smtps:'
  const local = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
  const user = decodeURIComponent(url.username)
  return {
    pool: true,
    host,
    port: url.port ? Number(url.port) : secure ? 465 : 587,
    secure,
    requireTLS: !secure && !local,
    ignoreTLS: !secure && local,
    auth: user ? { user, pass: decodeURIComponent(url.password) } : undefined,
    // Repeating is ours to decide.
    maxRequeues: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    dnsTimeout: 10_000,
    // Under the call's limit, so that a silent server is told apart from a slow one by its own error.
    socketTimeout: 45_000,
  }
}

function secretsOf(smtpUrl: string): string[] {
  const { password } = new URL(smtpUrl)
  const secret = decodeURIComponent(password)
  return [secret, password, Buffer.from(secret).toString('base64')].filter((text) => text !== '')
}
