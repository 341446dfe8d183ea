// Receipts at moments that a test chooses: before our own commit, for answers that were lost, long after the end, and
// about addresses that are waiting. The clock is moved by hand, and the stages are called by the test.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { inbound } from '../../src/consent/inbound-sms.ts'
import { cancel } from '../../src/operate/cancel.ts'
import { retry } from '../../src/operate/retry.ts'
import { settle } from '../../src/operate/settle.ts'
import { makeRecord, recordWaiting } from '../../src/record/record.ts'
import { deliver } from '../helper/deliver.ts'
import { shipped } from '../helper/events.ts'
import {
  callbackOf,
  resendCallback,
  type SignedCallback,
  sendgridCallback,
  sendgridKeys,
  twilioCallback,
} from '../helper/receipts.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { eventually, testConfig } from '../helper/world.ts'

const publicUrl = 'https://notify.example.com'
const twilioToken = 'twilio-token-of-tests'
const resendSecret = `whsec_${Buffer.alloc(24, 3).toString('base64')}`
const sendgridPair = sendgridKeys()

let vendors: Record<'resend' | 'sendgrid' | 'twilio' | 'vonage', Vendor>
let stage: Stage
let env: Record<string, string>

beforeAll(async () => {
  const [resend, sendgrid, twilio, vonage] = await Promise.all([
    startVendor(accepting.resend),
    startVendor(accepting.sendgrid),
    startVendor(accepting.twilio),
    startVendor(accepting.vonage),
  ])
  vendors = { resend, sendgrid, twilio, vonage }
})
beforeEach(async () => {
  const { resend, sendgrid, twilio, vonage } = vendors
  resend.answer(accepting.resend)
  sendgrid.answer(accepting.sendgrid)
  twilio.answer(accepting.twilio)
  vonage.answer(accepting.vonage)
  env = {
    PUBLIC_URL: publicUrl,
    ...{ RESEND_API_KEY: 're_1', RESEND_BASE_URL: resend.url, RESEND_WEBHOOK_SECRET: resendSecret },
    ...{ SENDGRID_API_KEY: 'SG.1', SENDGRID_BASE_URL: sendgrid.url, SENDGRID_WEBHOOK_KEY: sendgridPair.webhookKey },
    ...{ TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: twilioToken, TWILIO_FROM: '+15005550006' },
    TWILIO_BASE_URL: twilio.url,
    ...{ VONAGE_API_KEY: 'k', VONAGE_API_SECRET: 's', VONAGE_FROM: 'Fernwood', VONAGE_BASE_URL: vonage.url },
  }
  stage = await startStage(env)
})
afterEach(() => stage.stop())
afterAll(() => Promise.all(Object.values(vendors).map((vendor) => vendor.close())))

const seconds = (n: number) => n * 1000
const minutes = (n: number) => n * 60_000
const nowSeconds = () => Math.floor(stage.clock.now().getTime() / 1000)
const calls = () => Object.fromEntries(Object.entries(vendors).map(([name, v]) => [name, posts(v).length]))
const posts = (vendor: Vendor) => vendor.requests.filter((request) => request.method === 'POST')

/** As HTTP does it. */
async function tell(signed: SignedCallback): Promise<number | null> {
  const provider = signed.path.split(/[/?]/)[2] ?? ''
  const callback = callbackOf(signed, stage.clock.now().getTime(), publicUrl)
  const read = testConfig(env).providers.get(provider)?.receipts?.read(callback)
  if (!read?.ok) throw new Error(read?.detail ?? `no reader of ${provider}`)
  return makeRecord(stage.ctx)({ provider, raw: callback.raw, receipts: read.receipts, once: read.once ?? null })
}

const twilioSays = (
  status: string,
  { sid = 'SM-ours', attempt, code }: { sid?: string; attempt?: string; code?: number } = {},
) =>
  twilioCallback(
    { MessageSid: sid, MessageStatus: status, ...(code && { ErrorCode: String(code) }) },
    { authToken: twilioToken, publicUrl, ...(attempt && { attempt }) },
  )

const resendSays = (type: string, id: string, more: object = {}) =>
  resendCallback(
    {
      type: `email.${type}`,
      created_at: stage.clock.now().toISOString(),
      data: { tags: { notification_id: id }, ...more },
    },
    { secret: resendSecret, timestamp: nowSeconds() },
  )

const sendgridSays = (events: object[]) =>
  sendgridCallback(events, { privateKey: sendgridPair.privateKey, timestamp: nowSeconds() })

async function attemptIds(id: string): Promise<string[]> {
  const { rows } = await stage.db.query('select id from attempts where notification_id = $1 order by number', [id])
  return rows.map((row) => row.id)
}

async function stateOf(id: string) {
  const { notification: n } = await stage.audit(id)
  return { state: n.state, reason: n.reasonCode }
}

async function ringWhenDue(id: string): Promise<void> {
  const { notification } = await stage.audit(id)
  if (!notification.dueAt) throw new Error(`nothing is due: ${notification.state}`)
  if (notification.dueAt > stage.clock.now()) stage.clock.set(notification.dueAt)
  await deliver(stage.ctx, id)
}

async function planned(channel: 'email' | 'sms', more: object = {}): Promise<string> {
  const recipient = channel === 'email' ? { email: 'ada@example.org' } : { phone: '+14155550100' }
  const { ids } = await stage.planned(shipped({ recipient: { id: crypto.randomUUID(), ...recipient }, ...more }))
  return ids[channel] ?? ''
}

async function sent(channel: 'email' | 'sms'): Promise<string> {
  const id = await planned(channel)
  await deliver(stage.ctx, id)
  expect(await stateOf(id)).toMatchObject({ state: 'sent' })
  return id
}

/** One whose answer was lost, by the first provider of its route. */
async function lost(channel: 'email' | 'sms'): Promise<{ id: string; attempt: string }> {
  const vendor = vendors[channel === 'email' ? 'resend' : 'twilio']
  vendor.answer('reset-after-read')
  const id = await planned(channel)
  await deliver(stage.ctx, id)
  expect(await stateOf(id)).toEqual({ state: 'unconfirmed', reason: 'settling' })
  const [attempt = ''] = await attemptIds(id)
  return { id, attempt }
}

/** Until nobody can say what became of it. Twilio's look-ups have no answer. */
async function held(): Promise<{ id: string; attempt: string }> {
  const one = await lost('sms')
  while ((await stateOf(one.id)).reason === 'settling') await ringWhenDue(one.id)
  expect(await stateOf(one.id)).toEqual({ state: 'unconfirmed', reason: 'held' })
  return one
}

async function suppressions() {
  return (await stage.db.query('select channel, address, reason from suppressions order by address')).rows
}

describe('any order', () => {
  it('of a message’s receipts, each repeated, leads to the same state, with one row each', async () => {
    const kinds = ['queued', 'sent', 'delivered', 'undelivered']
    const orders = kinds.flatMap((a) => kinds.flatMap((b) => kinds.flatMap((c) => kinds.map((d) => [a, b, c, d]))))
    const seen = new Set<string>()
    for (const order of orders.filter((one) => new Set(one).size === 4)) {
      const id = await sent('sms')
      const sid = (await stage.audit(id)).notification.providerMessageId ?? ''
      for (const status of [...order, ...order]) await tell(twilioSays(status, { sid }))
      const { notification: n, receipts } = await stage.audit(id)
      expect(receipts.map((r) => r.kind).sort()).toEqual(['delivered', 'taken', 'taken', 'undelivered'])
      seen.add(JSON.stringify([n.state, n.reasonCode, n.reasonParams, n.deliveredAt, n.dueAt]))
    }
    expect([...seen]).toEqual([expect.stringContaining('["undelivered","bounced"')])
  })

  it('of many reports at once, while their calls are being closed: each counts once, and nobody waits for ever', async () => {
    await stage.stop()
    stage = await startStage({ ...env, EMAIL_PROVIDERS: 'sendgrid' })
    const ids = await Promise.all(Array.from({ length: 30 }, () => planned('email')))
    const events = ids.map((id) => ({
      ...{ event: 'delivered', 'smtp-id': `<${id}>`, timestamp: nowSeconds(), notification_id: id },
    }))
    const [one, other] = [sendgridSays(events), sendgridSays(events.toReversed())]
    const working = Promise.all(ids.map((id) => deliver(stage.ctx, id)))
    const fresh: (number | null)[] = []
    for (let round = 0; round < 3; round++) fresh.push(...(await Promise.all([one, other, one, other].map(tell))))
    await working
    expect(fresh.reduce<number>((sum, n) => sum + (n ?? 0), 0)).toBe(30)
    for (let waits = 0; waits < 3; waits++) {
      stage.clock.advance(minutes(1))
      await recordWaiting(stage.ctx)
    }
    const { rows } = await stage.db.query(
      `select (select count(*)::integer from receipts) as receipts, (select count(*)::integer from reports) as reports,
         (select count(*)::integer from notifications where state = 'delivered') as delivered`,
    )
    expect(rows[0]).toEqual({ receipts: 30, reports: 1, delivered: 30 })
  })
})

describe('before our own commit', () => {
  it('a receipt of an open call is kept, and applied by the sweep once the call has ended', async () => {
    vendors.twilio.answer('hang')
    const id = await planned('sms')
    const before = posts(vendors.twilio).length
    const open = deliver(stage.ctx, id)
    await eventually(async () => posts(vendors.twilio).length > before)
    const [attempt = ''] = await attemptIds(id)
    expect(await tell(twilioSays('delivered', { attempt }))).toBe(1)
    expect(await stateOf(id)).toEqual({ state: 'sending', reason: 'attempt_open' })
    expect((await stage.audit(id)).receipts).toHaveLength(1)
    stage.clock.advance(seconds(3))
    await recordWaiting(stage.ctx)
    expect((await stateOf(id)).state).toBe('sending')
    // The worker is gone: its call is given up, and what was told meanwhile ends the doubt.
    stage.clock.advance(seconds(30))
    await deliver(stage.ctx, id)
    expect(await stateOf(id)).toEqual({ state: 'unconfirmed', reason: 'settling' })
    expect(await recordWaiting(stage.ctx)).toBe(1)
    const { notification: n, entries } = await stage.audit(id)
    expect(n).toMatchObject({ state: 'delivered', provider: 'twilio', providerMessageId: 'SM-ours', dueAt: null })
    expect(entries.at(-1)).toMatchObject({ code: 'settled_by_receipt', params: { provider: 'twilio', isTaken: true } })
    expect(await recordWaiting(stage.ctx)).toBe(0)
    await open
    expect(await stateOf(id)).toEqual({ state: 'delivered', reason: null })
  })
})

describe('a message that we do not know', () => {
  it('yet is parked, and matched once a look-up has found its name', async () => {
    const { id } = await lost('sms')
    await tell(twilioSays('delivered', { sid: 'SM-found' }))
    stage.clock.advance(seconds(3))
    expect(await recordWaiting(stage.ctx)).toBe(0)
    expect((await stage.audit(id)).receipts).toEqual([])
    const { message } = await stage.audit(id)
    const found = { sid: 'SM-found', body: message?.text, to: '+14155550100', status: 'delivered' }
    const at = stage.clock.now().toUTCString()
    vendors.twilio.answer({ json: { messages: [{ ...found, date_created: at }], next_page_uri: null } })
    await ringWhenDue(id)
    expect((await stateOf(id)).state).toBe('sent')
    stage.clock.advance(minutes(1))
    expect(await recordWaiting(stage.ctx)).toBe(1)
    const { notification: n, receipts } = await stage.audit(id)
    expect(n).toMatchObject({ state: 'delivered', providerMessageId: 'SM-found' })
    expect(receipts).toMatchObject([{ kind: 'delivered' }])
  })

  it('and never will is tried ever more seldom, and given up after three days', async () => {
    await tell(twilioSays('delivered', { sid: 'SM-stranger' }))
    const tried = async () => (await stage.db.query('select try_at from receipts')).rows[0].try_at as Date | null
    let times = 0
    for (let at = await tried(); at; at = await tried()) {
      stage.clock.set(at)
      await recordWaiting(stage.ctx)
      times++
    }
    expect(times).toBeGreaterThan(10)
    expect(times).toBeLessThan(40)
    expect(stage.clock.now().getTime()).toBeGreaterThan(Date.UTC(2026, 10, 24, 10))
    expect(stage.clock.now().getTime()).toBeLessThan(Date.UTC(2026, 10, 25))
  })

  it('however many of them there are, ours is applied', async () => {
    const id = await sent('email')
    for (let i = 0; i < 3; i++)
      await tell(
        sendgridSays(
          Array.from({ length: 150 }, (_, n) => ({
            event: 'delivered',
            sg_message_id: `stranger-${i}-${n}`,
            timestamp: nowSeconds(),
          })),
        ),
      )
    await tell(resendSays('delivered', id))
    await stage.db.query(
      'update receipts set applied_at = null, try_at = received_at where notification_id is not null',
    )
    stage.clock.advance(seconds(5))
    expect(await recordWaiting(stage.ctx)).toBe(1)
  })
})

describe('a lost answer', () => {
  it.each([
    ['queued', 'sent'],
    ['delivered', 'delivered'],
  ])('of Twilio is settled by its callback “%s”: %s, without another call', async (status, state) => {
    const { id, attempt } = await lost('sms')
    const before = calls()
    await tell(twilioSays(status, { attempt }))
    const { notification: n, attempts, entries } = await stage.audit(id)
    expect(n).toMatchObject({
      state,
      provider: 'twilio',
      providerMessageId: 'SM-ours',
      reasonCode: null,
      dueAt: null,
    })
    expect(n.sentAt).not.toBeNull()
    expect(
      attempts.map((a) => a.outcome),
      'a closed attempt never changes',
    ).toEqual(['unknown'])
    expect(entries).toMatchObject([{ code: 'settled_by_receipt', params: { provider: 'twilio', isTaken: true } }])
    await deliver(stage.ctx, id)
    expect(calls()).toEqual(before)
    const { rows } = await stage.db.query('select verdict, settled_by, provider_message_id from settlements')
    expect(rows).toEqual([{ verdict: 'taken', settled_by: 'receipt', provider_message_id: 'SM-ours' }])
  })

  it('of Resend is settled by its tag, for every repeat of the key', async () => {
    const { id } = await lost('email')
    await ringWhenDue(id)
    await ringWhenDue(id)
    const before = calls()
    await tell(resendSays('delivered', id, { email_id: 'e-1' }))
    await ringAnyway(id)
    expect((await stage.audit(id)).notification).toMatchObject({ state: 'delivered', providerMessageId: 'e-1' })
    expect(calls()).toEqual(before)
    const { rows } = await stage.db.query('select verdict, provider_message_id from settlements order by attempt_id')
    expect(rows.map((row) => row.verdict)).toEqual(['taken', 'taken', 'taken'])
    expect(rows.filter((row) => row.provider_message_id === 'e-1')).toHaveLength(1)
  })

  it.each(['settling', 'held'] as const)(
    'that was not sent, while it is %s, goes to the next provider',
    async (when) => {
      const { id, attempt } = await (when === 'held' ? held() : lost('sms'))
      await tell(twilioSays('failed', { attempt, code: 30001 }))
      expect((await stateOf(id)).state).toBe('pending')
      await ringWhenDue(id)
      const { notification: n, attempts, entries } = await stage.audit(id)
      expect(n).toMatchObject({ state: 'sent', provider: 'vonage' })
      expect(attempts.map((a) => [a.provider, a.outcome])).toEqual([
        ['twilio', 'unknown'],
        ['vonage', 'accepted'],
      ])
      expect(entries.at(-1)).toMatchObject({ code: 'settled_by_receipt', params: { isTaken: false } })
      // Twilio's word still comes late: Vonage has it, whatever Twilio says of its own.
      await tell(twilioSays('queued', { attempt }))
      expect(await stateOf(id)).toEqual({ state: 'sent', reason: null })
    },
  )

  it('that was dropped because of the address goes to nobody: suppressed, with its reason', async () => {
    vendors.resend.answer({ status: 429, json: { statusCode: 429, name: 'rate_limit_exceeded', message: 'slow' } })
    vendors.sendgrid.answer('reset-after-read')
    const id = await planned('email')
    await deliver(stage.ctx, id)
    await deliver(stage.ctx, id)
    expect((await stateOf(id)).state).toBe('unconfirmed')
    const attempt_id = (await attemptIds(id))[1]
    const before = calls()
    const ours = { sg_message_id: 'sg-1', timestamp: nowSeconds(), notification_id: id, attempt_id }
    await tell(sendgridSays([{ ...ours, event: 'dropped', reason: 'Bounced Address' }]))
    expect(await stage.audit(id)).toMatchObject({
      notification: {
        ...{ state: 'suppressed', reasonCode: 'suppressed_address', dueAt: null },
        reasonParams: { listedAs: 'hard_bounce' },
      },
    })
    await ringAnyway(id)
    expect(calls()).toEqual(before)
    expect(await suppressions()).toEqual([{ channel: 'email', address: 'ada@example.org', reason: 'hard_bounce' }])
  })

  it('in either order: taken and then dropped is undelivered', async () => {
    for (const order of [
      ['queued', 'failed'],
      ['failed', 'queued'],
    ]) {
      const { id, attempt } = await lost('sms')
      for (const status of order) await tell(twilioSays(status, { sid: `SM-${id}`, attempt }))
      expect(await stateOf(id), order.join()).toEqual({ state: 'undelivered', reason: 'bounced' })
    }
  })
})

/** An alarm that rings too often, or too late. */
async function ringAnyway(id: string): Promise<void> {
  stage.clock.advance(minutes(30))
  await deliver(stage.ctx, id)
}

describe('late', () => {
  it('after it was held, it counts', async () => {
    const { id, attempt } = await held()
    stage.clock.advance(minutes(60))
    await tell(twilioSays('delivered', { attempt }))
    expect(await stateOf(id)).toEqual({ state: 'delivered', reason: null })
  })

  it('after a provider refused what it took all the same, nobody else gets it any more', async () => {
    vendors.twilio.answer({ status: 429, json: { code: 20429, message: 'slow down', status: 429 } })
    vendors.vonage.answer({ status: 503, json: {} })
    const id = await planned('sms')
    await deliver(stage.ctx, id)
    const [attempt = ''] = await attemptIds(id)
    const before = calls()
    expect((await stateOf(id)).state).toBe('pending')
    await tell(twilioSays('delivered', { attempt }))
    await ringAnyway(id)
    expect((await stage.audit(id)).notification).toMatchObject({ state: 'delivered', provider: 'twilio', dueAt: null })
    expect(calls()).toEqual(before)
  })

  it('after it failed, it arrived all the same', async () => {
    vendors.twilio.answer({ status: 400, json: { code: 21602, message: 'no body', status: 400 } })
    const id = await planned('sms')
    await deliver(stage.ctx, id)
    expect((await stateOf(id)).state).toBe('failed')
    const [attempt = ''] = await attemptIds(id)
    await tell(twilioSays('delivered', { attempt }))
    expect((await stage.audit(id)).notification).toMatchObject({
      state: 'delivered',
      reasonCode: null,
      provider: 'twilio',
    })
  })

  it('after it was cancelled, what had gone out is shown as it was', async () => {
    const { id, attempt } = await lost('sms')
    await tell(twilioSays('failed', { attempt, code: 30001 }))
    await cancel(stage.ctx, id, 'somebody')
    expect(await stateOf(id)).toEqual({ state: 'cancelled', reason: 'cancelled' })
    await tell(twilioSays('delivered', { attempt }))
    expect(await stateOf(id)).toEqual({ state: 'delivered', reason: null })
  })

  it('of the message before a person’s retry, it does not touch the new one, but the address it does', async () => {
    const id = await sent('email')
    const { providerMessageId: ref } = (await stage.audit(id)).notification
    await tell(resendSays('bounced', id, { email_id: ref, bounce: { type: 'Transient' } }))
    expect((await stateOf(id)).state).toBe('undelivered')
    await retry(stage.ctx, id, 'somebody')
    await tell(resendSays('delivered', id, { email_id: ref }))
    expect((await stateOf(id)).state).toBe('pending')
    await ringWhenDue(id)
    expect(vendors.resend.requests.at(-1)?.headers['idempotency-key']).toBe(`${id}.1`)
    const { notification: again } = await stage.audit(id)
    expect(again).toMatchObject({ state: 'sent', deliveredAt: null })
    await tell(resendSays('clicked', id, { email_id: ref }))
    await tell(resendSays('complained', id, { email_id: ref }))
    expect((await stage.audit(id)).notification).toMatchObject({ state: 'sent', clickedAt: null })
    expect(await suppressions()).toMatchObject([{ reason: 'complaint' }])
    await tell(resendSays('opened', id, { email_id: again.providerMessageId }))
    expect((await stage.audit(id)).notification).toMatchObject({ state: 'delivered', openedAt: stage.clock.now() })
    expect((await stage.audit(id)).receipts).toHaveLength(5)
  })

  it('of the message that a retry by the same key got again, it counts', async () => {
    const { id } = await lost('email')
    await tell(resendSays('failed', id, { email_id: 'e-1', failed: { reason: 'reached_daily_quota' } }))
    vendors.resend.answer({
      status: 422,
      json: { statusCode: 422, name: 'validation_error', message: 'Invalid `to`.' },
    })
    vendors.sendgrid.answer({ status: 400, json: { errors: [{ message: 'no such thing' }] } })
    for (let rings = 0; (await stateOf(id)).state === 'pending' && rings < 30; rings++) await ringWhenDue(id)
    expect((await stateOf(id)).state).toBe('failed')
    await retry(stage.ctx, id, 'somebody')
    vendors.resend.answer({ json: { id: 'e-2' } })
    await tell(resendSays('delivered', id, { email_id: 'e-2' }))
    expect((await stateOf(id)).state).toBe('pending')
    await ringWhenDue(id)
    await tell(resendSays('opened', id, { email_id: 'e-2' }))
    const { notification: n } = await stage.audit(id)
    expect(n).toMatchObject({ state: 'delivered', providerMessageId: 'e-2' })
    expect(n.deliveredAt).not.toBeNull()
  })

  it('after a person said that it was sent, what the receipt says stands', async () => {
    const { id, attempt } = await held()
    await settle(stage.ctx, id, true, 'somebody')
    expect((await stateOf(id)).state).toBe('sent')
    await tell(twilioSays('undelivered', { attempt, code: 30003 }))
    expect(await stateOf(id)).toEqual({ state: 'undelivered', reason: 'bounced' })
  })

  it('that it was dropped after it was accepted, it is undelivered and nobody else gets it', async () => {
    const id = await sent('sms')
    const { providerMessageId: sid } = (await stage.audit(id)).notification
    const before = calls()
    await tell(twilioSays('failed', { sid: sid ?? '', code: 30007 }))
    await ringAnyway(id)
    expect(await stateOf(id)).toEqual({ state: 'undelivered', reason: 'bounced' })
    expect(calls()).toEqual(before)
  })
})

describe('an address that must not be written to', () => {
  const stop = (key: string = crypto.randomUUID()) =>
    inbound(stage.ctx, 'twilio', { key, from: '+14155550100', keyword: 'stop' })

  it('is not written to by what was planned before', async () => {
    const soon = await planned('sms')
    const later = await planned('sms', { sendAt: new Date(stage.clock.now().getTime() + minutes(5)).toISOString() })
    const before = calls()
    await stop()
    await ringWhenDue(soon)
    await ringWhenDue(later)
    for (const id of [soon, later])
      expect(await stateOf(id)).toEqual({ state: 'suppressed', reason: 'suppressed_address' })
    expect(calls()).toEqual(before)
  })

  it('is not written to by the next round, or by the next provider', async () => {
    vendors.twilio.answer({ status: 429, json: { code: 20429, message: 'slow down', status: 429 } })
    const id = await planned('sms')
    await deliver(stage.ctx, id)
    const before = calls()
    await stop()
    await ringWhenDue(id)
    expect(await stateOf(id)).toEqual({ state: 'suppressed', reason: 'suppressed_address' })
    expect(calls()).toEqual(before)
  })

  it('is not written to where an earlier call is in doubt: it is held, as it may have gone out', async () => {
    const { id } = await lost('email')
    const other = await sentBefore('ada@example.org')
    await tell(resendSays('bounced', other.id, { email_id: other.ref, bounce: { type: 'Permanent' } }))
    const before = calls()
    await ringWhenDue(id)
    expect(await stateOf(id)).toEqual({ state: 'unconfirmed', reason: 'held' })
    expect(calls()).toEqual(before)
    await settle(stage.ctx, id, false, 'somebody')
    await ringWhenDue(id)
    expect(await stateOf(id)).toEqual({ state: 'suppressed', reason: 'suppressed_address' })
    expect(calls()).toEqual(before)
  })

  it('stays off the list once it was removed, whatever else is reported about the old message', async () => {
    const id = await sent('email')
    const { providerMessageId: ref } = (await stage.audit(id)).notification
    await tell(resendSays('complained', id, { email_id: ref }))
    expect(await suppressions()).toHaveLength(1)
    await stage.db.query('delete from suppressions')
    await tell(resendSays('opened', id, { email_id: ref }))
    expect(await suppressions()).toEqual([])
  })

  it('is lifted by START only after a STOP that was reported once', async () => {
    await stop('SM-1')
    await inbound(stage.ctx, 'twilio', { key: 'SM-2', from: '+14155550100', keyword: 'start' })
    await stop('SM-1')
    await inbound(stage.ctx, 'twilio', { key: 'SM-3', from: '+14155550100', keyword: 'help' })
    expect(await suppressions()).toEqual([])
  })

  it.each([
    ['hard_bounce', 'vonage'],
    ['asked on the phone', 'operator'],
    ['opted_out', 'operator'],
  ])('is not freed by START where it was on the list as %s by %s, STOP or not', async (reason, source) => {
    await stage.db.query(`insert into suppressions values ('sms', '+14155550100', $1, $2, now())`, [reason, source])
    await stop('SM-1')
    await inbound(stage.ctx, 'twilio', { key: 'SM-2', from: '+14155550100', keyword: 'start' })
    expect(await suppressions()).toMatchObject([{ reason }])
  })
})

/** Another message to the same address, which Resend took. */
async function sentBefore(address: string): Promise<{ id: string; ref: string | null }> {
  vendors.resend.answer(accepting.resend)
  const { ids } = await stage.planned(shipped({ recipient: { id: crypto.randomUUID(), email: address } }))
  await deliver(stage.ctx, ids.email ?? '')
  vendors.resend.answer('reset-after-read')
  return { id: ids.email ?? '', ref: (await stage.audit(ids.email ?? '')).notification.providerMessageId }
}
