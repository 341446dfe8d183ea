// Formats mailboxes and Message-IDs for vendors.
import { oneLine } from '../../privacy/redact.ts'

export interface Mailbox {
  email: string
  name?: string
}

/** Parses `Name <address>`, `"Name" <address>` or a bare address. */
export function mailboxOf(text: string): Mailbox {
  const [, displayName = '', email] = /^(.*)<([^<>]+)>\s*$/s.exec(text) ?? []
  if (email === undefined) return { email: text.trim() }
  const name = displayName.trim().replace(/^"(.*)"$/s, (_, quoted: string) => quoted.replace(/\\(.)/gs, '$1'))
  return name === '' ? { email: email.trim() } : { email: email.trim(), name: oneLine(name) }
}

/** A mailbox for a header. The name is quoted, so that a comma in it cannot make two recipients. */
export function mailboxText(email: string, name: string | null): string {
  // The name comes from an event: a line break in it would start another header.
  const clean = oneLine(name ?? '')
  return clean === '' ? email : `"${clean.replace(/["\\]/g, '\\$&')}" <${email}>`
}

/** The same through every vendor, so that a receiving server can drop a duplicate. */
export function messageIdOf(key: string, from: string): string {
  const { email } = mailboxOf(from)
  return `<${key}@${email.slice(email.lastIndexOf('@') + 1)}>`
}
