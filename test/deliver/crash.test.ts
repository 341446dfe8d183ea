// What happens when workers die, wake twice or come late. The clock is moved by hand.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Attempts } from '../../src/deliver/attempts.ts'
import { plan } from '../../src/plan/plan.ts'
import { sweep } from '../../src/schedule/sweep.ts'
import { oldestDueNotification } from '../../src/store/waiting.ts'
import { attemptsOf, deliver } from '../helper/deliver.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { eventually } from '../helper/world.ts'

let resend: Vendor
let twilio: Vendor
let stage: Stage

beforeAll(async () => {
  resend = await startVendor(accepting.resend)
  twilio = await startVendor(accepting.twilio)
})
beforeEach(async () => {
  resend.answer(accepting.resend)
  twilio.answer(accepting.twilio)
  stage = await startStage({
    RESEND_API_KEY: 're_of_tests',
    RESEND_BASE_URL: resend.url,
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'token-of-tests',
    TWILIO_FROM: '+15005550006',
    TWILIO_BASE_URL: twilio.url,
  })
})
afterEach(() => stage.stop())
afterAll(async () => {
  await Promise.all([resend.close(), twilio.close()])
})

const email = (more: object = {}) =>
  shipped({ recipient: { id: crypto.randomUUID(), email: 'grace@example.org' }, ...more })
const callsFor = (id: string) => resend.requests.filter((r) => r.headers['idempotency-key'] === id)
const seconds = (n: number) => n * 1000

async function newJobs(id: string): Promise<number> {
  const { rows } = await stage.db.query(`select count(*)::integer as n from posthorn_jobs.job where data->'ids' ? $1`, [
    id,
  ])
  return rows[0].n
}

/** Moves the clock to when the notification is due, and rings. */
async function ringWhenDue(id: string): Promise<void> {
  const { notification } = await stage.audit(id)
  if (!notification.dueAt) throw new Error(`nothing is due: ${notification.state}`)
  if (notification.dueAt > stage.clock.now()) stage.clock.set(notification.dueAt)
  await deliver(stage.ctx, id)
}

async function oldestDue(): Promise<Date | null> {
  const { rows } = await stage.db.query(`select ${oldestDueNotification('$1')} as at`, [stage.clock.now()])
  return rows[0].at
}

/** A text whose answer was lost. */
async function lostText(): Promise<string> {
  const { ids } = await stage.planned(shipped({ recipient: { phone: '+14155550100' } }))
  await deliver(stage.ctx, ids.sms ?? '')
  return ids.sms ?? ''
}

function listed(sid: string, body: string, atMs: number) {
  return { sid, body, to: '+14155550100', status: 'queued', date_created: new Date(atMs).toUTCString() }
}

describe('an accepted event', () => {
  it('and the job that plans it were written by one transaction', async () => {
    const id = await stage.accepted(email())
    const { rows } = await stage.db.query(
      `select e.xmin = b.xmin and e.xmin = j.xmin as one from events e join event_bodies b on b.event_id = e.id
       join posthorn_jobs.job j on j.data->'ids' ? e.id::text where e.id = $1`,
      [id],
    )
    expect(rows).toEqual([{ one: true }])
  })
})

describe('twice at once', () => {
  it('planning makes nothing twice', async () => {
    const other = await stage.another()
    const id = await stage.accepted(shipped())
    await Promise.all([plan(stage.ctx, id), plan(other, id), plan(stage.ctx, id)])
    await plan(other, id)
    const { rows } = await stage.db.query('select id, channel from notifications where event_id = $1', [id])
    expect(rows.map((r) => r.channel).sort()).toEqual(['email', 'sms'])
    for (const row of rows) expect(await newJobs(row.id)).toBe(1)
  })

  it('delivering calls once', async () => {
    const other = await stage.another()
    const { ids } = await stage.planned(email())
    const id = ids.email ?? ''
    await Promise.all([deliver(stage.ctx, id), deliver(other, id), deliver(stage.ctx, id), deliver(other, id)])
    await deliver(other, id)
    expect(callsFor(id)).toHaveLength(1)
    const { notification, attempts } = await stage.audit(id)
    expect(notification.state).toBe('sent')
    expect(attempts).toHaveLength(1)
  })
})

describe('a worker that dies during the call', () => {
  it('is waited for until its time is over, then its attempt is unknown, and the same key settles it', async () => {
    resend.answer('hang')
    const { ids } = await stage.planned(email())
    const id = ids.email ?? ''
    const lost = deliver(stage.ctx, id)
    await eventually(async () => callsFor(id).length === 1)

    await deliver(stage.ctx, id)
    expect(callsFor(id), 'a young attempt is left alone').toHaveLength(1)
    stage.clock.advance(seconds(29))
    expect(await sweep(stage.ctx)).toBe(0)
    expect(await oldestDue()).toBeNull()

    stage.clock.advance(seconds(2))
    expect(await oldestDue()).toEqual((await stage.audit(id)).notification.dueAt)
    expect(await sweep(stage.ctx), 'its row is overdue').toBe(1)
    await deliver(stage.ctx, id)
    expect((await stage.audit(id)).notification).toMatchObject({ state: 'unconfirmed', reasonCode: 'settling' })
    resend.answer(accepting.resend)
    await ringWhenDue(id)
    const { notification, attempts } = await stage.audit(id)
    expect(notification.state).toBe('sent')
    expect(attempts.map((a) => [a.outcome, a.errorCode])).toEqual([
      ['unknown', 'worker_lost'],
      ['accepted', null],
    ])
    const [first, second] = callsFor(id)
    expect(second?.body).toBe(first?.body)

    await lost
    const late = await stage.audit(id)
    expect(late.attempts).toEqual(attempts)
    expect(late.entries).toMatchObject([{ code: 'answered_late', params: { provider: 'resend' } }])
  })

  it('leaves a text unconfirmed where the provider cannot be asked: settling for ten minutes, then held', async () => {
    twilio.answer('reset-after-read')
    const id = await lostText()
    const calls = twilio.requests.filter((r) => r.method === 'POST').length
    while ((await stage.audit(id)).notification.reasonCode === 'settling') await ringWhenDue(id)
    const { notification, entries } = await stage.audit(id)
    expect(notification).toMatchObject({ state: 'unconfirmed', reasonCode: 'held', dueAt: null })
    expect(entries.at(-1)).toMatchObject({ code: 'ended', params: { state: 'unconfirmed' } })
    await deliver(stage.ctx, id)
    expect(twilio.requests.filter((r) => r.method === 'POST')).toHaveLength(calls)
  })
})

describe('a worker that was frozen between its commit and its call', () => {
  it('does not call once others may have given its attempt up', async () => {
    const { ids } = await stage.planned(shipped({ recipient: { phone: '+14155550100' } }))
    const id = ids.sms ?? ''
    const frozen: Partial<Attempts> = {
      async open(request) {
        const opened = await attemptsOf(stage.ctx).open(request)
        stage.clock.advance(seconds(21))
        return opened
      },
    }
    const calls = twilio.requests.length
    await deliver(stage.ctx, id, frozen)
    expect(twilio.requests).toHaveLength(calls)
    const audit = await stage.audit(id)
    expect(audit.attempts.map((a) => a.outcome)).toEqual(['deferred'])
    expect(audit.notification.state).toBe('pending')
    await ringWhenDue(id)
    expect((await stage.audit(id)).notification.state).toBe('sent')
    expect(twilio.requests).toHaveLength(calls + 1)
  })
})

describe('a lost answer of Twilio', () => {
  it('is found by a look-up: accepted with its sid, and not sent again', async () => {
    twilio.answer('reset-after-read')
    const id = await lostText()
    const { message } = await stage.audit(id)
    const now = stage.clock.now().getTime()
    const other = listed('SM-other', 'another text', now)
    const old = listed('SM-old', message?.text ?? '', now - seconds(3600))
    twilio.answer({
      json: { messages: [other, listed('SM-ours', message?.text ?? '', now), old], next_page_uri: null },
    })
    const posts = twilio.requests.filter((r) => r.method === 'POST').length
    await ringWhenDue(id)
    const { notification, attempts, entries } = await stage.audit(id)
    expect(notification).toMatchObject({ state: 'sent', provider: 'twilio', providerMessageId: 'SM-ours' })
    expect(attempts.map((a) => a.outcome)).toEqual(['unknown'])
    expect(entries.at(-1)).toMatchObject({ code: 'looked_up', params: { answer: 'found' } })
    const look = twilio.requests.at(-1)
    expect(look?.method).toBe('GET')
    expect(look?.path).toContain('To=%2B14155550100')
    expect(twilio.requests.filter((r) => r.method === 'POST')).toHaveLength(posts)
  })

  it('is not sent twice by finding the same message for two', async () => {
    twilio.answer('reset-after-read')
    const ids = [await lostText(), await lostText()]
    const { message } = await stage.audit(ids[0] ?? '')
    const one = listed('SM-one', message?.text ?? '', stage.clock.now().getTime())
    twilio.answer({ json: { messages: [one], next_page_uri: null } })
    for (const id of ids) await ringWhenDue(id)
    const states = await Promise.all(ids.map(async (id) => (await stage.audit(id)).notification.state))
    expect(states.sort()).toEqual(['sent', 'unconfirmed'])
  })

  it('that two looks do not find was not sent: the next attempt follows', async () => {
    twilio.answer('reset-after-read')
    const id = await lostText()
    twilio.answer((request, number) =>
      request.method === 'GET' ? { json: { messages: [], next_page_uri: null } } : accepting.twilio(request, number),
    )
    for (let rings = 0; rings < 8 && (await stage.audit(id)).notification.state !== 'sent'; rings++)
      await ringWhenDue(id)
    const { notification, attempts, entries } = await stage.audit(id)
    expect(notification.state).toBe('sent')
    expect(attempts.map((a) => [a.round, a.outcome])).toEqual([
      [1, 'unknown'],
      [2, 'accepted'],
    ])
    const absent = (isNotTaken: boolean) => ({ code: 'looked_up', params: { answer: 'absent', isNotTaken } })
    expect(entries).toMatchObject([absent(false), absent(false), absent(true)])
    const { rows } = await stage.db.query('select verdict, settled_by from settlements')
    expect(rows).toEqual([{ verdict: 'not_taken', settled_by: 'look-up' }])
  })
})

describe('a lost alarm', () => {
  it('of an event is enqueued again by the sweep', async () => {
    const id = await stage.accepted(email())
    await stage.db.query('delete from posthorn_jobs.job')
    stage.clock.advance(seconds(16))
    expect(await sweep(stage.ctx)).toBe(1)
    expect(await newJobs(id)).toBe(1)
    expect(await sweep(stage.ctx), 'a second sweep finds it again').toBe(1)
    expect(await newJobs(id), 'and rings it once a minute').toBe(1)
    await plan(stage.ctx, id)
    expect(await sweep(stage.ctx)).toBe(0)
  })

  it('of a notification is enqueued again by the sweep, but not while older jobs wait before it', async () => {
    const { ids } = await stage.planned(email())
    const id = ids.email ?? ''
    // pg-boss's own clock is the database's: the job that waits is older than the row is due.
    await stage.db.query(
      `update posthorn_jobs.job set created_on = '2026-11-21', start_after = '2026-11-21' where data->'ids' ? $1`,
      [id],
    )
    stage.clock.advance(seconds(60))
    expect(await sweep(stage.ctx)).toBe(0)
    await stage.db.query('delete from posthorn_jobs.job')
    expect(await sweep(stage.ctx)).toBe(1)
    expect(await newJobs(id)).toBe(1)
    await deliver(stage.ctx, id)
  })

  it('of a call whose worker died is enqueued again, though older jobs wait, and does not stand behind them', async () => {
    const { ids } = await stage.planned(email())
    const { ids: others } = await stage.planned(email())
    const id = ids.email ?? ''
    await expect(deliver(stage.ctx, id, { close: () => Promise.reject(new Error('died')) })).rejects.toThrow('died')
    await stage.db.query(`delete from posthorn_jobs.job where data->'ids' ? $1`, [id])
    await stage.db.query(`update posthorn_jobs.job set created_on = '2026-11-21', start_after = '2026-11-21'`)
    stage.clock.advance(seconds(31))
    expect(await sweep(stage.ctx)).toBe(1)
    const { rows } = await stage.db.query(
      `select name, data->'ids'->>0 as id from posthorn_jobs.job where name like 'email%'`,
    )
    expect(rows).toContainEqual({ name: 'email-attempted', id })
    expect(rows).toContainEqual({ name: 'email-normal', id: others.email })
  })

  it('of a next round is enqueued again though older jobs wait for their first call, and not while it waits itself', async () => {
    twilio.answer({ status: 503, json: { code: 20503, message: 'later', status: 503 } })
    const { ids } = await stage.planned(shipped({ recipient: { phone: '+14155550100' } }))
    const { ids: others } = await stage.planned(shipped({ recipient: { phone: '+14155550101' } }))
    const id = ids.sms ?? ''
    await deliver(stage.ctx, id)
    expect((await stage.audit(id)).notification).toMatchObject({ state: 'pending', reasonCode: 'next_round' })
    await stage.db.query(`update posthorn_jobs.job set created_on = '2026-11-21', start_after = '2026-11-21'`)
    stage.clock.advance(seconds(90))
    expect(await sweep(stage.ctx), 'its job is there').toBe(0)
    await stage.db.query(`delete from posthorn_jobs.job where data->'ids' ? $1`, [id])
    expect(await sweep(stage.ctx)).toBe(1)
    const { rows } = await stage.db.query(
      `select name, data->'ids'->>0 as id from posthorn_jobs.job where name like 'sms%'`,
    )
    expect(rows).toContainEqual({ name: 'sms-attempted', id })
    expect(rows).toContainEqual({ name: 'sms-normal', id: others.sms })
  })

  it('enqueued too early is set again for its time', async () => {
    const at = new Date(stage.clock.now().getTime() + seconds(100))
    const { ids } = await stage.planned(email({ sendAt: at.toISOString() }))
    const id = ids.email ?? ''
    expect(await newJobs(id)).toBe(1)
    await deliver(stage.ctx, id)
    expect(callsFor(id)).toHaveLength(0)
    expect(await newJobs(id)).toBe(2)
    await ringWhenDue(id)
    expect((await stage.audit(id)).notification).toMatchObject({ state: 'sent', sentAt: at })
  })
})

describe('to the end', () => {
  it('ten rounds without an acceptance are failed, each attempt on record', async () => {
    // A refusal that says nothing of Resend's health: its circuit has a clock of its own, the database's.
    resend.answer({ status: 413, text: 'too large for a proxy' })
    const { ids } = await stage.planned(email())
    const id = ids.email ?? ''
    for (let round = 1; round <= 10; round++) await ringWhenDue(id)
    const { notification, attempts, entries } = await stage.audit(id)
    expect(notification).toMatchObject({ state: 'failed', reasonCode: 'tries_used_up', dueAt: null })
    expect(attempts.map((a) => a.round)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(entries).toEqual([expect.objectContaining({ code: 'ended' })])
  })

  it('what expires between rounds is not sent late', async () => {
    resend.answer({ status: 503, json: { statusCode: 503, name: 'service_unavailable', message: 'later' } })
    const expiresAt = new Date(stage.clock.now().getTime() + seconds(90)).toISOString()
    const { ids } = await stage.planned(email({ expiresAt }))
    const id = ids.email ?? ''
    await ringWhenDue(id)
    await ringWhenDue(id)
    resend.answer(accepting.resend)
    await ringWhenDue(id)
    expect((await stage.audit(id)).notification).toMatchObject({
      state: 'expired',
      reasonCode: 'expired',
      sentAt: null,
    })
    expect(callsFor(id)).toHaveLength(2)
  })

  it('what is expired already is not even rendered', async () => {
    const expiresAt = new Date(stage.clock.now().getTime() - 1).toISOString()
    const { ids } = await stage.planned(email({ expiresAt }))
    const { notification, message } = await stage.audit(ids.email ?? '')
    expect(notification).toMatchObject({ state: 'expired', reasonCode: 'expired' })
    expect(message).toBeNull()
  })
})

describe('planning', () => {
  it('checks the data again from the row', async () => {
    const raw = Buffer.from(JSON.stringify(shipped({ data: { orderNumber: 'A-1' } })))
    const id = await stage.accepted(shipped(), { raw, reportsFaultsToSender: false })
    await plan(stage.ctx, id)
    const { rows } = await stage.db.query('select status, reason_code, reason_params from events where id = $1', [id])
    expect(rows[0]).toMatchObject({
      status: 'failed',
      reason_code: 'bad_data',
      reason_params: { path: 'data.carrier', message: expect.any(String) },
    })
  })

  it('keeps recipients with the same address and other data apart, and the same one once', async () => {
    const parent = { email: 'parent@example.org' }
    const { data } = shipped() as { data: object }
    const recipients = [
      { ...parent, id: 's-1', data: { ...data, orderNumber: 'A-1' } },
      { ...parent, id: 's-2', data: { ...data, orderNumber: 'A-2' } },
      { ...parent, id: 's-2', data: { ...data, orderNumber: 'A-2' } },
    ]
    const id = await stage.accepted(shipped({ recipient: undefined, recipients }))
    await plan(stage.ctx, id)
    const { rows } = await stage.db.query(
      `select subject from notifications where event_id = $1 and channel = 'email' order by subject`,
      [id],
    )
    expect(rows.map((r) => r.subject)).toEqual(['Order A-1 has shipped', 'Order A-2 has shipped'])
    const omitted = await stage.db.query(
      'select channel, reason_code from omissions where event_id = $1 order by channel',
      [id],
    )
    expect(omitted.rows).toEqual([
      { channel: 'email', reason_code: 'same_recipient' },
      { channel: 'sms', reason_code: 'no_address' },
      { channel: 'sms', reason_code: 'no_address' },
    ])
  })
})
