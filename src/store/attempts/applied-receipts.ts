// Receipts as they are applied: those of a notification that count are read, its state is moved, and they are marked.
import { paramsOf } from '../../domain/coded.ts'
import type { Deliverable } from '../../domain/deliverable.ts'
import type { StoredReceipt } from '../../domain/receipt.ts'
import type { ReceiptMove } from '../../policy/apply-receipts.ts'
import type { ReceiptMark } from '../../policy/receipts-that-count.ts'
import { query, type Tx, toJson } from '../db.ts'

const marksAtOnce = 1000

/** A receipt of a notification, as it is read to be applied. */
export interface ReceiptToApply extends StoredReceipt {
  notificationId: string
  /** When it arrived, as Postgres writes it. */
  arrived: string
  attemptId: string | null
  isApplied: boolean
}

/** Where the next page of a notification's receipts begins: behind this receipt, or null for its first. */
export interface PageStart {
  id: string
  after: Pick<ReceiptToApply, 'arrived' | 'id'> | null
}

/** The next receipts of each notification that were not applied or still count, in order of arrival, at most this many of each. */
export async function readReceipts(tx: Tx, starts: PageStart[], mostOfEach: number): Promise<ReceiptToApply[]> {
  return query<ReceiptToApply>(
    tx,
    // Each notification's by their index, however many others it has.
    `select r.* from unnest($1::uuid[], $2::timestamptz[], $3::uuid[]) as n(id, after_arrived, after_id)
     cross join lateral (
       select notification_id, id, received_at, provider, kind, coalesce(at, received_at) as at, provider_message_id,
         named_attempt_id, suppress, code, text, applied_at is null and not by_address as is_fresh, received_at::text as arrived,
         attempt_id, applied_at is not null as is_applied
       from receipts where notification_id = n.id and not outweighed and reason_code is null
         and (received_at, id) > (n.after_arrived, n.after_id)
       order by received_at, id limit $4) as r
     order by r.notification_id, r.received_at, r.id`,
    [
      starts.map(({ id }) => id),
      starts.map(({ after }) => after?.arrived ?? '-infinity'),
      starts.map(({ after }) => after?.id ?? '00000000-0000-0000-0000-000000000000'),
      mostOfEach,
    ],
  )
}

/** Moves notifications from the states that were read under their locks. */
export async function moveByReceipts(
  tx: Tx,
  moves: { notification: Pick<Deliverable, 'id' | 'state'>; to: ReceiptMove }[],
): Promise<void> {
  if (moves.length === 0) return
  const rows = moves.map(({ notification: { id, state: from }, to }) => ({
    ...{ id, from, state: to.state, reason_code: to.reason?.code ?? null, reason_params: paramsOf(to.reason) },
    ...{ delivered_at: to.deliveredAt, opened_at: to.openedAt, clicked_at: to.clickedAt },
    ...{ provider: to.provider, ref: to.ref, sent_at: to.sentAt },
  }))
  await tx.query(
    `update notification_states n set state = m.state, reason_code = m.reason_code, reason_params = m.reason_params,
       due_at = null, delivered_at = m.delivered_at, opened_at = m.opened_at, clicked_at = m.clicked_at,
       provider = coalesce(n.provider, m.provider), sent_at = coalesce(n.sent_at, m.sent_at),
       provider_message_id = case when coalesce(n.provider, m.provider) = m.provider
         then coalesce(n.provider_message_id, m.ref) else n.provider_message_id end
     from json_to_recordset($1) as m(id uuid, "from" text, state text, reason_code text, reason_params json,
       delivered_at timestamptz, opened_at timestamptz, clicked_at timestamptz, provider text, ref text, sent_at timestamptz)
     where n.id = m.id and n.state = m."from"`,
    [toJson(rows)],
  )
}

/** Marks receipts as applied. */
export async function markApplied(tx: Tx, marks: ReceiptMark[], now: Date): Promise<void> {
  for (let done = 0; done < marks.length; done += marksAtOnce) {
    const some = marks.slice(done, done + marksAtOnce)
    await tx.query(
      `update receipts r set attempt_id = m.attempt_id, applied_at = coalesce(r.applied_at, $4), try_at = null, tries = 0,
         outweighed = m.outweighed
       from unnest($1::uuid[], $2::uuid[], $3::boolean[]) as m(id, attempt_id, outweighed) where r.id = m.id`,
      [
        some.map(({ receiptId }) => receiptId),
        some.map(({ attemptId }) => attemptId),
        some.map(({ outweighed }) => outweighed),
        now,
      ],
    )
  }
}
