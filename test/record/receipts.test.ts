// What providers say later, over HTTP: really signed callbacks against a running service, one provider a world.
// receipts-order.test.ts has the moments that a test must choose.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { shipped } from '../helper/events.ts'
import {
  fast2smsCallback,
  mailgunCallback,
  msg91Callback,
  resendCallback,
  type SignedCallback,
  sendgridCallback,
  sendgridKeys,
  twilioCallback,
  twilioText,
  vonageCallback,
} from '../helper/receipts.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { eventually, type NotificationAudit, startWorld, type World } from '../helper/world.ts'

const publicUrl = 'https://notify.example.com'
const resendSecret = `whsec_${Buffer.alloc(24, 3).toString('base64')}`
const sendgrid = sendgridKeys()
const mailgunKey = 'mailgun-signing-key'
const twilioToken = 'twilio-token-of-tests'
const vonageSecret = 'vonage-signature-secret'
const token = 'a-receipt-token-of-32-characters'
const phone = '+919812345678'
const at = Math.floor(systemClock.now().getTime() / 1000)
const iso = (seconds: number) => new Date(seconds * 1000).toISOString()

/** What happened, in nobody's words; each vendor says it in its own. */
interface Told {
  what: 'delivered' | 'bounced'
  n: NotificationAudit
  /** The attempt's id, as the vendor got it. */
  attemptId: string
  ref: string
}

interface Case {
  name: keyof typeof accepting
  channel: 'email' | 'sms'
  env(url: string): Record<string, string>
  attemptId(vendor: Vendor): string
  callback(told: Told): SignedCallback
  forged(told: Told): SignedCallback
  /** What it says when it bounces. */
  words: string
}

const resendOf = ({ what, n, ref }: Told, secret = resendSecret) => {
  const bounce = { type: 'Permanent', subType: 'General', message: 'No such mailbox grace@example.org' }
  const data = { email_id: ref, tags: { notification_id: n.id }, ...(what === 'bounced' && { bounce }) }
  return resendCallback({ type: `email.${what}`, created_at: iso(at), data }, { secret, id: `msg_${n.id}_${what}` })
}
const sendgridOf = ({ what, n, attemptId, ref }: Told, { privateKey } = sendgrid) => {
  const ours = {
    sg_message_id: `${ref}.filter0001`,
    email: 'grace@example.org',
    notification_id: n.id,
    attempt_id: attemptId,
  }
  const bounce = {
    event: 'bounce',
    type: 'bounce',
    status: '5.1.1',
    reason: '550 5.1.1 no such user grace@example.org',
  }
  return sendgridCallback([{ ...ours, timestamp: at, ...(what === 'bounced' ? bounce : { event: 'delivered' }) }], {
    privateKey,
  })
}
const mailgunOf = ({ what, n, attemptId, ref }: Told, signingKey = mailgunKey) =>
  mailgunCallback(
    {
      id: `${n.id}-${what}`,
      timestamp: at,
      message: { headers: { 'message-id': ref.replace(/[<>]/g, '') } },
      'user-variables': { notification_id: n.id, attempt_id: attemptId },
      ...(what === 'delivered'
        ? { event: 'delivered' }
        : {
            ...{ event: 'failed', severity: 'permanent', reason: 'bounce' },
            'delivery-status': { code: 550, message: 'no such user' },
          }),
    },
    { signingKey },
  )
const twilioOf = ({ what, attemptId, ref }: Told, authToken = twilioToken) =>
  twilioCallback(
    what === 'delivered'
      ? { MessageSid: ref, MessageStatus: 'delivered' }
      : { MessageSid: ref, MessageStatus: 'undelivered', ErrorCode: '30005' },
    { authToken, publicUrl, attempt: attemptId },
  )
const vonageOf = ({ what, attemptId, ref }: Told, secret = vonageSecret) =>
  vonageCallback(
    {
      ...{
        msisdn: phone.slice(1),
        messageId: ref,
        'client-ref': attemptId,
        'message-timestamp': '2026-11-21 10:00:00',
      },
      ...(what === 'delivered' ? { status: 'delivered', 'err-code': '0' } : { status: 'failed', 'err-code': '3' }),
    },
    { secret },
  )
const msg91Of = ({ what, attemptId, ref }: Told, given = token) => {
  const status = what === 'delivered' ? { status: '1', desc: 'DELIVERED' } : { status: '2', desc: 'FAILED' }
  const report = { date: '2026-11-21 10:00:00', number: phone.slice(1), CRQID: attemptId, ...status }
  return msg91Callback([{ requestId: ref, report: [report] }], { token: given })
}
const fast2smsOf = ({ what, n, attemptId, ref }: Told, given = token) =>
  fast2smsCallback(
    { udf1: attemptId, udf2: n.id, request_id: ref, status: what === 'delivered' ? 'Delivered' : 'Failed' },
    { token: given, style: 'query' },
  )

const cases: Case[] = [
  {
    name: 'resend',
    channel: 'email',
    env: (url) => ({ RESEND_API_KEY: 're_1', RESEND_WEBHOOK_SECRET: resendSecret, RESEND_BASE_URL: url }),
    attemptId: () => '',
    callback: resendOf,
    forged: (told) => resendOf(told, `whsec_${Buffer.alloc(24, 4).toString('base64')}`),
    words: 'Permanent.General: No such mailbox [address]',
  },
  {
    name: 'sendgrid',
    channel: 'email',
    env: (url) => ({ SENDGRID_API_KEY: 'SG.1', SENDGRID_WEBHOOK_KEY: sendgrid.webhookKey, SENDGRID_BASE_URL: url }),
    attemptId: (vendor) => find(vendor, /"attempt_id":"([^"]+)"/),
    callback: sendgridOf,
    forged: (told) => sendgridOf(told, sendgridKeys()),
    words: '550 5.1.1 no such user [address]',
  },
  {
    name: 'mailgun',
    channel: 'email',
    env: (url) => ({
      ...{ MAILGUN_API_KEY: 'key', MAILGUN_DOMAIN: 'mg.acme.example', MAILGUN_SIGNING_KEY: mailgunKey },
      MAILGUN_BASE_URL: url,
    }),
    attemptId: (vendor) => find(vendor, /attempt_id"?(?:\r\n\r\n|=)([0-9a-f-]{36})/),
    callback: mailgunOf,
    forged: (told) => mailgunOf(told, 'another key'),
    words: 'bounce.550: no such user',
  },
  {
    name: 'twilio',
    channel: 'sms',
    env: (url) => ({
      ...{ TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: twilioToken, TWILIO_FROM: '+15005550006' },
      TWILIO_BASE_URL: url,
    }),
    attemptId: (vendor) => find(vendor, /attempt%3D([0-9a-f-]{36})/),
    callback: twilioOf,
    forged: (told) => twilioOf(told, 'another token'),
    words: 'Twilio reported undelivered with code 30005: the number is unknown or no longer in use',
  },
  {
    name: 'vonage',
    channel: 'sms',
    env: (url) => ({
      ...{
        VONAGE_API_KEY: 'k',
        VONAGE_API_SECRET: 's',
        VONAGE_FROM: 'Fernwood',
        VONAGE_SIGNATURE_SECRET: vonageSecret,
      },
      VONAGE_BASE_URL: url,
    }),
    attemptId: (vendor) => find(vendor, /"client-ref":"([^"]+)"/),
    callback: vonageOf,
    forged: (told) => vonageOf(told, 'another secret'),
    words: '3: Vonage reported failed: the number is no longer in use',
  },
  {
    name: 'msg91',
    channel: 'sms',
    env: (url) => ({ MSG91_AUTH_KEY: 'k', MSG91_FLOW_ID: 'f1', MSG91_RECEIPT_TOKEN: token, MSG91_BASE_URL: url }),
    attemptId: (vendor) => find(vendor, /"CRQID":"([^"]+)"/),
    callback: msg91Of,
    forged: (told) => msg91Of(told, 'another token'),
    words: '2: FAILED',
  },
  {
    name: 'fast2sms',
    channel: 'sms',
    env: (url) => ({ FAST2SMS_API_KEY: 'k', FAST2SMS_RECEIPT_TOKEN: token, FAST2SMS_BASE_URL: url }),
    attemptId: (vendor) => find(vendor, /"udf1":"([^"]+)"/),
    callback: fast2smsOf,
    forged: (told) => fast2smsOf(told, 'another token'),
    words: 'Failed',
  },
]

function find(vendor: Vendor, pattern: RegExp): string {
  const found = pattern.exec(vendor.requests.at(-1)?.body ?? '')?.[1]
  if (!found) throw new Error(`no attempt in ${vendor.requests.at(-1)?.body}`)
  return found
}

async function tell(world: World, { path, method, headers, payload }: SignedCallback) {
  const body = method === 'GET' ? {} : { body: payload }
  const response = await fetch(world.url + path, { method, headers, ...body })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

async function count(world: World, table: string): Promise<number> {
  return (await world.db.query(`select count(*)::integer as n from ${table}`)).rows[0].n
}

/** An order shipped, to a person of this test alone; resolves once it is sent. */
async function sent(world: World, channel: string, to: { email?: string; phone?: string }): Promise<NotificationAudit> {
  const { body } = await world.app(shipped({ recipient: { id: crypto.randomUUID(), ...to } }))
  const { notifications } = await world.event(body.id, (e) =>
    e.notifications.some((n) => n.channel === channel && n.state === 'sent'),
  )
  return world.notification(notifications.find((n) => n.channel === channel)?.id ?? '')
}

async function states(world: World, to: { email?: string; phone?: string }, channel: string) {
  const { body } = await world.app(shipped({ recipient: { id: crypto.randomUUID(), ...to } }))
  const event = await world.event(body.id)
  const n = event.notifications.find((one) => one.channel === channel)
  return { state: n?.state, reason: n?.reason }
}

describe.each(cases)('$name', ({ name, channel, env, attemptId, callback, forged, words }) => {
  let vendor: Vendor
  let world: World
  beforeAll(async () => {
    vendor = await startVendor(accepting[name])
    world = await startWorld({ env: { PUBLIC_URL: publicUrl, ...env(vendor.url) } })
  })
  afterAll(async () => {
    await world.stop()
    await vendor.close()
  })
  const to = (email: string) => (channel === 'email' ? { email } : { phone })

  async function about(email: string): Promise<Omit<Told, 'what'>> {
    const n = await sent(world, channel, to(email))
    return { n, attemptId: attemptId(vendor), ref: n.providerMessageId ?? '' }
  }

  it('says that it was delivered: state, time, receipt and timeline show it, repeated or not', async () => {
    const told = { what: 'delivered', ...(await about('ada@example.org')) } as const
    const signed = callback(told)
    expect(await tell(world, signed)).toMatchObject({ status: 200, text: '{"receipts":1}' })
    expect((await tell(world, signed)).status).toBe(200)
    const n = await world.notification(told.n.id)
    expect(n).toMatchObject({ state: 'delivered', reason: null, provider: name, deliveredAt: expect.any(String) })
    expect(n.receipts).toEqual([expect.objectContaining({ provider: name, kind: 'delivered' })])
    expect(n.deliveredAt).toBe(n.receipts[0]?.at ?? n.receipts[0]?.receivedAt)
    expect(n.timeline.filter((line) => line.what.endsWith('reported that the message was delivered.'))).toHaveLength(1)
    expect(n.timeline.at(-1)?.what).toMatch(/reported that the message was delivered\.$/)
  })

  it('forged it is 401, and nothing is stored', async () => {
    const told = { what: 'bounced', ...(await about('ada@example.org')) } as const
    const before = [await count(world, 'reports'), await count(world, 'receipts')]
    const answer = await tell(world, forged(told))
    expect(answer.status).toBe(401)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect([await count(world, 'reports'), await count(world, 'receipts')]).toEqual(before)
    expect(await world.notification(told.n.id)).toMatchObject({ state: 'sent', receipts: [] })
  })

  it('says that it bounced: undelivered, with its words and without the address', async () => {
    const told = { what: 'bounced', ...(await about('grace@example.org')) } as const
    expect((await tell(world, callback(told))).status).toBe(200)
    const n = await world.notification(told.n.id)
    expect(n).toMatchObject({
      state: 'undelivered',
      reason: {
        code: 'bounced',
        text: `The provider accepted it and later reported that it was not delivered. It reported: ${words}.`,
      },
      deliveredAt: null,
    })
    expect(JSON.stringify([n.receipts, n.timeline, n.reason])).not.toMatch(/grace@|9812345678/)
    if (name === 'msg91' || name === 'fast2sms') return
    const next = await states(world, to('Grace@Example.org'), channel)
    expect(next).toMatchObject({ state: 'suppressed', reason: { code: 'suppressed_address' } })
  })
})

describe('a provider without its secret', () => {
  it('has no receipts: 404, as one that nobody knows; nor are there texts', async () => {
    const world = await startWorld({ env: { RESEND_API_KEY: 're_1', MSG91_AUTH_KEY: 'k', MSG91_FLOW_ID: 'f' } })
    for (const name of ['resend', 'sendgrid', 'msg91', 'smtp', 'sandbox', '__proto__', 'constructor'])
      expect((await world.send(`/receipts/${name}?token=`, '{}', {})).status, name).toBe(404)
    for (const name of ['twilio', 'vonage', '__proto__'])
      expect((await world.send(`/inbound/${name}`, '', {})).status, name).toBe(404)
    expect(await count(world, 'reports')).toBe(0)
    await world.stop()
  })
})

describe('with Mailgun before Resend and SMS by Twilio and Vonage', () => {
  let mailgun: Vendor
  let resend: Vendor
  let twilio: Vendor
  let vonage: Vendor
  let world: World
  beforeAll(async () => {
    ;[mailgun, resend, twilio, vonage] = await Promise.all([
      startVendor(accepting.mailgun),
      startVendor(accepting.resend),
      startVendor(accepting.twilio),
      startVendor(accepting.vonage),
    ])
    const urls: Record<string, string> = {
      mailgun: mailgun.url,
      resend: resend.url,
      twilio: twilio.url,
      vonage: vonage.url,
    }
    const envs = cases.filter(({ name }) => urls[name]).map(({ name, env }) => env(urls[name] ?? ''))
    world = await startWorld({
      env: Object.assign({ PUBLIC_URL: publicUrl, EMAIL_PROVIDERS: 'mailgun,resend' }, ...envs),
    })
  })
  afterAll(async () => {
    await world.stop()
    await Promise.all([mailgun.close(), resend.close(), twilio.close(), vonage.close()])
  })

  const event = (n: NotificationAudit, more: object) => ({
    id: crypto.randomUUID(),
    timestamp: at,
    message: { headers: { 'message-id': (n.providerMessageId ?? '').replace(/[<>]/g, '') } },
    'user-variables': { notification_id: n.id },
    ...more,
  })
  const text = (params: Record<string, string>, authToken = twilioToken) =>
    tell(world, twilioText(params, { authToken, publicUrl }))
  const suppressed = async (address: string) =>
    (await world.db.query('select reason, source from suppressions where address = $1', [address])).rows[0]

  it('Mailgun’s token with another body is 401, with the same body 200', async () => {
    const n = await sent(world, 'email', { email: 'token@example.org' })
    const signing = { signingKey: mailgunKey, token: 'a'.repeat(50) }
    const good = mailgunCallback(event(n, { event: 'opened' }), signing)
    expect(await tell(world, good)).toMatchObject({ status: 200, text: '{"receipts":1}' })
    expect(await tell(world, good)).toMatchObject({ status: 200, text: '{"receipts":0}' })
    const bounce = { event: 'failed', severity: 'permanent', reason: 'bounce' }
    expect((await tell(world, mailgunCallback(event(n, bounce), signing))).status).toBe(401)
    expect(await world.notification(n.id)).toMatchObject({ state: 'delivered', openedAt: iso(at) })
    expect(await suppressed('token@example.org')).toBeUndefined()
  })

  it('what is opened and followed has its times; called spam it stays delivered, and nobody writes there again', async () => {
    const n = await sent(world, 'email', { email: 'spam@example.org' })
    const say = (more: object) => tell(world, mailgunCallback(event(n, more), { signingKey: mailgunKey }))
    await say({ event: 'complained', timestamp: at + 9 })
    await say({ event: 'clicked', timestamp: at + 5 })
    await say({ event: 'opened', timestamp: at + 4 })
    await say({ event: 'delivered', timestamp: at + 1 })
    await say({ event: 'opened', timestamp: at + 7 })
    await say({ event: 'accepted', timestamp: at })
    const told = await world.notification(n.id)
    expect(told).toMatchObject({
      state: 'delivered',
      deliveredAt: iso(at + 1),
      openedAt: iso(at + 4),
      clickedAt: iso(at + 5),
    })
    expect(told.receipts).toHaveLength(6)
    expect(told.timeline.map((line) => line.what)).toEqual(
      expect.arrayContaining([
        'Mailgun confirmed that it has the message.',
        'Mailgun reported that the message was probably opened.',
        'Mailgun reported that a link in the message was followed.',
        'Mailgun reported that the recipient marked the message as spam.',
      ]),
    )
    const attempts = mailgun.requests.length + resend.requests.length
    expect(await states(world, { email: 'spam@example.org' }, 'email')).toEqual({
      state: 'suppressed',
      reason: {
        code: 'suppressed_address',
        text: 'The address is on the suppression list. Why: complaint. Its owner marked a message as spam.',
        cause: 'complaint',
      },
    })
    expect(mailgun.requests.length + resend.requests.length).toBe(attempts)
  })

  it('STOP holds for every SMS provider until START; HELP changes nothing; the same text counts once', async () => {
    const From = '+14155550181'
    const stop = twilioText({ From, Body: ' stop ' }, { authToken: twilioToken, publicUrl })
    const answer = await tell(world, stop)
    expect(answer).toMatchObject({ status: 200, text: '<?xml version="1.0" encoding="UTF-8"?><Response/>' })
    expect(answer.headers.get('content-type')).toMatch(/^text\/xml/)
    expect(await suppressed(From)).toEqual({ reason: 'opted_out', source: 'twilio' })
    const calls = twilio.requests.length + vonage.requests.length
    expect(await states(world, { phone: From }, 'sms')).toMatchObject({ state: 'suppressed' })
    expect(twilio.requests.length + vonage.requests.length).toBe(calls)

    await text({ From, Body: 'HELP' })
    await text({ From, Body: 'please stop by the shop' })
    expect(await suppressed(From)).toBeDefined()
    await text({ From, Body: 'START' })
    expect(await suppressed(From)).toBeUndefined()
    await tell(world, stop)
    expect(await suppressed(From), 'the STOP of before, told again').toBeUndefined()
    expect(await states(world, { phone: From }, 'sms')).toMatchObject({ state: 'sent' })
  })

  it('START lifts no bad number, and a forged text does nothing', async () => {
    const From = '+14155550182'
    await world.db.query(
      `insert into suppressions (channel, address, reason, source, created_at) values ('sms', $1, 'invalid_address', 'vonage', now())`,
      [From],
    )
    await text({ From, Body: 'STOP' })
    await text({ From, Body: 'START' })
    expect(await suppressed(From)).toEqual({ reason: 'invalid_address', source: 'vonage' })
    const kept = await count(world, 'inbound_texts')
    expect((await text({ From: '+14155550183', Body: 'STOP' }, 'another token')).status).toBe(401)
    expect(await suppressed('+14155550183')).toBeUndefined()
    expect(await count(world, 'inbound_texts')).toBe(kept)
  })

  it('a number that Twilio knows as opted out is suppressed when sending, and START frees it', async () => {
    const From = '+14155550184'
    twilio.answer({ status: 400, json: { code: 21610, message: `${From} has unsubscribed`, status: 400 } })
    const first = await states(world, { phone: From }, 'sms')
    twilio.answer(accepting.twilio)
    expect(first).toMatchObject({ state: 'failed', reason: { code: 'rejected' } })
    expect(await suppressed(From)).toEqual({ reason: 'opted_out', source: 'twilio' })
    expect(await states(world, { phone: From }, 'sms')).toMatchObject({ state: 'suppressed' })
    await text({ From, Body: 'START' })
    expect(await states(world, { phone: From }, 'sms')).toMatchObject({ state: 'sent' })
  })

  it('a receipt of a message that nobody knows is kept, and one of a call that is open counts once it has ended', async () => {
    const stranger = { MessageSid: 'SM-of-another-program', MessageStatus: 'delivered' }
    expect(await tell(world, twilioCallback(stranger, { authToken: twilioToken, publicUrl }))).toMatchObject({
      status: 200,
      text: '{"receipts":1}',
    })
    let early: Promise<{ status: number }> | undefined
    twilio.answer((request, number) => {
      const attempt = find({ ...twilio, requests: [request] }, /attempt%3D([0-9a-f-]{36})/)
      const params = { MessageSid: `SM-${number}`, MessageStatus: 'delivered' }
      early = tell(world, twilioCallback(params, { authToken: twilioToken, publicUrl, attempt }))
      return accepting.twilio(request, number)
    })
    const { body } = await world.app(shipped({ recipient: { phone: '+14155550185' } }))
    const found = await world.event(body.id, (e) => e.notifications.some((n) => n.state === 'delivered'))
    twilio.answer(accepting.twilio)
    expect((await early)?.status).toBe(200)
    const n = await world.notification(found.notifications.find(({ channel }) => channel === 'sms')?.id ?? '')
    expect(n).toMatchObject({
      state: 'delivered',
      attempts: [{ outcome: 'accepted' }],
      receipts: [{ kind: 'delivered' }],
    })
    await eventually(async () => (await count(world, 'receipts where applied_at is null')) === 1)
  })
})
