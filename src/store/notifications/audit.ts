// Reads one notification with its audit for the API.
import type { OutcomeKind } from '../../domain/attempt.ts'
import type { StoredCode } from '../../domain/coded.ts'
import type { Priority } from '../../domain/event.ts'
import type { Category, Channel, CopyUsed, Message, State } from '../../domain/notification.ts'
import type { SandboxCause } from '../../domain/sandbox.ts'
import { type ReceiptRow, receiptsOf } from '../attempts/receipts.ts'
import { chunksOf } from '../batch.ts'
import { type OfNotification, rowsAtBothEnds } from '../both-ends.ts'
import { bySize } from '../by-size.ts'
import { type Db, query, type Reader, snapshot } from '../db.ts'

export interface NotificationRow {
  id: string
  eventId: string
  eventType: string
  source: string
  notifier: string
  category: Category
  channel: Channel
  to: string | null
  recipientId: string | null
  reference: string | null
  state: State
  reasonCode: string | null
  reasonParams: StoredCode['params']
  priority: Priority
  provider: string | null
  providerMessageId: string | null
  scheduledFor: Date | null
  expiresAt: Date | null
  dueAt: Date | null
  createdAt: Date
  sentAt: Date | null
  deliveredAt: Date | null
  openedAt: Date | null
  clickedAt: Date | null
  subject: string | null
  words: CopyUsed | null
  /** Set if it is for the sandbox. */
  sandboxed: SandboxCause | null
  /** It is or was a part of a digest. */
  collected: boolean
  /** When retention removed its message. */
  contentRemovedAt: Date | null
  /** When retention removed its address, and its message if that was still there. */
  forgottenAt: Date | null
}

export interface AttemptRow {
  number: number
  round: number
  provider: string
  cause: string
  causeParams: StoredCode['params']
  outcome: OutcomeKind | null
  blame: 'message' | 'provider' | null
  statusCode: number | null
  errorCode: string | null
  error: string | null
  providerMessageId: string | null
  startedAt: Date
  endedAt: Date | null
}

export interface EntryRow extends StoredCode {
  at: Date
}

/** The columns of a notification `n`. */
export const notificationColumns = `n.id, n.event_id, n.event_type, n.source, n.notifier, n.category, n.channel,
  n.address as "to", n.recipient_id, n.reference, n.state, n.reason_code, n.reason_params, n.priority, n.provider, n.provider_message_id, n.scheduled_for, n.expires_at, n.due_at,
  n.created_at, n.sent_at, n.delivered_at, n.opened_at, n.clicked_at, n.subject, n.words, n.sandboxed,
  n.digest_key is not null as collected, n.content_removed_at, n.forgotten_at`

export interface NotificationAudit {
  notification: NotificationRow
  attempts: AttemptRow[]
  entries: EntryRow[]
  receipts: ReceiptRow[]
  /** Whether its address is on the suppression list of its channel now; null where it has no address. */
  isSuppressed: boolean | null
  /** The number of all attempts, of all entries and of all receipts. */
  counts: { attempts: number; entries: number; receipts: number }
  message: Message | null
}

/** Of a notification's attempts, entries and receipts this many are shown at each end: there may be thousands. */
const atEachEnd = 100

/** One notification with its audit, as far as it is shown; null if there is none with that id. */
export async function findNotification(db: Db, id: string): Promise<NotificationAudit | null> {
  const [found] = await auditsOf(db, [id], atEachEnd)
  return found ?? null
}

const sizedAtOnce = 50
const bytesAtOnce = 4_194_304

/** These notifications with their full audit. Memory holds a few megabytes of them, or one that is larger. */
export async function* readNotifications(db: Db, ids: string[]): AsyncGenerator<NotificationAudit> {
  for (const part of chunksOf(ids, sizedAtOnce))
    for (const few of bySize(await sizesOf(db, part), bytesAtOnce)) yield* await auditsOf(db, few, null)
}

/** About how many bytes each of them takes: an attempt, a receipt or an entry of the timeline has some hundreds. */
async function sizesOf(db: Db, ids: string[]): Promise<{ id: string; bytes: number }[]> {
  return query(
    db,
    `select n.id, (coalesce(m.bytes, 0) + 1000 * ((select count(*) from timeline_entries where notification_id = n.id)
       + (select count(*) from attempts where notification_id = n.id)
       + (select count(*) from receipts where notification_id = n.id)))::integer as bytes
     from unnest($1::uuid[]) as n(id) left join (
       select notification_id, octet_length(json_send(content)) as bytes from messages where notification_id = any($1)
     ) m on m.notification_id = n.id order by n.id`,
    [ids],
  )
}

async function auditsOf(db: Db, ids: string[], atEachEnd: number | null): Promise<NotificationAudit[]> {
  return snapshot(db, async (tx) => {
    const notifications = await query<NotificationRow & Pick<NotificationAudit, 'isSuppressed'>>(
      tx,
      `select ${notificationColumns}, case when n.address is not null then exists (
         select 1 from suppressions s where s.channel = n.channel and s.address = lower(n.address)) end as is_suppressed
       from notifications n where n.id = any($1) order by n.id`,
      [ids],
    )
    const attempts = byNotification(
      await rowsAtBothEnds<AttemptRow>(tx, ids, atEachEnd, {
        table: 'attempts',
        columns: `r.number, r.round, r.provider, r.cause, r.cause_params, r.outcome, r.blame, r.status_code, r.error_code,
          r.error, r.provider_message_id, r.started_at, r.ended_at`,
        order: ['number'],
      }),
    )
    const entries = byNotification(
      await rowsAtBothEnds<EntryRow>(tx, ids, atEachEnd, {
        table: 'timeline_entries',
        columns: 'r.at, r.code, r.params',
        order: ['id'],
      }),
    )
    const receipts = byNotification(await receiptsOf(tx, ids, atEachEnd))
    const counts = byNotification(
      await query<OfNotification<NotificationAudit['counts']>>(
        tx,
        `select n.id as of_id,
           (select count(*)::integer from attempts where notification_id = n.id) as attempts,
           (select count(*)::integer from timeline_entries where notification_id = n.id) as entries,
           (select count(*)::integer from receipts where notification_id = n.id) as receipts
         from unnest($1::uuid[]) as n(id)`,
        [ids],
      ),
    )
    const messages = byNotification(
      await query<OfNotification<{ content: Message }>>(
        tx,
        'select notification_id as of_id, content from messages where notification_id = any($1)',
        [ids],
      ),
    )
    return notifications.map(({ isSuppressed, ...notification }) => ({
      notification,
      isSuppressed,
      attempts: attempts(notification.id),
      entries: entries(notification.id),
      receipts: receipts(notification.id),
      counts: counts(notification.id)[0] ?? { attempts: 0, entries: 0, receipts: 0 },
      message: messages(notification.id)[0]?.content ?? null,
    }))
  })
}

/** The rows of each notification, in their order. */
function byNotification<Row>(rows: OfNotification<Row>[]): (id: string) => Row[] {
  const found = Map.groupBy(rows, ({ ofId }) => ofId)
  return (id) => found.get(id) ?? []
}

/** The first notifications of an event, in order of creation. */
export async function notificationsOfEvent(db: Reader, eventId: string, limit: number): Promise<NotificationRow[]> {
  return query<NotificationRow>(
    db,
    `select ${notificationColumns} from notifications n where n.event_id = $1 order by n.id limit $2`,
    [eventId, limit],
  )
}
