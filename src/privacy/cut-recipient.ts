// Cuts one person out of the body of an event, in short turns of the event loop.
import { eventLoopYielder } from '../clock.ts'
import { emailOf } from '../domain/email-address.ts'
import { countryOf, phoneOf } from '../domain/phone-number.ts'
import { type Fields, isFields } from '../wire/json.ts'
import { parseInTurns } from '../wire/large-json.ts'
import { type Erasing, jsonWithout } from './json-without.ts'
import type { PersonFinder } from './person-finder.ts'

export type Cut =
  /** Nobody else is named as a recipient. */
  | { kind: 'whole'; names: Set<string> }
  /** What is left for the others. `names` is how the event calls the person. */
  | { kind: 'shared'; rest: Buffer; names: Set<string> }

/** A shorter name is a part of too much that is not about the person. */
const minName = 3
/** After so many recipients the event loop may have a turn. */
const recipientsAtOnce = 50

export async function cutRecipient(raw: Buffer, person: PersonFinder): Promise<Cut> {
  const { body, own, others } = await recipientsOf(raw, person)
  const names = new Set(own.flatMap(({ name }) => (typeof name === 'string' && name.length >= minName ? [name] : [])))
  if (body === null || others.length === 0) return { kind: 'whole', names }
  const left = Array.isArray(body.recipients) ? { ...body, recipients: others } : body
  const erasing: Erasing = { finds: person.withNames(names).steps, by: '[erased]' }
  return { kind: 'shared', names, rest: await jsonWithout(left, erasing) }
}

/** Whether a body names nobody else as a recipient. */
export async function isTheirsAlone(raw: Buffer, person: PersonFinder): Promise<boolean> {
  return (await recipientsOf(raw, person)).others.length === 0
}

/** The recipients that a body names: the person's entries, and those of others. */
async function recipientsOf(raw: Buffer, person: PersonFinder) {
  const yieldTurn = eventLoopYielder()
  const body = await parseInTurns(raw)
  const own: Fields[] = []
  const others: Fields[] = []
  if (!isFields(body)) return { body: null, own, others }
  const { recipient, recipients } = body
  for (const [index, one] of (Array.isArray(recipients) ? recipients : [recipient]).entries()) {
    if (index % recipientsAtOnce === 0) await yieldTurn()
    if (isFields(one)) (isPerson(one, person) ? own : others).push(one)
  }
  return { body, own, others }
}

function isPerson({ id, email, phone, country }: Fields, { ids, addresses }: PersonFinder): boolean {
  if (typeof id === 'string' && ids.has(id)) return true
  const read = [typeof email === 'string' ? emailOf(email)?.toLowerCase() : null, phoneOf(phone, countryOf(country))]
  return read.some((one) => one && addresses.has(one))
}
