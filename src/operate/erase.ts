// Erases a person: audit rows stay without them, and what they must be remembered for stays under a pseudonym.
import type { Ctx } from '../context.ts'
import { reason } from '../domain/reason.ts'
import { isKeyOf } from '../domain/recipient-key.ts'
import { cutRecipient } from '../privacy/cut-recipient.ts'
import { anonymizerOfPerson } from '../privacy/of-person.ts'
import { personPattern } from '../privacy/person-pattern.ts'
import { inBatches } from '../store/batch.ts'
import { type Tx, toJson, transaction } from '../store/db.ts'
import { emailDigest } from '../store/events/payments.ts'
import { cancelBatch } from '../store/notifications/cancellations.ts'
import { lockNotificationsOf, removeContent } from '../store/notifications/retention.ts'
import { recordAccess } from '../store/people/access-log.ts'
import { anonymizeEvents, anonymizeNotifications, anonymizeOmissions } from '../store/people/anonymize.ts'
import { anonymizePaymentsOf } from '../store/people/anonymize-payments.ts'
import { anonymizeAccessTo, dropStatusChanges, pseudonymizeChoices, removeBodiesOf } from '../store/people/erase.ts'
import {
  countBusy,
  lockBodies,
  markErased,
  notificationsOf,
  notificationsTo,
  othersNaming,
  removeMessagesOf,
  replaceBody,
  stopTimersOf,
} from '../store/people/person.ts'
import { type FoundPerson, findPerson, tooManyIds } from './find-person.ts'

const cancelledAtOnce = 500
/** A body may have 10 MiB. */
const bodiesAtOnce = 5

export interface Erased {
  kind: 'done'
  notifications: number
  events: number
  reports: number
}
export type EraseResult = Erased | { kind: 'refused'; detail: string }

/**
 * Cancels what waits, then erases in one transaction. Refused while a message to them is being sent or its outcome is
 * unknown: the answer of the provider would bring their data back. A repeat erases what has come since.
 */
export async function erase(ctx: Ctx, key: string, by: { name: string; text: string }): Promise<EraseResult> {
  const found = await findPerson(ctx, key)
  if (!found) return { kind: 'refused', detail: tooManyIds }
  const at = ctx.clock.now()
  await inBatches(1, () =>
    cancelBatch(ctx.db, { ids: found.notificationIds }, { by: by.text, at, limit: cancelledAtOnce }),
  )
  const result = await transaction(ctx.db, async (tx): Promise<EraseResult> => {
    await lockNotificationsOf(tx, found.eventIds)
    const whole: string[] = []
    const allNames = new Set<string>()
    for await (const { eventId, kind, names } of cutsOf(tx, found, found.eventIds)) {
      if (kind === 'whole') whole.push(eventId)
      for (const name of names) allNames.add(name)
    }
    const person = { ...found, notificationIds: await notificationsNow(tx, found) }
    const { ids, addresses, pattern } = person
    const names = [...allNames]
    const anonymizer = anonymizerOfPerson(ctx.pseudonymOf, { ids, addresses, names })
    const shared = person.eventIds.filter((id) => !whole.includes(id))
    const own = [...new Set([...person.notificationIds, ...(await notificationsOf(tx, whole))])]
    await cancelBatch(tx, { ids: own }, { by: by.text, at, limit: own.length })
    const others = await othersNaming(tx, shared, own, personPattern(ids, addresses, names))
    const busy = await countBusy(tx, { own, others, eventIds: person.eventIds })
    if (Object.values(busy).some((count) => count > 0)) return { kind: 'refused', detail: whyBusy(busy) }
    await eraseEvents(ctx, tx, { person, anonymizer, whole, shared, own, others, by: by.text })
    await pseudonymizeChoices(tx, person, anonymizer)
    const digests = addresses.map(emailDigest)
    await anonymizePaymentsOf(tx, { digests, eventIds: person.eventIds }, anonymizer)
    await removeBodiesOf(tx, person.reportIds)
    await anonymizeAccessTo(tx, ids, pattern, anonymizer)
    await dropStatusChanges(tx, own)
    const whose = [ctx.pseudonymOf(person.key)]
    await recordAccess(tx, { at, keyName: by.name, what: 'erased a person', subject: 'recipient', whose })
    const { notificationIds, eventIds, reportIds } = person
    return { kind: 'done', notifications: notificationIds.length, events: eventIds.length, reports: reportIds.length }
  })
  ctx.log.info({ stage: 'erase', by: by.text, ...result }, result.kind === 'done' ? 'person erased' : 'erase refused')
  return result
}

/** Locks these events in one order and cuts the person out of their bodies, of which memory holds a few at a time. */
async function* cutsOf(tx: Tx, person: FoundPerson, eventIds: string[]) {
  const known = new RegExp(person.pattern, 'i')
  const isNamed = (text: string) => person.ids.includes(text) || known.test(text)
  for (let from = 0; from < eventIds.length; from += bodiesAtOnce)
    for (const { eventId, raw } of await lockBodies(tx, eventIds.slice(from, from + bodiesAtOnce)))
      yield { eventId, ...cutRecipient(raw, person, isNamed) }
}

/** Also those that were planned while the person was being found. */
async function notificationsNow(tx: Tx, { ids, addresses, eventIds }: FoundPerson): Promise<string[]> {
  const known = new Set(eventIds)
  const all = await notificationsTo(tx, { ids, addresses })
  return all.filter(({ eventId }) => known.has(eventId)).map(({ id }) => id)
}

interface OfEvents {
  person: FoundPerson
  anonymizer: ReturnType<typeof anonymizerOfPerson>
  /** Events of this person alone, and those that concern others too. */
  whole: string[]
  shared: string[]
  /** Notifications to them, and all those of their own events. */
  own: string[]
  /** Notifications of shared events whose message to somebody else names them. */
  others: string[]
  by: string
}

/** An event of this person alone goes as at the end of its retention; one for several loses their part. */
async function eraseEvents(
  ctx: Ctx,
  tx: Tx,
  { person, anonymizer, whole, shared, own, others, by }: OfEvents,
): Promise<void> {
  const now = ctx.clock.now()
  const anonymizerOf = () => anonymizer
  await anonymizeNotifications(tx, { of: { ids: own }, keepsAddresses: false }, anonymizerOf, now)
  await removeMessagesOf(tx, others)
  await anonymizeOmissions(tx, whole, anonymizerOf)
  await anonymizeOmissions(tx, shared, anonymizerOf, (key) => isKeyOf(key, person))
  await anonymizeEvents(tx, person.eventIds, anonymizerOf)
  await stopTimersOf(tx, whole, toJson(reason('cancelled', { by }).params), now)
  await removeContent(tx, { eventIds: whole, notificationIds: own }, {})
  await markErased(tx, whole, now)
  for await (const cut of cutsOf(tx, person, shared))
    if (cut.kind === 'shared' && cut.rest) await replaceBody(tx, cut.eventId, cut.rest)
}

function whyBusy({ sending, unconfirmed, planning, toOthers }: Awaited<ReturnType<typeof countBusy>>): string {
  const parts = [
    sending > 0 && `${sending} being sent now: repeat this in a minute`,
    planning > 0 && `${planning} of their events being planned: repeat this in a minute`,
    toOthers > 0 && `${toOthers} to others, not sent yet, that name them: repeat this once they are sent or cancelled`,
    unconfirmed > 0 &&
      `${unconfirmed} whose outcome is unknown: settle them first (POST /v1/notifications/{id}/settle)`,
  ]
  return `What waited was cancelled; nothing was erased yet. Of their messages, there are ${parts.filter(Boolean).join(', and ')}.`
}
