// Removes personal data from omissions, which are kept with their event.
import type { StoredCode } from '../../domain/coded.ts'
import { query, type Tx, toRecords } from '../db.ts'
import { type AnonymizerOf, inParams, keyAfter, oneByOne } from './anonymize.ts'

const anyKey = (_recipientKey: string) => true

/** `isOf` chooses among them by the key of their recipient. */
export async function anonymizeOmissions(tx: Tx, eventIds: string[], anonymizerOf: AnonymizerOf, isOf = anyKey) {
  type Row = Record<'eventId' | 'notifier' | 'recipientKey', string> & {
    channel: string | null
    reasonParams: StoredCode['params']
  }
  const rows = await query<Row>(
    tx,
    'select event_id, notifier, channel, recipient_key, reason_params from omissions where event_id = any($1)',
    [eventIds],
  )
  const after = await oneByOne(
    rows.filter(({ recipientKey }) => isOf(recipientKey)),
    async (row) => {
      const { always, text } = anonymizerOf(row.eventId)
      return { ...row, keyAfter: await keyAfter(row, always), paramsAfter: await inParams(text, row.reasonParams) }
    },
  )
  if (after.length === 0) return
  await tx.query(
    `update omissions o set recipient_key = c.key_after, reason_params = c.params_after
     from json_to_recordset($1) as c(event_id uuid, notifier text, channel text, recipient_key text, key_after text,
       params_after json)
     where (o.event_id, o.notifier, o.recipient_key) = (c.event_id, c.notifier, c.recipient_key)
       and o.channel is not distinct from c.channel and o.event_id = any($2)`,
    [toRecords(after), eventIds],
  )
}
