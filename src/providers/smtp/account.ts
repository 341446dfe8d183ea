// Logs in at the mail server, which shows that its address, certificate, user and password are right.
import { createTransport } from 'nodemailer'
import { redact } from '../../privacy/redact.ts'
import type { Account, Finding } from '../account.ts'
import { smtpOptions } from './send.ts'
import { type SmtpSettings, settings } from './settings.ts'

export function smtpAccount({ url }: SmtpSettings): Account {
  return {
    async inspect() {
      const transporter = createTransport(smtpOptions(url))
      try {
        await transporter.verify()
        return { findings: [{ what: 'key', ok: true, text: 'The mail server takes the login.' }], records: [] }
      } catch (error) {
        return { findings: [refused(error)], records: [] }
      } finally {
        transporter.close()
      }
    },
  }
}

function refused(error: unknown): Finding {
  const text = error instanceof Error ? redact(error.message) : 'unknown'
  const { name } = settings.url
  return {
    what: 'key',
    ok: false,
    text: `No login at the mail server: ${text}`,
    fix: `Correct ${name}: host, port, user, password.`,
  }
}
