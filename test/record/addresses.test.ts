// What is known of an address beyond one message, over HTTP: reports that name nothing else, reasons that add up, keywords
// of text messages, and one person behind several spellings.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { paymentIntent, shipped, stripeEvent } from '../helper/events.ts'
import { type SignedCallback, sendgridCallback, sendgridKeys, twilioText } from '../helper/receipts.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { keys, type NotificationShown, startWorld, type World } from '../helper/world.ts'

interface Entry {
  channel: string
  address: string
  reason: string
  source: string
}

const publicUrl = 'https://notify.example.com'
const twilioToken = 'twilio-token-of-tests'
const { webhookKey, privateKey } = sendgridKeys()

let sendgrid: Vendor
let twilio: Vendor
let world: World
beforeAll(async () => {
  ;[sendgrid, twilio] = await Promise.all([startVendor(accepting.sendgrid), startVendor(accepting.twilio)])
  world = await startWorld({
    env: {
      PUBLIC_URL: publicUrl,
      ...{ SENDGRID_API_KEY: 'SG.of-tests', SENDGRID_BASE_URL: sendgrid.url, SENDGRID_WEBHOOK_KEY: webhookKey },
      ...{ TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: twilioToken, TWILIO_FROM: '+15005550006' },
      TWILIO_BASE_URL: twilio.url,
    },
  })
})
afterAll(async () => {
  await world.stop()
  await Promise.all([sendgrid.close(), twilio.close()])
})

async function post({ path, headers, payload }: SignedCallback): Promise<unknown> {
  const answer = await fetch(world.url + path, { method: 'POST', headers, body: new Uint8Array(payload) })
  expect(answer.status).toBe(200)
  return answer.text()
}
/** Events of SendGrid without an id of any message. */
const report = (...events: object[]) =>
  post(
    sendgridCallback(
      events.map((event) => ({ sg_message_id: '', timestamp: 1_795_000_000, ...event })),
      { privateKey },
    ),
  )
const text = (From: string, Body: string) => post(twilioText({ From, Body }, { authToken: twilioToken, publicUrl }))

const path = (channel: string, address: string) => `/v1/suppressions/${channel}/${encodeURIComponent(address)}`
const listed = async (channel: string, address: string) =>
  (await world.get<Entry & { code?: string }>(path(channel, address))).body.reason ?? null
async function lift(channel: string, address: string): Promise<void> {
  const headers = { authorization: `Bearer ${keys.operator}` }
  expect((await fetch(world.url + path(channel, address), { method: 'DELETE', headers })).status).toBe(204)
}

async function sent(recipient: object, channel: 'email' | 'sms', more: object = {}): Promise<NotificationShown> {
  const { body } = await world.app(shipped({ recipient, ...more }))
  const found = (await world.event(body.id)).notifications.find((n) => n.channel === channel)
  if (!found) throw new Error('no notification of this channel')
  return found
}
const stateOf = async (recipient: object, channel: 'email' | 'sms') => (await sent(recipient, channel)).state
const linesOf = async (id: string) => (await world.notification(id)).timeline.map(({ what }) => what).join('\n')

it.each([
  ['josé@example.com', 'must have ASCII letters alone before the @: providers do not carry others (SMTPUTF8)'],
  ['jose', 'must be an email address'],
])('%s is refused as in an event, with the same words', async (email, message) => {
  const faultsIn = (body: { errors?: { message: string }[] }) => body.errors?.map((fault) => fault.message)
  const { body: ofEvent } = await world.app(shipped({ recipient: { email } }))
  const { body: ofSuppression } = await world.get<{ errors?: { message: string }[] }>(path('email', email))
  expect([faultsIn(ofEvent as object), faultsIn(ofSuppression)]).toEqual([[message], [message]])
})

describe('a signed report that names an address and no message', () => {
  const bounce = { event: 'bounce', type: 'bounce', status: '5.1.1', reason: '550 5.1.1 no such user' }

  it('suppresses the address of a dead mailbox, once, and is in the timeline of the latest message to it', async () => {
    const email = 'late@example.org'
    const first = await sent({ email }, 'email')
    const late = { ...bounce, email: 'Late@example.org' }
    expect(await report(late)).toBe('{"receipts":1}')
    expect(await world.get(path('email', email))).toMatchObject({
      body: { reason: 'hard_bounce', source: 'sendgrid', address: email },
    })
    expect(await linesOf(first.id)).toContain('A report of SendGrid names this address and no message: hard_bounce.')
    expect(await stateOf({ email }, 'email')).toBe('suppressed')
    await lift('email', email)
    expect(await report(late)).toBe('{"receipts":0}')
    expect(await stateOf({ email }, 'email')).toBe('sent')
  })

  it('may name the whole mailbox, as it was given', async () => {
    await report({ ...bounce, email: 'Ada Lovelace <whole@example.org>' })
    expect(await listed('email', 'whole@example.org')).toBe('hard_bounce')
  })

  it('suppresses nobody for a policy, and counts for an address that was never written to', async () => {
    await report(
      { ...bounce, email: 'policy@example.org', status: '5.0.0', reason: '550 5.7.1 rejected by policy' },
      { event: 'spamreport', email: 'stranger@bücher.example' },
      { event: 'delivered', email: 'happy@example.org' },
    )
    expect(await listed('email', 'policy@example.org')).toBeNull()
    expect(await listed('email', 'happy@example.org')).toBeNull()
    expect(await listed('email', 'stranger@xn--bcher-kva.example')).toBe('complaint')
    expect(await listed('email', 'stranger@bücher.example')).toBe('complaint')
  })

  it('opts the address out of product messages, and in again, by the latest', async () => {
    const email = 'reader@example.org'
    const product = async () =>
      (await world.get<{ product: { email: boolean } }>(`/v1/preferences/${email}`)).body.product.email
    await report({ event: 'group_unsubscribe', email })
    expect(await product()).toBe(false)
    await report(
      { event: 'group_resubscribe', email, timestamp: 1_795_000_009 },
      { event: 'group_unsubscribe', email, timestamp: 1_795_000_005 },
    )
    expect(await product()).toBe(true)
  })
})

describe('reasons to suppress an address', () => {
  it('add up: a complaint stays when the bounce before or after it is lifted', async () => {
    const bounce = { event: 'bounce', type: 'bounce', status: '5.1.1' }
    const complaint = { event: 'spamreport' }
    for (const [i, events] of [
      [bounce, complaint],
      [complaint, bounce],
    ].entries()) {
      const email = `both-${i}@example.org`
      for (const event of events) await report({ ...event, email })
      const { body } = await world.get<{ data: Entry[] }>('/v1/suppressions')
      expect(
        body.data
          .filter(({ address }) => address === email)
          .map(({ reason }) => reason)
          .sort(),
      ).toEqual(['complaint', 'hard_bounce'])
      await lift('email', email)
      expect(await listed('email', email)).toBe('complaint')
      expect(await sent({ email }, 'email')).toMatchObject({
        state: 'suppressed',
        reason: { text: expect.stringContaining('complaint') },
      })
      await lift('email', email)
      expect(await stateOf({ email }, 'email')).toBe('sent')
    }
  })

  it('include an operator’s, which is shown and lifted first', async () => {
    const email = 'operator@example.org'
    await report({ event: 'spamreport', email })
    const headers = { authorization: `Bearer ${keys.operator}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ reason: 'asked on the phone' })
    expect((await fetch(world.url + path('email', email), { method: 'PUT', headers, body })).status).toBe(200)
    expect(await listed('email', email)).toBe('asked on the phone')
    await lift('email', email)
    expect(await listed('email', email)).toBe('complaint')
  })

  it('include a STOP, which only a START or a second lift takes away', async () => {
    const phone = '+14155550141'
    twilio.answer({ status: 400, json: { code: 21614, message: 'not a mobile number', status: 400 } })
    expect(await stateOf({ phone }, 'sms')).toBe('failed')
    twilio.answer(accepting.twilio)
    await text(phone, '“Stop.”')
    expect(await listed('sms', phone)).toBe('invalid_address')
    await lift('sms', phone)
    expect(await listed('sms', phone)).toBe('opted_out')
    expect(await stateOf({ phone }, 'sms')).toBe('suppressed')
    await text(phone, 'start!')
    expect(await stateOf({ phone }, 'sms')).toBe('sent')
  })
})

it('every keyword has a line in the timeline of the latest text to the number, in any language', async () => {
  const phone = '+523312345678'
  const { id } = await sent({ phone: '+52 1 33 1234 5678' }, 'sms')
  for (const [keyword, body] of [
    ['HELP', 'ayuda'],
    ['STOP', 'Darme de baja'],
    ['START', 'शुरू करें'],
  ] as const) {
    // As Twilio may write the number.
    await text('+5213312345678', body)
    expect(await linesOf(id)).toContain(`The recipient replied ${keyword}.`)
    expect(await listed('sms', phone)).toBe(keyword === 'STOP' ? 'opted_out' : null)
  }
})

describe('one person', () => {
  it('is found and named once, however the number or the address is written', async () => {
    const recipients = [
      { phone: '+43 (0)664 1234567' },
      { phone: '0664/123 45 67', country: 'AT' },
      { phone: '+436641234567' },
    ]
    const { body } = await world.app(shipped({ recipient: undefined, recipients }))
    const event = await world.event(body.id)
    expect(event.notifications.filter(({ channel }) => channel === 'sms')).toMatchObject([{ to: '+436641234567' }])
    expect(event.omissions.map(({ reason }) => reason.code)).toContain('same_recipient')
    await sent({ email: 'Info@BÜCHER.example' }, 'email')
    for (const [recipient, to] of [
      ['+43 (0) 664 1234567', '+436641234567'],
      ['0043 664 1234567', '+436641234567'],
      ['info@bücher.example', 'Info@xn--bcher-kva.example'],
      ['info@XN--BCHER-KVA.example', 'Info@xn--bcher-kva.example'],
    ] as const) {
      const found = await world.get<{ data: NotificationShown[] }>(
        `/v1/notifications?recipient=${encodeURIComponent(recipient)}`,
      )
      expect(found.body.data.map((n) => n.to)).toEqual([to])
    }
  })

  it('gets mail at quoted local parts and at domains in other letters, as mail servers take them', async () => {
    for (const [email, to] of [
      ['hanako..k@carrier.example.jp', '"hanako..k"@carrier.example.jp'],
      ['"hanako..k"@carrier.example.jp', '"hanako..k"@carrier.example.jp'],
      ['info@例え.テスト', 'info@xn--r8jz45g.xn--zckzah'],
    ] as const) {
      expect(await sent({ email }, 'email')).toMatchObject({ state: 'sent', to })
      expect(String(sendgrid.requests.at(-1)?.body)).toContain(JSON.stringify({ email: to }).slice(1, -1))
    }
  })

  it('of a payment whose phone cannot be used gets the mail, and the event says why no text', async () => {
    const shipping = { name: 'Grace', phone: '555 0177', address: { country: 'US' } }
    const { body } = await world.stripe(stripeEvent('payment_intent.succeeded', paymentIntent({ shipping })))
    const event = await world.event(body.id)
    expect(event.notifications.find((n) => n.channel === 'email')?.state).toBe('sent')
    const reasons = [...event.notifications, ...event.omissions].filter(({ channel }) => channel === 'sms')
    expect(reasons).toMatchObject([
      { reason: { code: 'no_address', text: expect.stringContaining('no valid number of US') } },
    ])
  })
})
