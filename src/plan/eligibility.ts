// Finds which of an event's people must not get which messages, and why.
import type { Ctx } from '../context.ts'
import type { Recipient } from '../domain/event.ts'
import type { Notifier } from '../notifiers/notifier.ts'
import { type Ineligible, ineligibleBy, mayOptOut } from '../policy/eligibility.ts'
import { preferencesAbout, suppressedAddresses } from '../store/people/eligibility.ts'

export async function ineligibleOf(ctx: Ctx, people: Recipient[], notifiers: Notifier[]): Promise<Ineligible> {
  const suppressed = await suppressedAddresses(ctx.db, people, ctx.pseudonymOf)
  const mayBeOptedOut = notifiers.some(({ category }) => mayOptOut(category))
  return ineligibleBy(suppressed, mayBeOptedOut ? await preferencesAbout(ctx.db, people, ctx.pseudonymOf) : [])
}
