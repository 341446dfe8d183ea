// What people do to notifications over HTTP, and what happens when they and the workers want the same row at once.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import paymentDue from '../../src/notifiers/payment-due.ts'
import { cancel, cancelMatching } from '../../src/operate/cancel.ts'
import { retry } from '../../src/operate/retry.ts'
import { settle } from '../../src/operate/settle.ts'
import { attemptsOf, deliver } from '../helper/deliver.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { eventually, keys, type NotificationAudit, type Problem, startWorld, type World } from '../helper/world.ts'

let resend: Vendor
let twilio: Vendor
let env: Record<string, string>

beforeAll(async () => {
  resend = await startVendor(accepting.resend)
  twilio = await startVendor(accepting.twilio)
  env = {
    RESEND_API_KEY: 're_of_tests',
    RESEND_BASE_URL: resend.url,
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'token-of-tests',
    TWILIO_FROM: '+15005550006',
    TWILIO_BASE_URL: twilio.url,
  }
})
afterEach(() => {
  resend.answer(accepting.resend)
  twilio.answer(accepting.twilio)
})
afterAll(() => Promise.all([resend.close(), twilio.close()]))

const refusing = { status: 422, json: { statusCode: 422, name: 'validation_error', message: 'Invalid `to` field.' } }
const email = (more: object = {}) =>
  shipped({ recipient: { id: crypto.randomUUID(), email: 'grace@example.org' }, ...more })
const text = (more: object = {}) => shipped({ recipient: { phone: '+14155550100' }, ...more })
const keysSent = (id: string) =>
  resend.requests.map((r) => String(r.headers['idempotency-key'])).filter((key) => key.startsWith(id))
const later = () => new Date(Date.UTC(2100, 0, 1))

describe('over HTTP', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ env })
  })
  afterAll(() => world.stop())

  function act<T = NotificationAudit>(path: string, body?: unknown, key = keys.operator) {
    const json = body === undefined ? '' : JSON.stringify(body)
    return world.send<T>(path, json, { authorization: `Bearer ${key}`, 'content-type': 'application/json' })
  }

  /** Posts an event, and waits until its notification on this channel is in this state. */
  async function made(event: object, channel: string, state: string): Promise<NotificationAudit> {
    const { body } = await world.app(event)
    const audit = await world.event(body.id, (e) =>
      e.notifications.some((n) => n.channel === channel && n.state === state),
    )
    return world.notification(audit.notifications.find((n) => n.channel === channel)?.id ?? '')
  }

  const until = (id: string, state: string) =>
    eventually(async () => {
      const n = await world.notification(id)
      return n.state === state && n
    })

  it('a failed one is tried again under the same key, and the timeline names who asked', async () => {
    resend.answer(refusing)
    const { id } = await made(email(), 'email', 'failed')
    resend.answer(accepting.resend)
    const { status, body } = await act(`/v1/notifications/${id}/retry`)
    expect(status).toBe(200)
    expect(body).toMatchObject({ id, state: expect.stringMatching(/pending|sending|sent/), to: 'grace@example.org' })
    const sent = await until(id, 'sent')
    expect(sent.attempts.map((a) => [a.number, a.round, a.outcome])).toEqual([
      [1, 1, 'rejected'],
      [2, 1, 'accepted'],
    ])
    expect(sent.timeline).toContainEqual(
      expect.objectContaining({
        code: 'retry_requested',
        what: 'Operator key `operator` requested a retry.',
        detail:
          'It was failed: The message itself was rejected, so no other provider is tried. Resend rejected it with the code validation_error.',
      }),
    )
    expect(keysSent(id)).toEqual([id, id])
  })

  it('one that was too late before it had words gets them, and goes out', async () => {
    const { id, subject } = await made(email({ expiresAt: '2020-01-01T00:00:00Z' }), 'email', 'expired')
    expect(subject).toBeNull()
    expect((await act(`/v1/notifications/${id}/retry`)).status).toBe(200)
    const sent = await until(id, 'sent')
    expect(sent).toMatchObject({ expiresAt: null, subject: 'Order ORD-1001 has shipped' })
    expect(sent.timeline.map((t) => t.detail)).toContainEqual(expect.stringContaining('Its time limit was lifted.'))
  })

  it('one that did not arrive is sent again under a key of its own, and its receipts still find it', async () => {
    const { id } = await made(email(), 'email', 'sent')
    await world.db.query(
      `update notification_states set state = 'undelivered', reason_code = 'bounced' where id = $1`,
      [id],
    )
    const { body } = await act(`/v1/notifications/${id}/retry`)
    expect(body).toMatchObject({ sentAt: null, providerMessageId: null })
    await until(id, 'sent')
    expect(keysSent(id)).toEqual([id, `${id}.1`])
    for (const request of resend.requests.filter((r) => String(r.headers['idempotency-key']).startsWith(id)))
      expect(request.json().tags).toEqual([{ name: 'notification_id', value: id }])
  })

  it('a scheduled one is cancelled once', async () => {
    const { id } = await made(email({ sendAt: later() }), 'email', 'scheduled')
    const { status, body } = await act(`/v1/notifications/${id}/cancel`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      state: 'cancelled',
      reason: { code: 'cancelled', text: 'Cancelled before it was sent. By operator key `operator`.' },
    })
    expect(body.timeline.at(-1)).toMatchObject({ what: 'Operator key `operator` cancelled it.', detail: null })
    expect((await act(`/v1/notifications/${id}/cancel`)).status).toBe(409)
  })

  it('a person ends a doubt: it was sent', async () => {
    twilio.answer('reset-after-read')
    const { id } = await made(text(), 'sms', 'unconfirmed')
    const { status, body } = await act(`/v1/notifications/${id}/settle`, { sent: true })
    expect(status).toBe(200)
    expect(body).toMatchObject({ state: 'sent', reason: null, provider: 'twilio', providerMessageId: null })
    expect(body.sentAt).not.toBeNull()
    expect(body.attempts).toMatchObject([{ outcome: 'unknown' }])
    expect(body.timeline.at(-1)).toMatchObject({
      what: 'Operator key `operator` settled it as sent.',
      detail: 'The outcome of attempt 1 was unknown.',
    })
    expect((await act(`/v1/notifications/${id}/settle`, { sent: true })).status).toBe(409)
    const { rows } = await world.db.query(
      'select verdict, settled_by from settlements s join attempts a on a.id = s.attempt_id where a.notification_id = $1',
      [id],
    )
    expect(rows).toEqual([{ verdict: 'taken', settled_by: 'person' }])
  })

  it('cancels by filter what has not been sent, and nothing else', async () => {
    for (let i = 0; i < 3; i++) await made(email({ sendAt: later(), reference: 'R-STOP' }), 'email', 'scheduled')
    const sent = await made(email({ reference: 'R-STOP' }), 'email', 'sent')
    const other = await made(email({ sendAt: later(), reference: 'R-GO' }), 'email', 'scheduled')
    const states = async () => {
      const { rows } = await world.db.query<{ state: string; n: number }>(
        `select state, count(*)::integer as n from notifications where reference in ('R-STOP', 'R-GO') and channel = 'email' group by 1`,
      )
      return Object.fromEntries(rows.map((row) => [row.state, row.n]))
    }
    const filter = { notifier: 'order-shipped', reference: 'R-STOP', eventType: 'order.shipped', since: '2026-01-01' }
    expect(await states()).toEqual({ scheduled: 4, sent: 1 })
    expect(await act('/v1/cancellations', { ...filter, dryRun: true })).toMatchObject({
      status: 200,
      body: { matched: 3, cancelled: 0, timers: 0, planning: 0, dryRun: true },
    })
    expect(await states()).toEqual({ scheduled: 4, sent: 1 })
    expect((await act('/v1/cancellations', filter)).body).toEqual({
      matched: 3,
      cancelled: 3,
      timers: 0,
      planning: 0,
      dryRun: false,
    })
    expect((await act('/v1/cancellations', filter)).body).toEqual({
      matched: 0,
      cancelled: 0,
      timers: 0,
      planning: 0,
      dryRun: false,
    })
    expect(await states()).toEqual({ scheduled: 1, cancelled: 3, sent: 1 })
    expect((await world.notification(sent.id)).state).toBe('sent')
    expect((await world.notification(other.id)).state).toBe('scheduled')
  })

  it('cancels the timers of the events, too, which then say by whom', async () => {
    const due = { ...paymentDue.sample, recipient: { email: 'grace@example.org' }, reference: 'PC-1' }
    const { body } = await world.app(due)
    await world.event(body.id, (e) => e.status === 'planned')
    const cancellation = await act('/v1/cancellations', { reference: 'PC-1' })
    expect(cancellation.body).toEqual({ matched: 1, cancelled: 1, timers: 1, planning: 0, dryRun: false })
    const { notifications, timers } = await world.event(body.id)
    expect(notifications).toMatchObject([{ notifier: 'payment-due', state: 'cancelled' }])
    const reason = { code: 'cancelled', text: 'Cancelled before it was sent. By operator key `operator`.' }
    expect(timers).toMatchObject([{ emits: 'payment.timed_out', firedAt: null, stoppedAt: expect.any(String), reason }])
  })

  it('refuses what a state does not allow, and says why', async () => {
    const states = {
      sent: await made(email(), 'email', 'sent'),
      suppressed: await made(text({ type: 'order.accepted' }), 'email', 'suppressed'),
      scheduled: await made(email({ sendAt: later() }), 'email', 'scheduled'),
      expired: await made(email({ expiresAt: '2020-01-01T00:00:00Z' }), 'email', 'expired'),
    }
    for (const [state, path] of [
      ['sent', 'retry'],
      ['sent', 'cancel'],
      ['sent', 'settle'],
      ['suppressed', 'retry'],
      ['suppressed', 'cancel'],
      ['scheduled', 'retry'],
      ['scheduled', 'settle'],
      ['expired', 'cancel'],
      ['expired', 'settle'],
    ] as const) {
      const answer = await act<Problem>(
        `/v1/notifications/${states[state].id}/${path}`,
        path === 'settle' ? { sent: true } : undefined,
      )
      expect(answer.status, `${path} of ${state}`).toBe(409)
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
      expect(answer.body.detail).toContain(`It is ${state}.`)
      expect((await world.notification(states[state].id)).state).toBe(state)
    }
  })

  it.each([
    ['settle without a word', 'settle', undefined],
    ['settle with another word', 'settle', { sent: 'yes' }],
    ['settle with more', 'settle', { sent: true, force: true }],
  ])('refuses to %s', async (_name, path, body) => {
    expect((await act(`/v1/notifications/${crypto.randomUUID()}/${path}`, body)).status).toBe(400)
  })

  it.each([
    ['no filter', {}],
    ['a dry run of everything', { dryRun: true }],
    ['a field that is none', { state: 'pending', notifier: 'order-shipped' }],
    ['a time that is none', { since: 'yesterday' }],
    ['no body', undefined],
  ])('refuses a cancellation with %s', async (_name, body) => {
    expect((await act('/v1/cancellations', body)).status).toBe(400)
  })

  it('is for operators, and knows no other ids', async () => {
    const id = crypto.randomUUID()
    for (const path of ['retry', 'cancel', 'settle']
      .map((verb) => `/v1/notifications/${id}/${verb}`)
      .concat('/v1/cancellations')) {
      const body = path.endsWith('settle') ? { sent: true } : path.endsWith('s') ? { notifier: 'x' } : undefined
      for (const [key, status] of [
        [keys.viewer, 403],
        [keys.producer, 403],
        ['nonsense', 401],
      ] as const)
        expect((await act(path, body, key)).status, path).toBe(status)
      if (!path.endsWith('s')) {
        expect((await act(path, body)).status, path).toBe(404)
        expect((await act(path.replace(id, 'nothing'), body)).status, path).toBe(404)
      }
    }
  })
})

describe('with the workers stopped', () => {
  let stage: Stage
  const by = 'operator key `ops`'

  beforeEach(async () => {
    stage = await startStage(env)
  })
  afterEach(() => stage.stop())

  const state = async (id: string) => (await stage.audit(id)).notification.state

  async function newJobs(id: string): Promise<number> {
    const { rows } = await stage.db.query(
      `select count(*)::integer as n from posthorn_jobs.job where data->'ids' ? $1`,
      [id],
    )
    return rows[0].n
  }

  async function failed(): Promise<string> {
    resend.answer(refusing)
    const { ids } = await stage.planned(email())
    await deliver(stage.ctx, ids.email ?? '')
    resend.answer(accepting.resend)
    return ids.email ?? ''
  }

  /** A text whose answer was lost. */
  async function doubted(): Promise<string> {
    twilio.answer('reset-after-read')
    const { ids } = await stage.planned(text())
    await deliver(stage.ctx, ids.sms ?? '')
    twilio.answer(accepting.twilio)
    return ids.sms ?? ''
  }

  it('of two who ask for another try at once, one is heard', async () => {
    const id = await failed()
    const before = await newJobs(id)
    const other = await stage.another()
    const acted = await Promise.all([retry(stage.ctx, id, by), retry(other, id, by), retry(stage.ctx, id, by)])
    expect(acted.map((a) => a.kind).sort()).toEqual(['done', 'refused', 'refused'])
    const { notification, entries } = await stage.audit(id)
    expect(notification).toMatchObject({ state: 'pending', reasonCode: 'due', dueAt: stage.clock.now() })
    expect(entries.filter((e) => e.code === 'retry_requested')).toHaveLength(1)
    expect(await newJobs(id)).toBe(before + 1)
  })

  it('while an attempt is open nobody may retry, cancel or settle', async () => {
    const { ids } = await stage.planned(email())
    const id = ids.email ?? ''
    // A worker that dies once its attempt is open.
    const isOpen = Promise.withResolvers<void>()
    void deliver(stage.ctx, id, {
      async open(one) {
        const opened = await attemptsOf(stage.ctx).open(one)
        if (opened.kind !== 'opened') return opened
        isOpen.resolve()
        return new Promise(() => {})
      },
    })
    await isOpen.promise
    expect(await state(id)).toBe('sending')
    expect(await retry(stage.ctx, id, by)).toMatchObject({
      kind: 'refused',
      detail: expect.stringContaining('sending'),
    })
    expect((await cancel(stage.ctx, id, by)).kind).toBe('refused')
    expect((await settle(stage.ctx, id, true, by)).kind).toBe('refused')
    expect(await cancelMatching(stage.ctx, { notifier: 'order-shipped' }, false, by)).toMatchObject({ cancelled: 0 })
    const { entries, attempts } = await stage.audit(id)
    expect(entries).toEqual([])
    expect(attempts).toMatchObject([{ number: 1, outcome: null }])
  })

  it('a cancellation and a worker that want the same one: exactly one of them has it', async () => {
    const other = await stage.another()
    const ids: string[] = []
    for (let i = 0; i < 24; i++) ids.push((await stage.planned(email())).ids.email ?? '')
    const raced = await Promise.all(
      ids.map(async (id, i) => {
        const calls =
          i % 2 ? [deliver(other, id), cancel(stage.ctx, id, by)] : [cancel(stage.ctx, id, by), deliver(other, id)]
        await Promise.all(calls)
        return id
      }),
    )
    const ends = await Promise.all(raced.map(async (id) => [await state(id), keysSent(id).length] as const))
    for (const [state, calls] of ends)
      expect([state, calls]).toEqual(state === 'cancelled' ? ['cancelled', 0] : ['sent', 1])
    const { rows } = await stage.db.query(
      `select count(*)::integer as n from notifications where state in ('sent', 'cancelled') and channel = 'email'`,
    )
    expect(rows[0].n).toBe(ids.length)
  })

  it('many are cancelled in parts, and each is in exactly one state', async () => {
    const recipients = Array.from({ length: 620 }, (_, i) => ({ id: `c-${i}`, email: `c${i}@example.org` }))
    const { ids, eventId } = await stage.planned(shipped({ recipient: undefined, recipients }))
    await deliver(stage.ctx, ids.email ?? '')
    const other = await stage.another()
    const filter = { notifier: 'order-shipped' }
    const both = await Promise.all([
      cancelMatching(stage.ctx, filter, false, by),
      cancelMatching(other, filter, false, by),
    ])
    expect(both.reduce((n, { cancelled }) => n + cancelled, 0)).toBe(619)
    const { rows } = await stage.db.query(
      `select state, count(*)::integer as n from notifications where event_id = $1 and channel = 'email' group by 1 order by 1`,
      [eventId],
    )
    expect(rows).toEqual([
      { state: 'cancelled', n: 619 },
      { state: 'sent', n: 1 },
    ])
    const told = await stage.db.query(`select count(*)::integer as n from timeline_entries where code = 'cancelled'`)
    expect(told.rows[0].n).toBe(619)
  })

  it('what was tried before another try no longer counts, and numbers go on', async () => {
    // A refusal that says nothing of Resend's health: its circuit has a clock of its own, the database's.
    resend.answer({ status: 413, text: 'too large for a proxy' })
    const { ids } = await stage.planned(email())
    const id = ids.email ?? ''
    const enqueue = async () => {
      const { dueAt } = (await stage.audit(id)).notification
      if (dueAt && dueAt > stage.clock.now()) stage.clock.set(dueAt)
      await deliver(stage.ctx, id)
    }
    while ((await state(id)) !== 'failed') await enqueue()
    expect(await retry(stage.ctx, id, by)).toEqual({ kind: 'done' })
    await enqueue()
    expect((await stage.audit(id)).notification).toMatchObject({ state: 'pending', reasonCode: 'next_round' })
    resend.answer(accepting.resend)
    await enqueue()
    const { notification, attempts } = await stage.audit(id)
    expect(notification.state).toBe('sent')
    expect(attempts.slice(-3).map((a) => [a.number, a.round])).toEqual([
      [10, 10],
      [11, 1],
      [12, 2],
    ])
    expect(new Set(keysSent(id))).toEqual(new Set([id]))
  })

  it('another try of one in doubt is the person’s risk: it does not wait for the doubt', async () => {
    const id = await doubted()
    expect(await retry(stage.ctx, id, by)).toEqual({ kind: 'done' })
    await deliver(stage.ctx, id)
    const { notification, attempts } = await stage.audit(id)
    expect(notification.state).toBe('sent')
    expect(attempts.map((a) => a.outcome)).toEqual(['unknown', 'accepted'])
  })

  it('of two who end a doubt at once, one is heard', async () => {
    const id = await doubted()
    const other = await stage.another()
    const both = await Promise.all([settle(stage.ctx, id, false, by), settle(other, id, true, by)])
    expect(both.map((a) => a.kind).sort()).toEqual(['done', 'refused'])
  })

  it('a doubt settled as not sent leads to the next attempt', async () => {
    const id = await doubted()
    expect(await settle(stage.ctx, id, false, by)).toEqual({ kind: 'done' })
    const settled = await stage.audit(id)
    expect(settled.notification).toMatchObject({ state: 'pending', provider: null })
    expect(settled.entries.at(-1)).toMatchObject({ code: 'settled_by_person', params: { by, isSent: false } })
    if (settled.notification.dueAt) stage.clock.set(settled.notification.dueAt)
    await deliver(stage.ctx, id)
    expect(await state(id)).toBe('sent')
  })

  it('what may have gone out before it was cancelled says so', async () => {
    const id = await doubted()
    await stage.db.query(`update notification_states set state = 'pending', reason_code = 'due' where id = $1`, [id])
    expect(await cancel(stage.ctx, id, by)).toEqual({ kind: 'done' })
    expect((await stage.audit(id)).entries.at(-1)).toMatchObject({
      code: 'cancelled',
      params: { by, mayBeTaken: true },
    })
    await deliver(stage.ctx, id)
    expect(await state(id)).toBe('cancelled')
  })
})
