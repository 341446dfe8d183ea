// What is known of an address alone goes to its latest notification, which is found however many an address has.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { latestNotificationTo } from '../../src/store/notifications/latest.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

const address = 'orders@example.org'
let stage: Stage
beforeAll(async () => {
  stage = await startStage({})
  const { ids } = await stage.planned(shipped({ recipient: { email: address } }))
  // The older the larger its number: 5,000 of them, by three providers.
  await stage.db.query(
    `with made as materialized (select gen_random_uuid() as id, n, now() - n * interval '1 minute' as at from generate_series(1, 5000) as n),
     details as (
       insert into notification_details
       select (jsonb_populate_record(d, jsonb_build_object('id', made.id, 'recipient_key', made.id, 'created_at', made.at))).*
       from notification_details d, made where d.id = $1)
     insert into notification_states
     select (jsonb_populate_record(s, jsonb_build_object('id', made.id, 'created_at', made.at, 'state', 'sent', 'due_at', null,
       'provider', case when n = 700 then 'mailgun' when n = 4000 then 'resend' else 'sendgrid' end))).*
     from notification_states s, made where s.id = $1`,
    [ids.email],
  )
  await stage.db.query('delete from notification_states where id = $1', [ids.email])
  await stage.db.query('analyze notification_details, notification_states')
})
afterAll(() => stage.stop())

/** Its place among the latest. */
async function placeOf(provider?: string): Promise<number | null> {
  const id = await latestNotificationTo(stage.db, {
    channel: 'email',
    address: 'Orders@example.org',
    ...(provider && { provider }),
  })
  const { rows } = await stage.db.query<{ n: number }>(
    'select round(extract(epoch from now() - created_at) / 60)::integer as n from notification_details where id = $1',
    [id],
  )
  return rows[0]?.n ?? null
}

it('is the latest, by that provider if one reported, of the latest thousand', async () => {
  expect(await placeOf()).toBe(1)
  expect(await placeOf('sendgrid')).toBe(1)
  expect(await placeOf('mailgun')).toBe(700)
  expect(await placeOf('resend')).toBeNull()
  expect(await placeOf('smtp')).toBeNull()
})

it('is looked for among a thousand, not among all', async () => {
  const client = await stage.db.connect()
  try {
    const read = async () => {
      const { rows } = await client.query(
        `select sum(coalesce(idx_tup_fetch, 0) + seq_tup_read) as n from pg_stat_xact_user_tables where relname = 'notification_details'`,
      )
      return Number(rows[0].n)
    }
    // Within a transaction, what it reads itself can be told from what others read.
    await client.query('begin')
    const before = await read()
    await latestNotificationTo(client, { channel: 'email', address, provider: 'smtp' })
    expect((await read()) - before).toBeLessThanOrEqual(1000)
    await client.query('commit')
  } finally {
    client.release()
  }
})
