// Cuts one person out of the body of an event, in short turns of the event loop.
import { eventLoopYielder } from '../clock.ts'
import { emailOf } from '../domain/email-address.ts'
import { countryOf, phoneOf } from '../domain/phone-number.ts'
import { type Fields, isFields } from '../wire/json.ts'
import { parseInTurns } from '../wire/large-json.ts'
import { type Erasing, jsonWithout } from './json-without.ts'
import type { PersonFinder } from './person-finder.ts'

/** How an event calls the person, beside the ids and addresses that they are known by. */
export interface Called {
  names: Set<string>
  /** Of their entries, without those that another recipient has too. */
  addresses: Set<string>
}

export type Cut =
  /** Nobody else is named as a recipient. */
  | { kind: 'whole'; called: Called }
  /** What is left for the others. */
  | { kind: 'shared'; rest: Buffer; called: Called }

/** A shorter name is a part of too much that is not about the person. */
const minName = 3
/** After this many recipients the event loop may have a turn. */
const recipientsAtOnce = 50

export async function cutRecipient(raw: Buffer, person: PersonFinder): Promise<Cut> {
  const { body, own, others } = await recipientsOf(raw, person)
  const ofOthers = new Set(others.flatMap(({ addresses }) => addresses))
  const called: Called = {
    names: new Set(own.flatMap(({ name }) => (name && name.length >= minName ? [name] : []))),
    addresses: new Set(own.flatMap(({ addresses }) => addresses).filter((one) => !ofOthers.has(one))),
  }
  if (body === null || others.length === 0) return { kind: 'whole', called }
  const left = Array.isArray(body.recipients) ? { ...body, recipients: others.map(({ entry }) => entry) } : body
  const erasing: Erasing = { finds: person.with(called).steps, by: '[erased]' }
  return { kind: 'shared', called, rest: await jsonWithout(left, erasing) }
}

/** Whether a body names nobody else as a recipient. */
export async function isTheirsAlone(raw: Buffer, person: PersonFinder): Promise<boolean> {
  return (await recipientsOf(raw, person)).others.length === 0
}

interface Entry {
  entry: Fields
  name: string | null
  /** In lower case. */
  addresses: string[]
}

/** The recipients that a body names: the person's entries, and those of others. */
async function recipientsOf(raw: Buffer, { ids, addresses }: PersonFinder) {
  const yieldTurn = eventLoopYielder()
  const body = await parseInTurns(raw)
  const own: Entry[] = []
  const others: Entry[] = []
  if (!isFields(body)) return { body: null, own, others }
  const { recipient, recipients } = body
  for (const [index, entry] of (Array.isArray(recipients) ? recipients : [recipient]).entries()) {
    if (index % recipientsAtOnce === 0) await yieldTurn()
    if (!isFields(entry)) continue
    const one = { entry, name: typeof entry.name === 'string' ? entry.name : null, addresses: addressesOf(entry) }
    const isOwn =
      (typeof entry.id === 'string' && ids.has(entry.id)) || one.addresses.some((each) => addresses.has(each))
    if (isOwn) own.push(one)
    else others.push(one)
  }
  return { body, own, others }
}

function addressesOf({ email, phone, country }: Fields): string[] {
  const read = [typeof email === 'string' ? emailOf(email)?.toLowerCase() : null, phoneOf(phone, countryOf(country))]
  return read.flatMap((one) => one ?? [])
}
