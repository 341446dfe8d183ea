// What a viewer may not see: addresses of many shapes stand in every field of events, and every answer that a viewer gets is
// searched for all of their spellings. And what is recorded of who looked.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addAddresses, noKnownAddresses } from '../../src/privacy/known-addresses.ts'
import { maskText } from '../../src/privacy/mask.ts'
import { ordered, paymentIntent, shipped, stripeEvent } from '../helper/events.ts'
import { leaks, type Planted, planted, spellings } from '../helper/planted.ts'
import { type EventAudit, keys, type NotificationAudit, startWorld, type World } from '../helper/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const bearer = (key: string) => ({ authorization: `Bearer ${key}`, 'content-type': 'application/json' })
const textOf = async (path: string, key = keys.viewer) =>
  (await fetch(world.url + path, { headers: { authorization: `Bearer ${key}` } })).text()

/** One line of at most so many signs that holds some of the spellings, beginning with the `nth`. */
function some(person: Planted, nth: number, most: number): string {
  const all = spellings(person).filter((text) => !/[\p{Cc}\p{Zl}]/u.test(text))
  const first = all[nth % all.length] ?? ''
  return first.length <= most ? first : (all.find((text) => text.length <= most) ?? '')
}

function event(person: Planted, nth: number): { event: Record<string, unknown>; id: string } {
  const { email, phone } = person
  const recipient = { id: some(person, nth, 200), email, phone, name: some(person, nth + 1, 200) }
  const text = (most: number, more: number) => some(person, nth + more, most)
  const sent = ordered({
    recipient,
    reference: text(200, 2),
    data: {
      orderNumber: text(100, 3),
      items: [{ name: text(300, 4), quantity: 1, unitPrice: { amount: 100, currency: 'eur' } }],
      total: { amount: 100, currency: 'eur' },
      note: nth < planted.length ? spellings(person).join(' | ') : text(300, 6),
      deep: { tel: person.national, list: [{ msisdn: Number(phone.slice(1)) }], raw: JSON.stringify({ email, phone }) },
    },
  })
  // A header takes it encoded once more, and no longer than this.
  const ids = spellings(person).map(encodeURIComponent)
  return { event: sent, id: ids.slice(nth).find((id) => id.length <= 256) ?? encodeURIComponent(email) }
}

const rounds = Math.max(...planted.map((person) => spellings(person).length))

it('of known people no spelling is left, wherever it stands', async () => {
  for (const person of planted) {
    const known = addAddresses(noKnownAddresses(), [person.email, person.phone])
    for (const one of spellings(person))
      for (const text of [
        one,
        JSON.stringify(one),
        `a ${one} b`,
        `x/${one}/y`,
        JSON.stringify(JSON.stringify({ a: one })),
      ])
        expect(leaks(await maskText(text, known), [person]), text).toEqual([])
  }
})

it('no answer to a viewer has an address of an event, in whatever field and spelling it came', async () => {
  for (const [p, person] of planted.entries())
    for (let nth = p; nth < rounds; nth += 37) {
      const made = event(person, nth)
      const posted = await world.send('/v1/events', JSON.stringify(made.event), {
        ...bearer(keys.producer),
        'idempotency-key': made.id,
      })
      expect(posted.status, JSON.stringify(posted.body)).toBe(200)
      const explained = await fetch(`${world.url}/v1/explain`, {
        method: 'POST',
        headers: bearer(keys.viewer),
        body: JSON.stringify(made.event),
      })
      expect(leaks(await explained.text(), [person]), 'explained').toEqual([])
    }
  for (const person of planted) {
    const { email, phone, national } = person
    const billing_details = { email, phone: national, name: `Ada ${phone}` }
    await world.stripe(
      stripeEvent('payment_intent.succeeded', {
        ...paymentIntent({ receipt_email: email, shipping: { phone }, metadata: { order_id: national, who: email } }),
        latest_charge: { id: 'ch_1', object: 'charge', billing_details },
      }),
    )
    await world.stripe(stripeEvent('customer.created', { id: 'cus_1', object: 'customer', email, phone: national }))
    await world.app({ type: `moved.${email}`, data: { contact: national, to: phone }, reference: email })
    await world.app(
      shipped({ recipient: { email, phone }, data: { carrier: 'x', trackingNumber: national, orderNumber: phone } }),
    )
    for (const [channel, address] of [
      ['email', email],
      ['sms', phone],
    ])
      await fetch(`${world.url}/v1/suppressions/${channel}/${encodeURIComponent(address ?? '')}`, {
        method: 'PUT',
        headers: bearer(keys.operator),
        body: JSON.stringify({ reason: `${national} or ${phone} or ${encodeURIComponent(email)}` }),
      })
    // Now that they are suppressed, the reason stands with the notification.
    await world.app(shipped({ recipient: { email, phone } }))
  }
  await world.quiet()

  const lists = ['/v1/notifications', '/v1/events', '/v1/suppressions'].map((path) => `${path}?limit=200`)
  const channels = ['email', 'sms'].map((channel) => `/v1/notifications?channel=${channel}&limit=200`)
  const others = ['/v1/providers', '/v1/schedules', '/v1/queues']
  const ids = async (table: string) =>
    (await world.db.query<{ id: string }>(`select id from ${table}`)).rows.map(({ id }) => id)
  const events = (await ids('events')).map((id) => `/v1/events/${id}`)
  const one = (await ids('notifications')).map((id) => `/v1/notifications/${id}?include=message`)
  const paths = [...lists, ...channels, ...others, ...events, ...one]
  expect(paths.length).toBeGreaterThan(80)
  let revealed = 0
  for (const path of paths) {
    expect(leaks(await textOf(path)), path).toEqual([])
    if (path.startsWith('/v1/events/') && revealed < 100) revealed += leaks(await textOf(path, keys.operator)).length
  }
  expect(revealed, 'the search finds what is there').toBeGreaterThanOrEqual(100)
}, 300_000)

describe('what a viewer looked at', () => {
  const person = { id: 'cus_looked', email: 'looked.at@example.org', phone: '+14155550199' }
  const log = async () =>
    (await world.db.query('select key_name, what, subject, whose from access_log order by id')).rows
  let id = ''
  let email: NotificationAudit | undefined
  beforeAll(async () => {
    id = (await world.app(shipped({ recipient: person }))).body.id
    const { notifications } = await world.event(id)
    email = notifications.find(({ channel }) => channel === 'email') as NotificationAudit
    await world.db.query('delete from access_log')
  })

  it('is recorded with whose addresses they were, and without asking nothing is shown or recorded', async () => {
    const masked = await world.get<EventAudit>(`/v1/events/${id}`, keys.viewer)
    expect(masked.body.notifications.map(({ to }) => to).sort()).toEqual(['+1***99', 'l***@example.org'])
    expect(await log()).toEqual([])
    const path = `/v1/notifications/${email?.id}?include=message`
    const closed = await world.get<NotificationAudit>(path, keys.viewer)
    expect(closed.body).toMatchObject({ message: null, messageReason: { code: 'not_revealed' } })
    const open = await world.get<NotificationAudit>(`${path}&reveal=true`, keys.viewer)
    expect(open.body).toMatchObject({ to: person.email, message: { text: expect.any(String) } })
    await world.get('/v1/notifications?recipient=cus_looked&reveal=true', keys.viewer)
    await world.get(`/v1/events/${id}?reveal=true`, keys.viewer)
    const what = 'revealed addresses'
    const rows = await log()
    expect(rows.map(({ whose, ...row }) => ({ ...row, whose: whose.toSorted() }))).toEqual([
      { key_name: 'viewer', what, subject: `notification ${email?.id}`, whose: [person.email] },
      { key_name: 'viewer', what, subject: 'notifications', whose: [person.phone, person.email] },
      { key_name: 'viewer', what, subject: `event ${id}`, whose: [person.phone, person.email] },
    ])
  })

  it('for by an address is recorded, found or not; by an id it is not, nor what an operator does', async () => {
    await world.db.query('delete from access_log')
    const paths = [
      '/v1/notifications?recipient=%2B14155550100',
      `/v1/notifications?recipient=${person.email}`,
      '/v1/notifications?recipient=cus_looked',
      '/v1/notifications?reference=ORD-1001',
      `/v1/events?reference=${person.email}`,
      `/v1/suppressions/email/${person.email}`,
      `/v1/preferences/${encodeURIComponent(person.email)}`,
      '/v1/preferences/cus_looked',
    ]
    for (const path of paths) await world.get(path, keys.viewer)
    for (const path of paths) await world.get(path, keys.operator)
    const what = 'searched by address'
    expect(await log()).toEqual([
      { key_name: 'viewer', what, subject: 'notifications', whose: ['+14155550100'] },
      { key_name: 'viewer', what, subject: 'notifications', whose: [person.email] },
      { key_name: 'viewer', what, subject: 'events', whose: [person.email] },
      { key_name: 'viewer', what, subject: 'suppressions', whose: [person.email] },
      { key_name: 'viewer', what, subject: 'preferences', whose: [person.email] },
    ])
  })
})
