// From a signed webhook to the vendors' requests and the audit's rows.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ordered, paymentIntent, shipped, stripeEvent } from '../helper/events.ts'
import { type SmtpVendor, startSmtpVendor } from '../helper/smtp-vendor.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { type EventAudit, eventually, startWorld, type World } from '../helper/world.ts'

interface Sending {
  resend: Vendor
  twilio: Vendor
  vonage: Vendor
  smtp: SmtpVendor
  world: World
  stop(): Promise<void>
}

/** A world whose routes are Resend, SMTP and Twilio, Vonage, each played by a vendor that takes everything. */
async function startSending(): Promise<Sending> {
  const resend = await startVendor(accepting.resend)
  const twilio = await startVendor(accepting.twilio)
  const vonage = await startVendor(accepting.vonage)
  const smtp = await startSmtpVendor()
  const world = await startWorld({
    env: {
      RESEND_API_KEY: 're_of_tests',
      RESEND_BASE_URL: resend.url,
      SMTP_URL: smtp.url,
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: 'token-of-tests',
      TWILIO_FROM: '+15005550006',
      TWILIO_BASE_URL: twilio.url,
      VONAGE_API_KEY: 'vonage-key',
      VONAGE_API_SECRET: 'vonage-secret',
      VONAGE_FROM: 'Fernwood',
      VONAGE_BASE_URL: vonage.url,
    },
  })
  const stop = async () => {
    await world.stop()
    await Promise.all([resend.close(), twilio.close(), vonage.close(), smtp.close()])
  }
  return { resend, twilio, vonage, smtp, world, stop }
}

let resend: Vendor
let twilio: Vendor
let vonage: Vendor
let smtp: SmtpVendor
let world: World
let stop: () => Promise<void>

beforeAll(async () => {
  ;({ resend, twilio, vonage, smtp, world, stop } = await startSending())
})
afterEach(async () => {
  await world.quiet()
  resend.answer(accepting.resend)
  twilio.answer(accepting.twilio)
  vonage.answer(accepting.vonage)
  smtp.script({})
})
afterAll(() => stop())

const requestsFor = (vendor: Vendor, id: string) =>
  vendor.requests.filter((r) => r.body.includes(id) || r.headers['idempotency-key'] === id)

async function one(event: EventAudit, channel: string, world: World) {
  const found = event.notifications.find((n) => n.channel === channel)
  if (!found) throw new Error(`no ${channel}`)
  return world.notification(found.id)
}

describe('a shipped order', () => {
  it('goes out as an email through Resend and a text through Twilio, with an audit row each', async () => {
    const { body } = await world.app(shipped())
    const event = await world.event(body.id)
    const email = await one(event, 'email', world)
    expect(email).toMatchObject({
      state: 'sent',
      reason: null,
      to: 'grace@example.org',
      recipientId: 'cus_7',
      reference: 'ORD-77',
      provider: 'resend',
      providerMessageId: expect.stringMatching(/^resend-/),
      subject: expect.stringContaining('ORD-1001'),
      attempts: [
        {
          number: 1,
          round: 1,
          provider: 'resend',
          cause: 'first',
          why: 'The first provider of the route.',
          outcome: 'accepted',
          blame: null,
          statusCode: 200,
          errorCode: null,
          error: null,
          providerMessageId: email.providerMessageId,
          startedAt: expect.any(String),
          latencyMs: expect.any(Number),
        },
      ],
    })
    const [request] = requestsFor(resend, email.id)
    expect(request).toMatchObject({ method: 'POST', path: '/emails' })
    expect(request?.headers['idempotency-key']).toBe(email.id)
    expect(request?.json()).toMatchObject({
      from: 'Fernwood <hello@fernwood.example>',
      subject: email.subject,
      html: email.message?.html,
      text: email.message?.text,
    })
    const text = await one(event, 'sms', world)
    expect(text).toMatchObject({
      state: 'sent',
      provider: 'twilio',
      attempts: [{ outcome: 'accepted', statusCode: 201 }],
    })
    expect(text.message).toMatchObject({ encoding: 'GSM-7', segments: 1, text: expect.stringMatching(/^Fernwood: /) })
    const sent = twilio.requests.find((r) => r.form().get('Body') === text.message?.text)
    expect(sent?.form().get('To')).toBe('+14155550177')
    expect(text.timeline.map((t) => t.what)).toEqual([
      'Created from order.shipped by order-shipped, as a text message.',
      'Posthorn called Twilio.',
      'Twilio accepted it.',
    ])
  })

  it('says why there is none on the channel for which it has no address', async () => {
    const { email } = shipped().recipient as { email: string }
    const { body } = await world.app(shipped({ recipient: { email } }))
    const event = await world.event(body.id)
    expect(event).toMatchObject({ counts: { sent: 1 }, omitted: 1 })
    expect(event.notifications).toMatchObject([{ channel: 'email', to: email }])
    expect(event.omissions).toMatchObject([
      { notifier: 'order-shipped', channel: 'sms', reason: { code: 'no_address' } },
    ])
  })

  it('is one suppressed row where nobody can be reached', async () => {
    const { body } = await world.app(shipped({ type: 'order.accepted', recipient: { phone: '+14155550123' } }))
    const event = await world.event(body.id)
    expect(event).toMatchObject({ counts: { suppressed: 1 }, omissions: [], omitted: 0 })
    expect(await one(event, 'email', world)).toMatchObject({ to: null, reason: { code: 'no_address' }, attempts: [] })
  })

  it('shows money and dates in each recipient’s own form', async () => {
    const recipients = [
      { id: 'de', email: 'de@example.org', locale: 'de-DE', timezone: 'Europe/Berlin' },
      { id: 'us', email: 'us@example.org', locale: 'en-US', timezone: 'America/New_York' },
    ]
    const { body } = await world.app(ordered({ recipient: undefined, recipients }))
    const event = await world.event(body.id)
    const texts = await Promise.all(
      event.notifications
        .filter((n) => n.to)
        .map(async (n) => [n.recipientId, (await world.notification(n.id)).message?.text]),
    )
    expect(Object.fromEntries(texts).de).toContain('78,85\u00a0£')
    expect(Object.fromEntries(texts).us).toContain('£78.85')
  })
})

describe('a Stripe payment', () => {
  it('becomes one email and one text, whichever of its events arrive', async () => {
    const intent = paymentIntent()
    const first = await world.stripe(stripeEvent('payment_intent.succeeded', intent))
    const event = await world.event(first.body.id)
    expect(event).toMatchObject({
      source: 'stripe',
      type: 'payment.received',
      sourceType: 'payment_intent.succeeded',
      livemode: false,
      reference: 'ORD-77',
    })
    expect(event.counts).toEqual({ sent: 2 })
    const session = {
      id: 'cs_1',
      object: 'checkout.session',
      payment_status: 'paid',
      payment_intent: intent.id,
      amount_total: 4999,
      currency: 'eur',
      customer_details: { email: 'grace@other.example', name: 'Grace', phone: '+14155550177' },
      metadata: {},
    }
    const second = await world.stripe(stripeEvent('checkout.session.completed', session))
    const told = await world.event(second.body.id)
    expect(told).toMatchObject({ status: 'planned', notifications: [] })
    expect(told.omissions.map((o) => [o.channel, o.reason.code])).toEqual([
      ['email', 'already_notified'],
      ['sms', 'already_notified'],
    ])
  })

  it('that failed and has since succeeded is not reported as failed, although the events came in the other order', async () => {
    const intent = paymentIntent()
    await world.event(
      (await world.stripe(stripeEvent('payment_intent.succeeded', intent, { created: 1_795_000_000 }))).body.id,
    )
    const error = {
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'generic_decline',
      message: 'Your card was declined.',
    }
    const failed = { ...intent, status: 'requires_payment_method', last_payment_error: error }
    const { body } = await world.stripe(
      stripeEvent('payment_intent.payment_failed', failed, { created: 1_795_000_300 }),
    )
    const event = await world.event(body.id)
    expect(event.counts).toEqual({ cancelled: 2 })
    expect(await one(event, 'email', world)).toMatchObject({ reason: { code: 'superseded' }, attempts: [] })
  })

  it('that names nobody is kept as failed, with the reason', async () => {
    const { status, body } = await world.stripe(
      stripeEvent('payment_intent.succeeded', paymentIntent({ receipt_email: null, shipping: null })),
    )
    expect({ status, body }).toMatchObject({ status: 200, body: { status: 'accepted' } })
    expect(await world.event(body.id)).toMatchObject({
      status: 'failed',
      reason: { code: 'no_recipient' },
      notifications: [],
    })
  })

  it('of an unknown type is kept as ignored under the vendor’s name', async () => {
    const { body } = await world.stripe(stripeEvent('customer.created', { id: 'cus_9', object: 'customer' }))
    expect(body.status).toBe('ignored')
    expect(await world.event(body.id)).toMatchObject({
      type: 'stripe:customer.created',
      sourceType: 'customer.created',
    })
  })
})

describe('a provider that cannot', () => {
  it('refused (503 with its own body): the next one has it at once, and the audit says why', async () => {
    resend.answer({ status: 503, json: { statusCode: 503, name: 'service_unavailable', message: 'try later' } })
    const { body } = await world.app(shipped())
    const email = await one(await world.event(body.id), 'email', world)
    expect(email).toMatchObject({ state: 'sent', provider: 'smtp' })
    expect(email.attempts.map((a) => [a.round, a.provider, a.outcome, a.statusCode])).toEqual([
      [1, 'resend', 'deferred', 503],
      [1, 'smtp', 'accepted', expect.anything()],
    ])
    expect(email.attempts[1]).toMatchObject({ cause: 'fallback', why: 'Fallback: Resend did not accept it.' })
    expect(smtp.messages.at(-1)?.raw).toContain(email.id)
  })

  it('with a bad key: the next one has it, and the rest goes there without a call', async () => {
    const { world, twilio, vonage, stop } = await startSending()
    twilio.answer({ status: 401, json: { code: 20003, message: 'Authenticate', status: 401 } })
    const { body } = await world.app(shipped())
    const text = await one(await world.event(body.id), 'sms', world)
    expect(text).toMatchObject({ state: 'sent', provider: 'vonage' })
    expect(text.attempts[0]).toMatchObject({ outcome: 'rejected', blame: 'provider', errorCode: '20003' })
    await eventually(
      async () => (await world.db.query(`select 1 from provider_changes where what = 'circuit_opened'`)).rows[0],
    )
    const calls = twilio.requests.length
    const next = await eventually(async () => {
      const sent = await one(await world.event((await world.app(shipped())).body.id), 'sms', world)
      return sent.attempts.length === 1 && sent
    })
    expect(next.attempts[0]).toMatchObject({
      provider: 'vonage',
      cause: 'bypass',
      why: 'Fallback: Twilio is failing: it refuses our account (check its key, balance and settings).',
    })
    expect(twilio.requests.length - calls).toBeLessThanOrEqual(2)
    expect(vonage.requests.length).toBeGreaterThanOrEqual(2)
    await stop()
  })

  it('calls the number bad: nobody else gets it, and it is not tried again', async () => {
    const before = vonage.requests.length
    twilio.answer({ status: 400, json: { code: 21211, message: 'The number +14155550188 is not valid', status: 400 } })
    const to = { recipient: { id: 'bad', phone: '+14155550188' } }
    const text = await one(await world.event((await world.app(shipped(to))).body.id), 'sms', world)
    expect(text).toMatchObject({
      state: 'failed',
      reason: { code: 'rejected' },
      attempts: [{ outcome: 'rejected', blame: 'message' }],
    })
    expect(text.attempts[0]?.error).not.toContain('4155550188')
    expect(vonage.requests).toHaveLength(before)
    const again = await one(await world.event((await world.app(shipped(to))).body.id), 'sms', world)
    expect(again).toMatchObject({ state: 'suppressed', reason: { code: 'suppressed_address' }, attempts: [] })
  })

  it.each([
    [21610, 'opted_out', 'Its owner opted out, for example by the reply STOP.'],
    [21614, 'invalid_address', 'as a landline takes no texts.'],
    [21211, 'invalid_address', 'A provider says that there is no such address'],
  ])('refuses a text with %i: the reason has the cause %s', async (code, cause, words) => {
    twilio.answer({ status: 400, json: { code, message: 'refused', status: 400 } })
    const to = { recipient: { id: `refused-${code}`, phone: `+1415555${code % 10_000}` } }
    const text = await one(await world.event((await world.app(shipped(to))).body.id), 'sms', world)
    expect(text).toMatchObject({ state: 'failed', reason: { code: 'rejected', cause } })
    expect(text.reason?.text).toContain(`with the code ${code}. The address was put on the suppression list: `)
    expect(text.reason?.text).toContain(words)
  })

  it('hangs: it holds up nobody else’s message', async () => {
    const { world, twilio, vonage, resend, smtp } = await startSending()
    twilio.answer('hang')
    const texts: string[] = []
    for (let n = 1; n <= 6; n++) {
      texts.push((await world.app(shipped({ recipient: { phone: `+1415555020${n}` } }))).body.id)
      await twilio.waitForRequests(n)
    }
    const { body } = await world.app(shipped({ recipient: { email: 'swift@example.org' } }))
    await world.event(body.id, (e) => e.notifications.some((n) => n.state === 'sent'))
    for (const id of texts) expect((await world.event(id, () => true)).counts, 'still hanging').toEqual({ sending: 1 })
    await twilio.close()
    await world.stop()
    await Promise.all([resend.close(), vonage.close(), smtp.close()])
  })

  it('every one of them: it waits for the next round, and says so', async () => {
    const { world, resend, smtp, stop } = await startSending()
    resend.answer({
      status: 429,
      headers: { 'retry-after': '3' },
      json: { statusCode: 429, name: 'rate_limit_exceeded', message: 'slow' },
    })
    smtp.script({ RCPT: '451 4.7.1 greylisted' })
    const { body } = await world.app(shipped({ recipient: { email: 'wait@example.org' } }))
    const event = await world.event(body.id, (e) =>
      e.notifications.some((n) => n.channel === 'email' && n.reason?.code === 'next_round'),
    )
    const email = await one(event, 'email', world)
    expect(email).toMatchObject({ state: 'pending', reason: { code: 'next_round' } })
    expect(email.attempts.map((a) => a.outcome)).toEqual(['deferred', 'deferred'])
    expect(email.timeline.at(-1)).toMatchObject({ what: 'Next: an attempt.' })
    await stop()
  })
})

describe('an unknown outcome', () => {
  it('of Resend is settled by the same key and bytes, and never goes to another provider meanwhile', async () => {
    const mails = smtp.messages.length
    resend.answer('reset-after-read', { json: { id: 'settled' } })
    const { body } = await world.app(shipped({ recipient: { email: 'doubt@example.org' } }))
    const email = await one(await world.event(body.id), 'email', world)
    expect(email).toMatchObject({ state: 'sent', provider: 'resend', providerMessageId: 'settled' })
    expect(email.attempts.map((a) => a.outcome)).toEqual(['unknown', 'accepted'])
    const [first, second] = requestsFor(resend, email.id)
    expect(second?.body).toBe(first?.body)
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key'])
    expect(smtp.messages).toHaveLength(mails)
  })

  it('of Twilio is not sent again: it is unconfirmed, and says that it is being settled', async () => {
    const texts = vonage.requests.length
    twilio.answer('reset-after-read')
    const { body } = await world.app(shipped({ recipient: { phone: '+14155550199' } }))
    const event = await world.event(body.id, (e) => e.notifications.some((n) => n.state === 'unconfirmed'))
    const text = await one(event, 'sms', world)
    expect(text).toMatchObject({
      state: 'unconfirmed',
      reason: { code: 'settling' },
      attempts: [{ outcome: 'unknown' }],
    })
    expect(vonage.requests).toHaveLength(texts)
  })
})

describe('during a call', () => {
  it('the attempt is open in the database, and no connection is held', async () => {
    resend.answer('hang')
    const seen = resend.requests.length
    const { body } = await world.app(shipped({ recipient: { email: 'slow@example.org' } }))
    await resend.waitForRequests(seen + 1)
    // A tick of the process may be in a transaction this moment; what the call held would be held until it ends.
    const { rows } = await eventually(async () => {
      const seen = await world.db.query(
        `select a.outcome, n.state from attempts a join notifications n on n.id = a.notification_id
         where n.event_id = $1 and not exists (select from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid() and state like 'idle in transaction%')`,
        [body.id],
      )
      return seen.rows.length > 0 && seen
    })
    expect(rows).toEqual([{ outcome: null, state: 'sending' }])
    // Ten seconds are a call's limit: then nobody knows, and the same key settles it.
    resend.answer({ json: { id: 'after the hang' } })
    const email = await one(await world.event(body.id), 'email', world)
    expect(email.attempts.map((a) => [a.outcome, a.errorCode])).toEqual([
      ['unknown', expect.any(String)],
      ['accepted', null],
    ])
  })

  it.each([
    `update attempts set error = 'nothing happened' where outcome is not null`,
    'delete from attempts where outcome is not null',
    'delete from attempts where outcome is null',
    'truncate attempts',
    `update timeline_entries set code = 'nothing'`,
    'delete from timeline_entries',
    'truncate timeline_entries',
  ])('the database refuses to change the audit: %s', async (sql) => {
    await world.db.query(
      `insert into timeline_entries (notification_id, at, code, params) select id, now(), 'an_entry', '{}' from notifications limit 1`,
    )
    const { rows } = await world.db.query(
      `insert into attempts (id, notification_id, number, round, provider, cause, started_at)
       select gen_random_uuid(), id, 900 + (select count(*) from attempts), 1, 'nobody', 'a test', now()
       from notifications where state = 'suppressed' and id not in (select notification_id from attempts) limit 1 returning id`,
    )
    expect(rows.length, 'an open attempt is there too').toBeLessThanOrEqual(1)
    await expect(world.db.query(sql)).rejects.toThrow(/the audit is append-only|referenced in a foreign key/)
  })
})

describe('sendAt', () => {
  const withSendAt = async (inMs: number) => {
    const sendAt = new Date(Date.now() + inMs).toISOString()
    const { body } = await world.app(shipped({ recipient: { email: 'later@example.org' }, sendAt }))
    return { sendAt, id: body.id }
  }

  it('is met, and no attempt comes before it', async () => {
    const { id, sendAt } = await withSendAt(2500)
    const sent = await one(await world.event(id), 'email', world)
    expect(sent.scheduledFor).toBe(sendAt)
    const lateMs = new Date(sent.attempts[0]?.startedAt ?? 0).getTime() - new Date(sendAt).getTime()
    expect(lateMs).toBeGreaterThanOrEqual(0)
  })

  it('is what the notification is scheduled for until then', async () => {
    const { id, sendAt } = await withSendAt(3_600_000)
    const waiting = await world.event(id, (e) => e.status === 'planned')
    expect(await one(waiting, 'email', world)).toMatchObject({
      state: 'scheduled',
      reason: { code: 'send_at' },
      scheduledFor: sendAt,
    })
  })
})
