// Erases a person from their events and the notifications of these, in a transaction that has found and locked them.
import { eventLoopYielder } from '../clock.ts'
import type { Ctx } from '../context.ts'
import { reason } from '../domain/reason.ts'
import { isKeyOf } from '../domain/recipient-key.ts'
import type { OfPerson } from '../privacy/of-person.ts'
import { chunksOf } from '../store/batch.ts'
import { type Tx, toJson } from '../store/db.ts'
import { removeContent } from '../store/notifications/retention.ts'
import { anonymizeEvents, anonymizeNotifications } from '../store/people/anonymize.ts'
import { anonymizeOmissions } from '../store/people/anonymize-omissions.ts'
import { anonymizeOthers, notificationsBeside } from '../store/people/anonymize-others.ts'
import type { Person } from '../store/people/person.ts'
import { cutBody, markErased, removeMessagesOf, stopTimersOf } from '../store/people/person.ts'
import type { Cuts } from './cuts-of-person.ts'

/** Each text lets others have their turn, however long it takes. */
const rowsAtOnce = 100

export interface OfEvents {
  person: Person
  anonymizers: OfPerson
  cuts: Cuts
  /** Notifications to them, and all those of their own events. */
  own: string[]
  /** Notifications whose message to somebody else names them. */
  others: string[]
  by: string
}

/** An event of this person alone goes as at the end of its retention; one for several loses their part. */
export async function eraseEvents(
  ctx: Ctx,
  tx: Tx,
  { person, anonymizers, cuts, own, others, by }: OfEvents,
): Promise<void> {
  const now = ctx.clock.now()
  const yieldTurn = eventLoopYielder()
  const [ofOwn, ofOthers] = [() => anonymizers.own, () => anonymizers.others]
  for (const ids of chunksOf(own, rowsAtOnce)) {
    await yieldTurn()
    await anonymizeNotifications(tx, { of: { ids }, keepsAddresses: false }, ofOwn, now)
  }
  for (const ids of chunksOf(await notificationsBeside(tx, cuts.shared, own), rowsAtOnce)) {
    await yieldTurn()
    await anonymizeOthers(tx, ids, anonymizers.others)
  }
  await removeMessagesOf(tx, others)
  for (const ids of chunksOf(cuts.whole, rowsAtOnce)) {
    await yieldTurn()
    await anonymizeOmissions(tx, ids, ofOwn)
  }
  // Each may have some for thousands of others.
  for (const id of cuts.shared) {
    await yieldTurn()
    await anonymizeOmissions(tx, [id], ofOwn, (key) => isKeyOf(key, person))
  }
  for (const ids of chunksOf(cuts.whole, rowsAtOnce)) {
    await yieldTurn()
    await anonymizeEvents(tx, ids, ofOwn)
  }
  for (const ids of chunksOf(cuts.shared, rowsAtOnce)) {
    await yieldTurn()
    await anonymizeEvents(tx, ids, ofOthers)
  }
  await stopTimersOf(tx, cuts.whole, toJson(reason('cancelled', { by }).params), now)
  await removeContent(tx, { eventIds: cuts.whole, notificationIds: own }, {})
  await markErased(tx, cuts.whole, now)
  for await (const { eventId, rest } of cuts.remainders()) await cutBody(tx, eventId, rest)
}
