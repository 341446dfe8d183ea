// A person's rights: what is stored about them in any way that it comes in, as an export, and gone after an erase.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failed, payment, razorpayEvent } from '../fixtures/razorpay/events.ts'
import { paymentIntent, shipped, stripeEvent } from '../helper/events.ts'
import { leaks } from '../helper/planted.ts'
import { resendCallback, twilioText } from '../helper/receipts.ts'
import { signedRazorpay } from '../helper/signed.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { signedIn } from '../helper/visitor.ts'
import { eventually, keys, startWorld, type World } from '../helper/world.ts'

const receiptSecret = `whsec_${Buffer.alloc(24, 3).toString('base64')}`
const razorpaySecret = 'rzp_secret_of_tests'
const authToken = '12345678901234567890123456789012'
const grace = { id: 'cus_7700', email: 'grace.planted@example.org', phone: '+14155550123', name: 'Grace Plantedname' }
const other = { id: 'cus_8800', email: 'alan@example.com', name: 'Alan Other' }
const traces = /grace\.planted|4155550123|415[ -]555[ -]0123|Plantedname|cus_7700/i

let world: World
let resend: Vendor
let twilio: Vendor
let shop: Vendor
beforeAll(async () => {
  resend = await startVendor(accepting.resend)
  twilio = await startVendor(accepting.twilio)
  shop = await startVendor({ status: 204, text: '' })
  world = await startWorld({
    env: {
      RESEND_API_KEY: 're_of_tests',
      RESEND_BASE_URL: resend.url,
      RESEND_WEBHOOK_SECRET: receiptSecret,
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: authToken,
      TWILIO_FROM: '+15005550006',
      TWILIO_BASE_URL: twilio.url,
      PUBLIC_URL: 'https://notify.example.com',
      RAZORPAY_WEBHOOK_SECRET: razorpaySecret,
      APP_CALLBACKS: `shop=${shop.url}/hooks`,
      CALLBACKS_ALLOW_PRIVATE: 'true',
    },
  })
})
afterAll(async () => {
  await world.stop()
  await Promise.all([resend.close(), twilio.close(), shop.close()])
})

const call: World['call'] = (...asked) => world.call(...asked)

const post = async (event: object) => (await call('POST', '/v1/events', event)).body.id as string
const keyOf = encodeURIComponent

/** Every row of every table, of the queue too, in which the person can be found. */
async function found(): Promise<string[]> {
  const { rows: tables } = await world.db.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  expect(tables.length).toBeGreaterThan(30)
  const all: string[] = []
  for (const { name } of tables) {
    const { rows } = await world.db.query<{ row: string }>(
      `select row::text as row from (select t.*, case when to_jsonb(t) ? 'raw' then
         convert_from(decode(substr(to_jsonb(t)->>'raw', 3), 'hex'), 'UTF8') end as read from ${name} t) row`,
    )
    all.push(...rows.filter(({ row }) => traces.test(row)).map(({ row }) => `${name}: ${row.slice(0, 300)}`))
  }
  return all
}

type Planted = 'alone' | 'many' | 'ignored' | 'paid' | 'scheduled' | 'called' | 'captured' | 'declined' | 'tried'
let ids: Record<Planted, string>

/** Two payments of hers by Razorpay: one captured, with her name on the card and in the notes, and one that failed. */
async function plantRazorpay(): Promise<string[]> {
  const hers = { email: grace.email, contact: grace.phone, customer_id: grace.id }
  const captured = {
    ...payment,
    ...hers,
    method: 'card',
    vpa: null,
    card: { last4: '1111', name: 'GRACE PLANTEDNAME' },
  }
  const declined = { ...failed, ...hers, id: 'pay_2', order_id: 'order_2', vpa: 'grace.planted@upi' }
  const events = [
    razorpayEvent('payment.captured', { payment: { ...captured, notes: { order_number: `for ${grace.name}` } } }),
    razorpayEvent('payment.failed', { payment: { ...declined, error_description: `${grace.name} declined` } }),
  ]
  const ids: string[] = []
  for (const event of events) {
    const { payload, headers } = signedRazorpay(event, { secret: razorpaySecret })
    const { body } = await world.send('/webhooks/razorpay', payload, headers)
    ids.push(body.id)
    await world.event(body.id)
  }
  return ids
}

/** What people do with her in the dashboard, and a message in words of their own that is sent to her to try them. */
async function plantDashboard(notificationId: string): Promise<string> {
  const copy = '/v1/notifiers/order-confirmed/copy/en'
  expect((await call('PUT', copy, { messages: { subject: 'Yours: {orderNumber}' } })).status).toBe(200)
  const operator = await signedIn(world)
  await operator.post('/dashboard/notifiers/order-confirmed/preview', {
    locale: 'en',
    data: JSON.stringify({ orderNumber: `${grace.name} ${grace.email}` }),
  })
  expect((await call('POST', `${copy}/publish`)).status).toBe(200)
  const tried = await post({
    type: 'order.confirmed',
    recipient: { email: grace.email, name: grace.name },
    data: { orderNumber: `TEST-1 of ${grace.name}` },
    channels: ['email'],
    reference: `test of ${grace.email}`,
  })
  const { notifications } = await world.event(tried)
  expect(notifications).toMatchObject([{ to: grace.email, subject: 'Yours: TEST-1 of Grace Plantedname' }])
  const viewer = await signedIn(world, keys.viewer)
  for (const text of [grace.email, '(415) 555-0123', grace.name, grace.id])
    await viewer.get(`/dashboard/search?q=${keyOf(text)}`)
  await viewer.get(`/dashboard/notifications/${notificationId}`)
  await viewer.post(`/dashboard/notifications/${notificationId}/reveal`)
  await operator.get(`/dashboard/notifications/${notificationId}`)
  await operator.post(`/dashboard/notifications/${notificationId}/suppress`, { reason: `${grace.name} wants no more` })
  return tried
}

/** In every way in which a person comes in. */
async function plant(): Promise<void> {
  const alone = await post({
    ...shipped({ recipient: grace, reference: `for ${grace.email}` }),
    id: `mailto:${grace.email}`,
  })
  const many = await post({
    type: 'content.published',
    recipients: [grace, other],
    data: { courseTitle: 'Analysis', contentTitle: `By ${grace.name}`, url: 'https://learn.example.com/1' },
  })
  const ignored = await post({
    type: 'warehouse.moved',
    data: { contact: { phone: '(415) 555-0123', who: grace.name } },
  })
  const payment = paymentIntent({
    id: 'pi_1',
    receipt_email: grace.email,
    shipping: { phone: grace.phone, name: grace.name },
  })
  const { body: paid } = await world.stripe(stripeEvent('payment_intent.succeeded', payment))
  const sendAt = new Date(Date.now() + 86_400_000).toISOString()
  const scheduled = await post(shipped({ recipient: grace, sendAt }))
  const { body: called } = await world.app(shipped({ recipient: grace, reference: `app of ${grace.phone}` }))
  const [captured = '', declined = ''] = await plantRazorpay()
  ids = { alone, many, ignored, paid: paid.id, scheduled, called: called.id, captured, declined, tried: '' }
  for (const id of [alone, many, paid.id, called.id]) await world.event(id)
  await world.quiet()
  for (const address of [grace.email, grace.phone])
    expect(shop.requests.filter(({ body }) => body.includes(address)).length).toBeGreaterThan(0)

  const { notifications } = await world.event(alone)
  const sent = notifications.find(({ channel }) => channel === 'email')
  ids.tried = await plantDashboard(sent?.id ?? '')
  const bounced = {
    ...{ type: 'email.bounced', created_at: new Date().toISOString() },
    data: {
      ...{ email_id: sent?.providerMessageId, to: [grace.email], tags: {} },
      bounce: { type: 'Permanent', subType: 'General', message: `550 5.1.1 <${grace.email}> unknown, ${grace.phone}` },
    },
  }
  const report = resendCallback(bounced, { secret: receiptSecret })
  expect((await world.send(report.path, report.payload, report.headers)).status).toBe(200)
  const stop = twilioText({ MessageSid: 'SM7', From: grace.phone, Body: `STOP ${grace.name}` }, { authToken })
  expect((await world.send(stop.path, stop.payload, stop.headers)).status).toBe(200)
  const plainStop = twilioText({ MessageSid: 'SM8', From: grace.phone, Body: 'STOP' }, { authToken })
  expect((await world.send(plainStop.path, plainStop.payload, plainStop.headers)).status).toBe(200)

  const reason = { reason: `${grace.name} asked, ${grace.phone}` }
  expect((await call('PUT', `/v1/suppressions/email/${grace.email}`, reason)).status).toBe(200)
  expect((await call('PUT', `/v1/preferences/${grace.id}`, { product: { email: false, sms: true } })).status).toBe(200)
  expect((await call('PUT', `/v1/preferences/${keyOf(grace.email)}`, { product: { email: false } })).status).toBe(200)
  await post(shipped({ recipient: grace, reference: 'after the suppression' }))
  await call('POST', '/v1/explain', shipped({ recipient: grace }), keys.viewer)
  await call('POST', '/v1/explain?reveal=true', shipped({ recipient: grace }), keys.viewer)
  await call('GET', `/v1/notifications?recipient=${keyOf(grace.email)}&reveal=true`, undefined, keys.viewer)
  await call('GET', `/v1/notifications?recipient=${keyOf('415-555-0123')}`, undefined, keys.viewer)
  await call('GET', `/v1/events/${ignored}?reveal=true`, undefined, keys.viewer)
  await world.quiet()
  await eventually(async () => (await world.db.query('select from callback_outbox')).rowCount === 0)
  await eventually(async () => {
    const { rowCount } = await world.db.query(`select from notifications where state in ('pending', 'sending')`)
    return rowCount === 0
  })
}

describe('a person', () => {
  it('is exported with everything, which is recorded', async () => {
    await plant()
    expect((await found()).length).toBeGreaterThan(15)
    for (const key of [grace.id, grace.email, grace.phone]) {
      const { status, body } = await call('GET', `/v1/recipients/${keyOf(key)}/export`)
      expect(status).toBe(200)
      expect(body.ids).toContain(grace.id)
      expect(body.addresses.sort()).toEqual([grace.phone, grace.email].sort())
      const events = body.events.map(({ id }: { id: string }) => id)
      expect(events).toEqual(expect.arrayContaining(Object.values(ids)))
      expect(body.notifications.length).toBeGreaterThan(5)
      const [first] = body.notifications
      expect(first).toMatchObject({ attempts: expect.any(Array), message: { text: expect.any(String) } })
      expect(JSON.stringify(body)).not.toContain(other.email)
      expect(body.suppressions.map(({ channel }: { channel: string }) => channel)).toEqual(
        expect.arrayContaining(['email', 'sms']),
      )
      expect(body.payments).toHaveLength(1)
      expect(body.preferences.length).toBeGreaterThan(0)
      expect(body.accesses.length).toBeGreaterThan(0)
    }
    expect((await call('GET', `/v1/recipients/${grace.id}/export`, undefined, keys.viewer)).status).toBe(403)
    const { rows } = await world.db.query(`select key_name from access_log where what = 'exported a person'`)
    expect(rows).toHaveLength(3)
  })

  it('is in no column of any table and in no line of the log after an erase, and what waited is cancelled', async () => {
    const before = await world.event(ids.scheduled, () => true)
    expect(before.notifications.map(({ state }) => state)).toContain('scheduled')
    const answer = await call('DELETE', `/v1/recipients/${keyOf(' +1 (415) 555-0123 ')}`)
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200, body: { reports: expect.any(Number) } })
    expect(await found()).toEqual([])
    expect(world.log.filter((line) => traces.test(line))).toEqual([])
    expect(leaks(world.log.join('\n')).filter((leak) => traces.test(leak))).toEqual([])
    const after = await world.event(ids.scheduled, () => true)
    expect(after.notifications.every(({ state }) => !['scheduled', 'pending'].includes(state))).toBe(true)
  })

  it('leaves the audit: states, attempts, and who erased them', async () => {
    const { notifications } = await world.event(ids.alone, () => true)
    for (const { id } of notifications) {
      const { to, subject, attempts } = await world.notification(id)
      expect({ to, subject }).toEqual({ to: null, subject: null })
      expect(attempts.length).toBeGreaterThan(0)
    }
    const { rows } = await world.db.query(`select key_name, whose from access_log where what = 'erased a person'`)
    expect(rows).toEqual([{ key_name: 'operator', whose: [expect.stringMatching(/^forgotten:/)] }])
  })

  it('is cut out of an event for many, whose others keep their part', async () => {
    const event = await world.event(ids.many)
    const body = JSON.parse(event.body)
    expect(body.recipients).toEqual([other])
    expect(body.data.courseTitle).toBe('Analysis')
    const theirs = event.notifications.find(({ to }) => to === other.email)
    expect(theirs?.state).toBe('sent')
  })

  it('who opted out is not written to again, by no spelling, until that is lifted', async () => {
    const outcome = async (event: object) => {
      const { notifications } = await world.event(await post(event))
      return notifications.map(({ channel, state, reason }) => [channel, state, reason?.code])
    }
    const again = {
      ...grace,
      id: 'cus_new',
      phone: '(415) 555-0123',
      country: 'US',
      email: 'GRACE.Planted@example.org',
    }
    expect((await outcome(shipped({ recipient: again }))).sort()).toEqual([
      ['email', 'suppressed', 'suppressed_address'],
      ['sms', 'suppressed', 'suppressed_address'],
    ])
    const data = { courseTitle: 'Analysis', contentTitle: 'Engines', url: 'https://learn.example.com/1' }
    const byId = { id: grace.id, email: 'new.address@example.org' }
    expect(await outcome({ type: 'content.published', recipient: byId, data })).toEqual([
      ['email', 'suppressed', 'opted_out'],
    ])
    const no = { product: { email: false, sms: true } }
    for (const id of [grace.id, grace.email, 'GRACE.planted@example.org'])
      expect((await call('GET', `/v1/preferences/${keyOf(id)}`)).body, id).toEqual(no)
    const yes = await call('PUT', `/v1/preferences/${grace.id}`, { product: { email: true } })
    expect(yes.body).toEqual({ product: { email: true, sms: true } })
    expect(await outcome({ type: 'content.published', recipient: byId, data })).toEqual([['email', 'sent', undefined]])
    const path = `/v1/suppressions/email/${grace.email}`
    expect((await call('GET', path)).body).toMatchObject({ address: grace.email, reason: 'asked to be forgotten' })
    for (let left = 0; left < 3 && (await call('GET', path)).status === 200; left++)
      expect((await call('DELETE', path)).status).toBe(204)
    expect(await outcome(shipped({ recipient: { email: grace.email } }))).toEqual([['email', 'sent', undefined]])
  })

  it('may be erased again, which finds what has come since', async () => {
    for (const key of [grace.email, grace.id, grace.phone, 'cus_new'])
      expect((await call('DELETE', `/v1/recipients/${keyOf(key)}`)).status).toBe(200)
    expect(await found()).toEqual([])
    expect((await call('DELETE', '/v1/recipients/nobody')).body).toEqual({ notifications: 0, events: 0, reports: 0 })
  })
})

it('a person is found by an id outside ASCII, as it is and as some programs write it in JSON', async () => {
  const body = JSON.stringify({ type: 'warehouse.moved', data: { recipientId: 'kunde_köln' } })
  const events: string[] = []
  for (const raw of [body, body.replace('ö', '\\u00f6')]) {
    const headers = { authorization: `Bearer ${keys.operator}`, 'content-type': 'application/json' }
    events.push((await world.send('/v1/events', raw, headers)).body.id)
  }
  const exported = await call('GET', `/v1/recipients/${keyOf('kunde_köln')}/export`)
  expect(exported.body.events.map(({ id }: { id: string }) => id)).toEqual(events)
})

it('an erase is refused while a message is being sent or in doubt, and says what to do', async () => {
  const recipient = { id: 'cus_doubt', email: 'doubt@example.org' }
  // Of this message alone: others may still be under way.
  resend.answer((request, number) =>
    request.body.includes(recipient.email) ? 'reset-after-read' : accepting.resend(request, number),
  )
  const id = await post(shipped({ recipient }))
  await world.event(id, ({ notifications }) => notifications.some(({ state }) => state === 'unconfirmed'))
  const { status, body } = await call('DELETE', '/v1/recipients/cus_doubt')
  expect(status).toBe(409)
  expect(body.detail).toMatch(/nothing was erased yet/)
  expect((await world.db.query(`select from notifications where address = 'doubt@example.org'`)).rowCount).toBe(1)
  resend.answer(accepting.resend)
})
