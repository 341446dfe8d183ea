// What became of a notifier's messages by the copy that they were rendered from: counted by minutes, then by days, and shown.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countMinutes } from '../../src/schedule/count-minutes.ts'
import { copyCounts } from '../../src/store/dashboard/copy-counts.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { signedIn } from '../helper/visitor.ts'
import { startWorld } from '../helper/world.ts'

describe('the counts', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await startStage({})
    const { db } = stage.ctx
    await db.query(`update minute_counts_state set counted_up_to = '2026-11-21T10:00:30Z'`)
    await db.query(`insert into provider_health (provider) values ('sendgrid') on conflict do nothing`)
    await db.query(
      `insert into reports (id, provider, received_at) values ('00000000-0000-7000-8000-00000000000f', 'sendgrid', now())`,
    )
    await message(1, { words: '{"locale": "en", "version": null}', sent: '10:00:01' })
    await message(2, { words: '{"locale": "es", "version": 3}', sent: '10:00:02' })
    await message(3, { words: '{"locale": "es", "version": 3}', sent: '10:00:03' })
    await message(4, { words: null, sent: '10:00:04' })
    await receipts([
      [1, 'delivered', '10:00:10'],
      [2, 'delivered', '10:00:10'],
      [2, 'opened', '10:00:20'],
      [2, 'opened', '10:00:40'],
      [2, 'clicked', '10:00:50'],
      [2, 'clicked', '10:02:00'],
      [3, 'delivered', '10:00:10'],
      // A program opened it.
      [3, 'scanned', '10:00:11'],
      [4, 'opened', '10:00:12'],
    ])
  })
  afterAll(() => stage.stop())

  const idOf = (n: number) => `00000000-0000-7000-8000-00000000000${n}`

  async function message(n: number, { words, sent }: { words: string | null; sent: string }): Promise<void> {
    const { db } = stage.ctx
    const at = `2026-11-21T${sent}Z`
    await db.query(
      `insert into events (id, source, source_id, type, source_type, status, priority, occurred_at, received_at, due_at)
       values ($1, 'shop', $1::uuid::text, 't', 't', 'planned', 'normal', $2, $2, null)`,
      [idOf(n), at],
    )
    await db.query(
      `insert into notification_details (id, event_id, event_type, source_type, source, fact, notifier, category, channel,
         recipient_key, locale, timezone, priority, when_unsure, words, created_at)
       values ($1, $1, 't', 't', 'shop', $1::uuid::text, 'order-shipped', 'transactional', 'email', 'k', 'en', 'UTC', 'normal', 'resend', $2, $3)`,
      [idOf(n), words, at],
    )
    await db.query(
      `insert into attempts (id, notification_id, number, round, provider, cause, started_at, ended_at, outcome)
       values (overlay($1::uuid::text placing left(first_id_at($2::timestamptz)::text, 13) from 1)::uuid, $1, 1, 1, 'sendgrid', 'first', $2, $2, 'accepted')`,
      [idOf(n), at],
    )
  }

  async function receipts(all: [n: number, kind: string, at: string][]): Promise<void> {
    for (const [n, kind, at] of all)
      await stage.ctx.db.query(
        `insert into receipts (id, report_id, provider, key, kind, received_at, notification_id)
         values (gen_random_uuid(), $1, 'sendgrid', $2, $3, $4, $5)`,
        [idOf(0).replace(/0$/, 'f'), `${n} ${kind} ${at}`, kind, `2026-11-21T${at}Z`, idOf(n)],
      )
  }

  const count = (now: string) => countMinutes({ ...stage.ctx, clock: { now: () => new Date(now) } })
  const counts = () => copyCounts(stage.ctx.db, 'order-shipped', new Date('2026-11-01'))
  const expected = [
    { channel: 'email', locale: 'en', version: 0, sent: 1, delivered: 1, opened: 0, clicked: 0 },
    { channel: 'email', locale: 'es', version: 3, sent: 2, delivered: 2, opened: 1, clicked: 1 },
  ]
  const rows = async () => Number((await stage.ctx.db.query('select count(*) as n from copy_counts')).rows[0]?.n)

  it('are by version, each message once, without what a program opened and what has no copy', async () => {
    await count('2026-11-21T10:03:00Z')
    expect(await counts()).toEqual(expected)
  })

  it('stay the same when they are counted again', async () => {
    await count('2026-11-21T10:03:05Z')
    expect(await counts()).toEqual(expected)
  })

  it('take in a receipt that comes late, and a message that a first click opens', async () => {
    await receipts([[1, 'clicked', '10:04:30']])
    await count('2026-11-21T10:05:00Z')
    expect(await counts()).toEqual([{ ...expected[0], opened: 1, clicked: 1 }, expected[1]])
  })

  it('are added up by days once their minutes are counted no more, and forgotten after a month', async () => {
    const minutes = await rows()
    await stage.ctx.db.query(`update minute_counts_state set counted_up_to = '2026-11-24T10:00:00Z'`)
    await count('2026-11-24T10:00:00Z')
    expect(await counts()).toEqual([{ ...expected[0], opened: 1, clicked: 1 }, expected[1]])
    expect(minutes).toBeGreaterThan(2)
    expect(await rows()).toBe(2)
    await count('2026-12-22T23:00:00Z')
    expect(await rows()).toBe(0)
  })
})

describe('the pages', () => {
  it('of the notifier and of a wording show them, and say where there are none', async () => {
    const world = await startWorld()
    const visitor = await signedIn(world)
    const notifier = '/dashboard/notifiers/order-shipped'
    expect((await visitor.get(notifier)).text).toContain('None was sent in this time.')
    await world.db.query(
      `insert into copy_counts values
       ('order-shipped', date_trunc('day', now() - interval '5 days', 'UTC'), 'email', 'en', 0, 200, 160, 40, 8),
       ('order-shipped', date_trunc('day', now() - interval '30 days', 'UTC'), 'email', 'en', 0, 1000, 800, 200, 40),
       ('order-shipped', date_trunc('day', now() - interval '31 days', 'UTC'), 'email', 'en', 0, 5, 5, 5, 5),
       ('order-shipped', date_trunc('day', now() - interval '5 days', 'UTC'), 'sms', 'es', 3, 10, 9, 0, 0),
       ('payment-due', date_trunc('day', now() - interval '5 days', 'UTC'), 'email', 'en', 0, 77, 0, 0, 0)`,
    )
    const page = await visitor.get(notifier)
    expect(page.text).toContain('en, built in email 1,200 960 (80 %) 240 (25 %) 48 (5 %)')
    expect(page.text).toContain('es, version 3 SMS 10 9 (90 %) – –')
    expect(page.text).not.toContain('77')
    const wording = await visitor.get(`${notifier}/copy?locale=es`)
    expect(wording.text).toContain('es, version 3 SMS 10 9 (90 %) – –')
    expect(wording.text).not.toContain('en, built in')
    await world.stop()
  })
})
