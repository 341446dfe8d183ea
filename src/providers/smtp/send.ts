// Sends email over SMTP through nodemailer, with pooled connections.
import { isIP } from 'node:net'
import type { Readable } from 'node:stream'
import { createTransport, type MailMessage, type SendMailOptions, type SMTPPoolOptions } from 'nodemailer'
import type { EmailMessage } from '../../domain/notification.ts'
import { type Mailbox, mailboxOf, messageIdOf, namedMailbox } from '../kit/mailbox.ts'
import type { Sender } from '../provider.ts'
import { smtpAccepted, smtpFailed } from './outcome.ts'
import type { SmtpSettings } from './settings.ts'

/** `content` is the stream that nodemailer reads once the server has answered 354. */
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
        // nodemailer writes the final dot after the content has ended. Before the dot the server cannot have accepted the
        // message (RFC 5321, 4.1.1.4).
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
    from: forNodemailer(mailboxOf(message.from)),
    to: forNodemailer(namedMailbox(message.to, message.toName)),
    replyTo: message.replyTo === null ? undefined : forNodemailer(mailboxOf(message.replyTo)),
    subject: message.subject,
    html: message.html,
    text: message.text,
    // The same on every attempt, so that some receivers drop a duplicate: SMTP has no idempotency keys.
    messageId: messageIdOf(key, message.from),
    xMailer: false,
    headers: { ...message.headers, 'X-Posthorn-Notification': key },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** An object, which nodemailer does not parse: a comma in the name or the address cannot make two recipients. */
function forNodemailer({ email, name = '' }: Mailbox): { name: string; address: string } {
  return { name, address: email }
}

/**
 * nodemailer's options for an SMTP_URL. `smtps://` is TLS from the start (465); `smtp://` requires STARTTLS (587).
 * Certificates are verified. Only on the loopback interface is `smtp://` unencrypted, for local mail catchers.
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
    // Retries are scheduled by us.
    maxRequeues: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    dnsTimeout: 10_000,
    // Below `limitMs`, so that a server that stops answering fails with nodemailer's own error.
    socketTimeout: 45_000,
  }
}

function secretsOf(smtpUrl: string): string[] {
  const { password } = new URL(smtpUrl)
  const secret = decodeURIComponent(password)
  return [secret, password, Buffer.from(secret).toString('base64')].filter((text) => text !== '')
}
