// Erases a person: audit rows stay without them, and what they must be remembered for stays under a pseudonym.
import { eventLoopYielder } from '../clock.ts'
import type { Ctx } from '../context.ts'
import { anonymizersOfPerson } from '../privacy/of-person.ts'
import { chunksOf, inBatches } from '../store/batch.ts'
import { type Tx, transaction } from '../store/db.ts'
import { emailDigest } from '../store/events/payments.ts'
import { cancelBatch } from '../store/notifications/cancellations.ts'
import { lockNotificationsOf } from '../store/notifications/retention.ts'
import { recordAccess } from '../store/people/access-log.ts'
import type { Anonymizer } from '../store/people/anonymize.ts'
import { anonymizePaymentsOf } from '../store/people/anonymize-payments.ts'
import {
  allowLongPauses,
  anonymizeAccesses,
  anonymizeReasons,
  anonymizeReceipts,
  dropStatusChanges,
  pseudonymizeChoices,
  receiptsFor,
  receiptsIn,
  removeBodiesOf,
} from '../store/people/erase.ts'
import { countBusy, lockEvents, notificationsTo, versionOfBodies } from '../store/people/person.ts'
import { eraseEvents } from './erase-events.ts'
import { type FoundPerson, identify, type KnownPerson, searchBodies } from './find-person.ts'
import { isBusy, ownOf, type Prepared, prepareErase, type Refused, refused, refusedEarly } from './prepare-erase.ts'

const cancelledAtOnce = 500
const changed =
  'What waited was cancelled; nothing was erased yet, as an event of theirs changed meanwhile: repeat this.'
const receiptsAtOnce = 100
/** Each may have a page of addresses. */
const accessesAtOnce = 5

export interface Erased {
  kind: 'done'
  notifications: number
  events: number
  reports: number
  /** Ids and addresses that many share and that are not theirs alone. */
  shared: string[]
}
export type EraseResult = Erased | Refused

/**
 * Cancels what waits, then erases in one transaction. Refused while a message to them is being sent or its outcome is
 * unknown: the answer of the provider would bring their data back. A repeat erases what has come since.
 */
export async function erase(ctx: Ctx, key: string, by: { name: string; text: string }): Promise<EraseResult> {
  const search = await identify(ctx, key)
  if (search.kind === 'refused') return { ...search, isShort: false }
  const at = ctx.clock.now()
  const result = await eraseKnown(ctx, search.person, by, at)
  const logged = result.kind === 'done' ? { ...result, shared: result.shared.length } : result
  ctx.log.info({ stage: 'erase', by: by.text, ...logged }, result.kind === 'done' ? 'person erased' : 'erase refused')
  return result
}

async function eraseKnown(ctx: Ctx, known: KnownPerson, by: Erasing['by'], at: Date): Promise<EraseResult> {
  await inBatches(1, () =>
    cancelBatch(ctx.db, { ids: known.notificationIds }, { by: by.text, at, limit: cancelledAtOnce }),
  )
  const early = await refusedEarly(ctx, known)
  if (early) return early
  const found = await searchBodies(ctx, known)
  const prepared = await prepareErase(ctx, found)
  if (prepared.kind === 'refused') return prepared
  return transaction(ctx.db, (tx) => eraseIn(ctx, tx, { found, prepared, by, at }))
}

interface Erasing {
  found: FoundPerson
  prepared: Prepared
  by: { name: string; text: string }
  at: Date
}

async function eraseIn(ctx: Ctx, tx: Tx, { found, prepared, by, at }: Erasing): Promise<EraseResult> {
  const { cuts, version } = prepared
  await allowLongPauses(tx)
  await lockNotificationsOf(tx, found.eventIds)
  await lockEvents(tx, found.eventIds)
  if ((await versionOfBodies(tx, found.eventIds)) !== version)
    return { kind: 'refused', detail: changed, isShort: true }
  const person = { ...found, notificationIds: await notificationsNow(tx, found) }
  const { addresses, finder } = person
  const own = await ownOf(tx, person.notificationIds, cuts)
  await cancelBatch(tx, { ids: own }, { by: by.text, at, limit: own.length })
  const others = await prepared.othersNaming(tx, own)
  const busy = await countBusy(tx, { own, others, eventIds: person.eventIds })
  if (isBusy(busy)) return refused(busy)
  const anonymizers = anonymizersOfPerson(ctx.pseudonymOf, finder, cuts.called)
  await eraseEvents(ctx, tx, { person, anonymizers, cuts, own, others, by: by.text })
  await pseudonymizeChoices(tx, person, anonymizers.own)
  await anonymizeReasons(tx, prepared.reasons, anonymizers.others)
  const digests = addresses.map(emailDigest)
  await anonymizePaymentsOf(tx, { digests, eventIds: person.eventIds }, anonymizers.own)
  await eraseReceipts(tx, await receiptsFor(tx, own), anonymizers.own)
  await eraseReceipts(tx, await receiptsIn(tx, person.reportIds), anonymizers.others)
  await removeBodiesOf(tx, person.reportIds)
  await eraseAccesses(tx, await prepared.accessesNaming(tx), anonymizers.others)
  await dropStatusChanges(tx, own)
  const whose = [ctx.pseudonymOf(person.key)]
  await recordAccess(tx, { at, keyName: by.name, what: 'erased a person', subject: 'recipient', whose })
  const { notificationIds, eventIds, reportIds, shared } = person
  const counts = { notifications: notificationIds.length, events: eventIds.length, reports: reportIds.length }
  return { kind: 'done', ...counts, shared }
}

/** Also those that were planned while the person was being found. */
async function notificationsNow(tx: Tx, { ids, addresses, eventIds }: FoundPerson): Promise<string[]> {
  const known = new Set(eventIds)
  const all = await notificationsTo(tx, { ids, addresses })
  return all.filter(({ eventId }) => known.has(eventId)).map(({ id }) => id)
}

/** A vendor may have put an address into an id. */
async function eraseReceipts(tx: Tx, ids: string[], anonymizer: Anonymizer) {
  const yieldTurn = eventLoopYielder()
  for (const part of chunksOf(ids, receiptsAtOnce)) {
    await yieldTurn()
    await anonymizeReceipts(tx, part, anonymizer)
  }
}

async function eraseAccesses(tx: Tx, ids: string[], anonymizer: Anonymizer) {
  const yieldTurn = eventLoopYielder()
  for (const part of chunksOf(ids, accessesAtOnce)) {
    await yieldTurn()
    await anonymizeAccesses(tx, part, anonymizer)
  }
}
