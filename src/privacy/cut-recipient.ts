// Cuts one person out of the body of an event.
import { emailOf } from '../domain/email-address.ts'
import { countryOf, phoneOf } from '../domain/phone-number.ts'
import { type Fields, isFields, parseJson } from '../wire/json.ts'

export interface KnownPerson {
  ids: string[]
  /** In lower case. */
  addresses: string[]
}

export type Cut =
  /** Nobody else is named as a recipient. */
  | { kind: 'whole' }
  /** What is left for the others; null where the body was removed before. */
  | { kind: 'shared'; rest: Buffer | null }

const erased = '[erased]'
/** A shorter name is a part of too much that is not about the person. */
const minName = 3

/** `isNamed` says whether a text names the person. `names` gets the names by which the event calls them. */
export function cutRecipient(
  raw: Buffer | null,
  person: KnownPerson,
  isNamed: (text: string) => boolean,
): Cut & { names: string[] } {
  if (raw === null) return { kind: 'shared', rest: null, names: [] }
  const body = parseJson(raw)
  if (!isFields(body)) return { kind: 'whole', names: [] }
  const { recipient, recipients } = body
  const all = (Array.isArray(recipients) ? recipients : [recipient]).filter(isFields)
  const own = all.filter((one) => isPerson(one, person))
  const names = own.flatMap(({ name }) => (typeof name === 'string' && name.length >= minName ? [name] : []))
  if (all.length === own.length) return { kind: 'whole', names }
  const others = Array.isArray(recipients) ? { recipients: recipients.filter((one) => !own.includes(one)) } : {}
  const isTheirs = (text: string) => isNamed(text) || names.some((name) => hasWords(text, name))
  return { kind: 'shared', names, rest: Buffer.from(JSON.stringify(without({ ...body, ...others }, isTheirs))) }
}

/** Whether the text has the name as words of its own: `Ann` is not in `Announcement`. */
export function hasWords(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const [before, after] = [text.slice(0, at), text.slice(at + name.length)]
    if (!/[\p{L}\p{N}]$/u.test(before) && !/^[\p{L}\p{N}]/u.test(after)) return true
  }
  return false
}

/** The value without the texts and numbers that name the person. */
function without(value: unknown, isNamed: (text: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => without(one, isNamed))
  if (isFields(value)) {
    const kept = Object.entries(value).filter(([name]) => !isNamed(name))
    return Object.fromEntries(kept.map(([name, one]) => [name, without(one, isNamed)]))
  }
  return (typeof value === 'string' || typeof value === 'number') && isNamed(String(value)) ? erased : value
}

function isPerson({ id, email, phone, country }: Fields, { ids, addresses }: KnownPerson): boolean {
  const read = [typeof email === 'string' ? emailOf(email)?.toLowerCase() : null, phoneOf(phone, countryOf(country))]
  return (typeof id === 'string' && ids.includes(id)) || read.some((one) => one && addresses.includes(one))
}
