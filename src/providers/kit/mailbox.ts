// Mailboxes and Message-IDs for vendors: a setting or an event may name people with commas, quotes, other scripts or line ends.
import { emailOf } from '../../domain/email-address.ts'
import { oneLine } from '../../privacy/redact.ts'

const encodedWordStart = '=?'

export interface Mailbox {
  email: string
  name?: string
}

/** Parses `Name <address>`, `"Name" <address>` or a bare address. */
export function mailboxOf(text: string): Mailbox {
  const [, displayName = '', email] = /^(.*)<([^<>]+)>\s*$/s.exec(text) ?? []
  if (email === undefined) return { email: text.trim() }
  return namedMailbox(
    email.trim(),
    displayName.trim().replace(/^"(.*)"$/s, (_, quoted: string) => quoted.replace(/\\(.)/gs, '$1')),
  )
}

/** The address of what a vendor reports, which may be the whole mailbox that it was given; null if there is none. */
export function reportedEmail(value: unknown): string | null {
  return typeof value === 'string' ? emailOf(mailboxOf(value).email) : null
}

/**
 * A mailbox whose name is one line, without bidirectional controls, which would turn around the address after it. A name with the
 * beginning of an encoded word (RFC 2047) is left out: mail programs would show what it decodes to, also within quotes.
 */
export function namedMailbox(email: string, name: string | null): Mailbox {
  const shown = oneLine((name ?? '').replace(/\p{Bidi_Control}/gu, ''))
  return shown === '' || shown.includes(encodedWordStart) ? { email } : { email, name: shown }
}

/** A mailbox for a header, its name in quotes where it is more than plain words: a comma in it must not make two recipients. */
export function mailboxText({ email, name }: Mailbox): string {
  if (name === undefined) return email
  const isPlain = /^[\w' -]+$/.test(name)
  return `${isPlain ? name : `"${name.replace(/["\\]/g, '\\$&')}"`} <${email}>`
}

/** The same through every vendor, so that a receiving server can drop a duplicate. */
export function messageIdOf(key: string, from: string): string {
  const { email } = mailboxOf(from)
  return `<${key}@${email.slice(email.lastIndexOf('@') + 1)}>`
}
