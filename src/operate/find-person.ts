// Finds a person by an id, an email address or a phone number, and what is stored about them.
import type { Ctx } from '../context.ts'
import { emailOf } from '../domain/email-address.ts'
import { phoneOf } from '../domain/phone-number.ts'
import { personPattern } from '../privacy/person-pattern.ts'
import { eventsNaming, notificationsTo, type Person, personOf, reportsNaming } from '../store/people/person.ts'

/** An address written under more ids than this is not one person's. */
const maxIds = 20
export const tooManyIds = `More than ${maxIds} ids were written to at this address. Name one of the ids instead.`

export interface FoundPerson extends Person {
  /** As they were asked for, in canonical form. */
  key: string
  /** Finds them in texts in lower case. */
  pattern: string
  notificationIds: string[]
  /** Events that they got a notification of, or whose body names them. */
  eventIds: string[]
  reportIds: string[]
}

/** Null where the key is an address of too many people. Reads every stored body, in parts. */
export async function findPerson(ctx: Ctx, written: string): Promise<FoundPerson | null> {
  const address = emailOf(written.trim())?.toLowerCase() ?? phoneOf(written.trim())
  const key = address ?? written
  const known = await personOf(ctx.db, { id: written, address: key })
  if (known.ids.length > maxIds) return null
  const ids = [...new Set([...known.ids, ...(address ? [] : [key])])]
  const addresses = [...new Set([...known.addresses, ...(address ? [address] : [])])]
  const pattern = personPattern(ids, addresses)
  const notifications = await notificationsTo(ctx.db, { ids, addresses })
  const named = await eventsNaming(ctx.db, pattern)
  return {
    key,
    ids,
    addresses,
    pattern,
    notificationIds: notifications.map(({ id }) => id),
    eventIds: [...new Set([...notifications.map(({ eventId }) => eventId), ...named])].sort(),
    reportIds: await reportsNaming(ctx.db, pattern),
  }
}
