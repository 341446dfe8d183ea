// Finds a person by an id, an email address or a phone number, and what is stored about them.
import type { Ctx } from '../context.ts'
import { emailOf } from '../domain/email-address.ts'
import { phoneOf } from '../domain/phone-number.ts'
import { type PersonFinder, personFinder } from '../privacy/person-finder.ts'
import { personPatterns } from '../privacy/person-pattern.ts'
import { addressesOfIds, idsOfAddresses, notificationsTo, type Person } from '../store/people/person.ts'
import { eventBodies, reportBodies } from '../store/people/texts.ts'
import { textsNaming } from './texts-naming.ts'

/** An address written under more ids, or an id written to more addresses, is not one person's. */
const mostOfOne = 20
/** An id that is asked for by itself names all that it was written to, but not a whole list of customers. */
const mostOfAsked = 500
/** At most this many ids of an address are checked for sharing. */
const mostLookedAt = 1_000

const tooManyIds = `More than ${mostOfOne} ids were written to at this address. Name one of the ids instead.`
const tooManyAddresses = `More than ${mostOfAsked} addresses were written to under this id, so it is not one person's. Name one of the addresses instead.`

/** Who a person is, and what was written to them. */
export interface KnownPerson extends Person {
  /** As they were asked for, in canonical form. */
  key: string
  /** Ids and addresses that were written with theirs and that many share: what is only under these is not theirs. */
  shared: string[]
  /** Finds them in texts. */
  finder: PersonFinder
  /** Choose the texts in which they may be found. */
  patterns: string[]
  notificationIds: string[]
  /** Events that they got a notification of. */
  eventIds: string[]
}

export interface FoundPerson extends KnownPerson {
  /** Also those whose body names them. */
  eventIds: string[]
  reportIds: string[]
}

export type PersonSearch<Found = FoundPerson> = { kind: 'found'; person: Found } | { kind: 'refused'; detail: string }

/** Refused where the key is of too many people. Reads every stored body, in parts. */
export async function findPerson(ctx: Ctx, written: string): Promise<PersonSearch> {
  const known = await identify(ctx, written)
  return known.kind === 'refused' ? known : { kind: 'found', person: await searchBodies(ctx, known.person) }
}

/** As `findPerson`, without the bodies: by indexes alone. */
export async function identify(ctx: Ctx, written: string): Promise<PersonSearch<KnownPerson>> {
  const address = emailOf(written)?.toLowerCase() ?? phoneOf(written.trim())
  const one = address === null ? await byId(ctx, written) : await byAddress(ctx, address, written)
  if (typeof one === 'string') return { kind: 'refused', detail: one }
  const { ids, addresses } = one
  const notifications = await notificationsTo(ctx.db, one)
  const person = {
    ...{ ...one, key: address ?? written },
    ...{ finder: personFinder(ids, addresses), patterns: personPatterns(ids, addresses) },
    notificationIds: notifications.map(({ id }) => id),
    eventIds: [...new Set(notifications.map(({ eventId }) => eventId))],
  }
  return { kind: 'found', person }
}

export async function searchBodies({ db }: Ctx, person: KnownPerson): Promise<FoundPerson> {
  const named = await textsNaming(db, eventBodies, { ...person, known: person.eventIds })
  const reportIds = await textsNaming(db, reportBodies, { ...person, known: [] })
  return { ...person, eventIds: [...person.eventIds, ...named].sort(), reportIds }
}

type Keys = Person & { shared: string[] }

/** The id with its addresses, but for those that many ids share. */
async function byId({ db }: Ctx, id: string): Promise<Keys | string> {
  const [{ others: addresses } = { others: [] }] = await addressesOfIds(db, [id], mostOfAsked + 1)
  if (addresses.length > mostOfAsked) return tooManyAddresses
  const shared = await sharedOf(idsOfAddresses(db, addresses, mostOfOne + 1))
  return { ids: [id], addresses: addresses.filter((one) => !shared.has(one)), shared: [...shared] }
}

/** The address with its ids, and their addresses, but for ids and further addresses that many share. */
async function byAddress({ db }: Ctx, address: string, written: string): Promise<Keys | string> {
  const [{ others: found } = { others: [] }] = await idsOfAddresses(db, [address], mostLookedAt)
  const ofIds = await addressesOfIds(db, [...new Set([...found, written])], mostOfOne + 1)
  const few = ofIds.filter(({ others }) => others.length > 0 && others.length <= mostOfOne)
  const sharedIds = ofIds.filter(({ key, others }) => key !== written && others.length > mostOfOne)
  const ids = ofIds.filter((one) => few.includes(one) || (one.key === written && one.others.length > 0))
  if (ids.length > mostOfOne) return tooManyIds
  const further = [...new Set(few.flatMap(({ others }) => others))].filter((one) => one !== address)
  const shared = await sharedOf(idsOfAddresses(db, further, mostOfOne + 1))
  return {
    ids: ids.map(({ key }) => key),
    addresses: [address, ...further.filter((one) => !shared.has(one))],
    shared: [...sharedIds.map(({ key }) => key), ...shared],
  }
}

async function sharedOf(counted: Promise<{ key: string; others: string[] }[]>): Promise<Set<string>> {
  return new Set((await counted).filter(({ others }) => others.length > mostOfOne).map(({ key }) => key))
}
