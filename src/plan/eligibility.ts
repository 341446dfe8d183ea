// Finds which of an event's people must not get which messages, and why.
import type { Ctx } from '../context.ts'
import type { Recipient } from '../domain/event.ts'
import type { Notifier } from '../notifiers/notifier.ts'
import { type Ineligible, ineligibleBy, mayOptOut } from '../policy/eligibility.ts'
import type { Reader } from '../store/db.ts'
import { preferencesAbout, suppressedAddresses } from '../store/people/eligibility.ts'
import { together } from '../store/together.ts'

export async function ineligibleOf(
  { db, pseudonymOf }: Pick<Ctx, 'pseudonymOf'> & { db: Reader },
  people: Recipient[],
  notifiers: Notifier[],
): Promise<Ineligible> {
  const mayBeOptedOut = notifiers.some(({ category }) => mayOptOut(category))
  const [suppressed, preferences] = await together(
    suppressedAddresses(db, people, pseudonymOf),
    mayBeOptedOut ? preferencesAbout(db, people, pseudonymOf) : Promise.resolve([]),
  )
  return ineligibleBy(suppressed, preferences)
}
