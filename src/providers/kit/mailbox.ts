// How vendors want people and ids of emails written: apart, as JSON has them, or as one header's text.
import { oneLine } from '../../privacy/redact.ts'

export interface Mailbox {
  email: string
  name?: string
}

/** Takes `Name <address>`, `"Name" <address>` or a bare address apart. */
export function mailboxOf(text: string): Mailbox {
  const [, displayName = '', email] = /^(.*)<([^<>]+)>\s*$/s.exec(text) ?? []
  if (email === undefined) return { email: text.trim() }
  const name = displayName.trim().replace(/^"(.*)"$/s, (_, quoted: string) => quoted.replace(/\\(.)/gs, '$1'))
  return name === '' ? { email: email.trim() } : { email: email.trim(), name: oneLine(name) }
}

/** A mailbox as a header has it, its name quoted: a comma in a name must never make it two recipients. */
export function mailboxText(email: string, name: string | null): string {
  // A name comes from an event as its sender wrote it; a line end in it would begin a header of its own.
  const clean = oneLine(name ?? '')
  return clean === '' ? email : `"${clean.replace(/["\\]/g, '\\$&')}" <${email}>`
}

/** The same by every vendor, so that a mailbox that knows the id can drop a duplicate. */
export function messageIdOf(key: string, from: string): string {
  const { email } = mailboxOf(from)
  return `<${key}@${email.slice(email.lastIndexOf('@') + 1)}>`
}
