// Retention: removes what has ended and is older than its class of data is kept, in small batches, and drops the tables of the
// days whose content is gone.
import type { Ctx } from '../context.ts'
import { anonymizer, anonymizersOf } from '../privacy/anonymizer.ts'
import { inBatches } from '../store/batch.ts'
import { transaction } from '../store/db.ts'
import {
  type Aged,
  agedAddresses,
  agedEvents,
  agedMessages,
  type DroppedUpTo,
  endAudit,
  type Forgetting,
  forgetAddresses,
  forgetMessages,
  keepAddresses,
  lockNotificationsOf,
  markForgotten,
  removeContent,
  removeReports,
} from '../store/notifications/retention.ts'
import { anonymizeAccessLog, removeAccesses } from '../store/people/access-log.ts'
import { anonymizeEvents, anonymizeNotifications } from '../store/people/anonymize.ts'
import { anonymizeOmissions } from '../store/people/anonymize-omissions.ts'
import { anonymizePayments } from '../store/people/anonymize-payments.ts'
import { allowLongPauses } from '../store/people/erase.ts'
import { agedNow } from './aged.ts'
import { agedDays, dropContentDays } from './content-days.ts'

const eventBatchSize = 200
/** One large event may have more; then it has a transaction of its own. */
const maxNotifications = 1000
const rowBatchSize = 1000

/**
 * Answers how much of each class was removed. Safe to run in several processes at once. The next run finds what this one leaves
 * because it was interrupted, or because a notification has not ended.
 */
export async function applyRetention(ctx: Ctx, aged = agedNow(ctx)): Promise<Record<string, number>> {
  const now = ctx.clock.now()
  const { messages, events, addresses, audit, accessLog } = aged
  const days = await agedDays(ctx, aged)
  const upTo: DroppedUpTo = Object.fromEntries(days.map(({ parent, toId }) => [parent, toId]))

  const goSooner = messages > events
  const sooner = goSooner ? await forgetAgedMessages(ctx, { before: messages, now, upTo }) : 0
  const ofEvents = await forgetAgedEvents(ctx, { before: events, now, upTo }, addresses < events)
  const ofAddresses = await forgetAgedAddresses(ctx, { before: addresses, now, upTo })
  const reports = await inBatches(rowBatchSize, (limit) => removeReports(ctx.db, events, upTo, limit))
  const droppedReports = await dropContentDays(ctx, days)
  // Else messages go with their events; what is left then is few, such as callbacks made after their event's body went.
  const left = goSooner ? 0 : await forgetAgedMessages(ctx, { before: messages, now, upTo: {} })

  const plainAnonymizer = anonymizer(ctx.pseudonymOf)
  await inBatches(rowBatchSize, (limit) => anonymizePayments(ctx.db, addresses, limit, plainAnonymizer))
  await inBatches(rowBatchSize, (limit) => anonymizeAccessLog(ctx.db, addresses, limit, plainAnonymizer))
  const result = {
    forgottenEvents: ofEvents.events,
    forgottenMessages: sooner + ofEvents.messages + left,
    forgottenNotifications: ofEvents.addresses + ofAddresses,
    forgottenReceipts: reports + droppedReports,
    removedNotifications: audit === null ? 0 : await endAgedAudit(ctx, audit),
    removedAccesses:
      accessLog === null ? 0 : await inBatches(rowBatchSize, (limit) => removeAccesses(ctx.db, accessLog, limit)),
  }
  ctx.log.info({ stage: 'retention', before: aged, ...result }, 'retention applied')
  return result
}

async function forgetAgedMessages(ctx: Ctx, forgetting: Forgetting): Promise<number> {
  let messages = 0
  let last: string | null = null
  await inBatches(rowBatchSize, async (limit) => {
    const aged: { id: string; isBusy: boolean }[] = await agedMessages(ctx.db, forgetting.before, last, limit)
    const ids = aged.filter(({ isBusy }) => !isBusy).map(({ id }) => id)
    messages += await transaction(ctx.db, (tx) => forgetMessages(tx, ids, forgetting))
    last = aged.at(-1)?.id ?? last
    return aged.length
  })
  return messages
}

async function forgetAgedEvents(ctx: Ctx, forgetting: Forgetting, keepsAddresses: boolean): Promise<Forgotten> {
  const all: Forgotten = { events: 0, messages: 0, addresses: 0 }
  await byParts(
    (last, limit) => agedEvents(ctx.db, forgetting.before, last, limit),
    async (part) => {
      const { events, messages, addresses } = await forgetEvents(ctx, part, forgetting, keepsAddresses)
      all.events += events
      all.messages += messages
      all.addresses += addresses
    },
  )
  return all
}

async function forgetAgedAddresses(ctx: Ctx, forgetting: Forgetting): Promise<number> {
  let addresses = 0
  await byParts(
    (last, limit) => agedAddresses(ctx.db, forgetting.before, last, limit),
    async (part) => {
      addresses += await transaction(ctx.db, async (tx) => {
        await allowLongPauses(tx)
        await lockNotificationsOf(tx, part)
        return forgetAddresses(tx, part, forgetting)
      })
    },
  )
  return addresses
}

async function endAgedAudit(ctx: Ctx, before: Date): Promise<number> {
  let removed = 0
  for (let isDone = false; !isDone; ) {
    const ended = await endAudit(ctx.db, before, rowBatchSize)
    removed += ended.notifications
    isDone = ended.isDone
  }
  return removed
}

interface Forgotten {
  events: number
  messages: number
  addresses: number
}

/** One transaction, so that no event is removed without its notifications. */
export async function forgetEvents(
  ctx: Ctx,
  ids: string[],
  { before, now, upTo }: Forgetting,
  keepsAddresses: boolean,
): Promise<Forgotten> {
  return transaction(ctx.db, async (tx) => {
    await allowLongPauses(tx)
    await lockNotificationsOf(tx, ids)
    const events = await markForgotten(tx, ids, before, now)
    // Before the bodies are removed: they tell which addresses occur in ids and names.
    const anonymizerOf = await anonymizersOf(tx, events, ctx.pseudonymOf)
    const of = { eventIds: events }
    const anonymized = await anonymizeNotifications(tx, { of, keepsAddresses }, anonymizerOf, now)
    if (keepsAddresses) await keepAddresses(tx, events)
    await anonymizeOmissions(tx, events, anonymizerOf)
    await anonymizeEvents(tx, events, anonymizerOf)
    await removeContent(tx, { eventIds: events, notificationIds: anonymized.ids }, upTo)
    return { events: events.length, messages: anonymized.messages, addresses: anonymized.addresses }
  })
}

/** Does `work` with all events that `next` reads, the oldest first, but those that are busy. */
async function byParts(
  next: (last: Aged | null, limit: number) => Promise<Aged[]>,
  work: (part: string[]) => Promise<void>,
): Promise<void> {
  let last: Aged | null = null
  await inBatches(eventBatchSize, async (limit) => {
    const aged: Aged[] = await next(last, limit)
    for (const part of partsOf(aged.filter(({ isBusy }) => !isBusy))) await work(part)
    last = aged.at(-1) ?? last
    return aged.length
  })
}

/** Groups events so that each group has at most `maxNotifications` notifications, or one event. */
function partsOf(aged: Aged[]): string[][] {
  const parts: string[][] = []
  let room = 0
  for (const { id, notifications } of aged) {
    if (notifications + 1 > room || parts.length === 0) {
      parts.push([])
      room = maxNotifications
    }
    parts.at(-1)?.push(id)
    room -= notifications + 1
  }
  return parts
}
