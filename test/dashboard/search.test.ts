// The dashboard's search, as support uses it: one box for whatever the customer says.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Notification } from '../../src/dashboard/kit/shown.ts'
import { aboutPeople, twiceText } from '../../src/dashboard/search/advice.ts'
import { readingsOf } from '../../src/dashboard/search/readings.ts'
import { ordered, paymentIntent, shipped, stripeEvent } from '../helper/events.ts'
import { signedIn, type Visitor } from '../helper/visitor.ts'
import { type EventAudit, keys, startWorld, type World } from '../helper/world.ts'

let world: World
let operator: Visitor
let viewer: Visitor
let order: EventAudit

beforeAll(async () => {
  world = await startWorld({ env: { DEFAULT_LOCALE: 'en-US' } })
  const { body } = await world.app(shipped())
  await world.app(ordered({ recipient: { id: 'cus_8', email: 'Alan@Example.org' }, reference: 'ORD-88' }))
  await world.stripe(
    stripeEvent('payment_intent.succeeded', paymentIntent({ id: 'pi_known', metadata: { order_id: 'A-9' } })),
  )
  await world.app({ type: 'warehouse.moved', data: {}, reference: 'SHELF-3' })
  await world.app(
    ordered({ recipient: { id: 'cus_x', email: 'x@example.org' }, reference: '<img src=x onerror=alert(1)>' }),
  )
  order = await world.event(body.id)
  await world.quiet()
  operator = await signedIn(world)
  viewer = await signedIn(world, keys.viewer)
})
afterAll(() => world.stop())

const search = (q: string, one = operator, more = '') =>
  one.get(`/dashboard/search?${new URLSearchParams({ q })}${more}`)

describe('the box', () => {
  it.each([
    ['alan@example.org', 'an email address', 1],
    [' ALAN@Example.ORG ', 'an email address', 1],
    ['mailto:alan@example.org', 'an email address', 1],
    ['<alan@example.org>', 'an email address', 1],
    ['+14155550177', 'a phone number, +14155550177', 2],
    ['+1 (415) 555-0177', 'a phone number, +14155550177', 2],
    ['001 415 555 0177', 'a phone number, +14155550177', 2],
    ['14155550177', 'a phone number, +14155550177', 2],
    ['415.555.0177', 'a phone number, +14155550177', 2],
    ['ORD-88', 'an order number or another reference', 1],
    ['A-9', 'an order number or another reference', 2],
    ['pi_known', 'an id of a payment or another object', 2],
    ['cus_7', 'a customer’s id', 4],
  ])('reads %s as %s', async (words, as, messages) => {
    const page = await search(words)
    expect(page.status).toBe(200)
    expect(page.text).toContain(`Read as ${as}.`)
    expect(page.text).toContain(`${messages} message${messages === 1 ? '' : 's'}, newest first`)
  })

  it('opens a notification or an event by its id', async () => {
    const id = order.notifications[0]?.id ?? ''
    expect((await search(id)).path).toBe(`/dashboard/notifications/${id}`)
    expect((await search(order.id)).path).toBe(`/dashboard/events/${order.id}`)
    expect((await search(crypto.randomUUID())).text).toContain('Nothing about')
  })

  it('finds an event that no message came of', async () => {
    const page = await search('SHELF-3')
    expect(page.text).toContain('It was reported to us, and no message came of it.')
    expect(page.text).toContain('warehouse.moved')
  })

  it('finds what was sent about an invoice by the number that customers quote', async () => {
    const { body } = await world.stripe({
      ...{ id: 'evt_of_an_invoice', object: 'event', type: 'invoice.paid', created: 1_795_000_000, livemode: true },
      data: {
        object: {
          ...{
            id: 'in_7',
            object: 'invoice',
            number: 'A1B2C3D4-0007',
            status: 'paid',
            amount_paid: 1200,
            currency: 'eur',
          },
          customer_email: 'payer@example.org',
        },
      },
    })
    const { notifications } = await world.event(body.id)
    expect(notifications.length).toBeGreaterThan(0)
    const { data } = (
      await world.get<{ data: { id: string }[] }>('/v1/notifications?reference=A1B2C3D4-0007', keys.operator)
    ).body
    expect(data.map(({ id }) => id)).toEqual(notifications.map(({ id }) => id))
    const page = await operator.get('/dashboard/search?q=A1B2C3D4-0007')
    expect(page.text + page.html + page.path).toContain(notifications[0]?.id ?? 'none')
  })

  it('says that there is nothing, and offers the exact text', async () => {
    const page = await search('ORD-10001')
    expect(page.text).toContain('Nothing about “ORD-10001”')
    expect(page.html).toContain('href="/dashboard/search?q=ORD-10001&amp;exact=1"')
    expect((await search('415.555.0177', operator, '&exact=1')).text).toContain('Read as the exact text.')
  })

  it('groups what belongs to one event', async () => {
    const page = await search('cus_7')
    expect(page.html.match(/scope="rowgroup"/g)?.length).toBeGreaterThan(1)
    expect(page.text).toContain('payment.received , told by stripe')
  })

  it('shows what was typed as text, whatever it is', async () => {
    for (const words of ['<img src=x onerror=alert(1)>', '"><script>alert(1)</script>', "'; drop table events; --"]) {
      const { html, status } = await search(words)
      expect(status).toBe(200)
      expect(html).not.toMatch(/<img|<script(?! src="\/assets)/)
    }
  })

  it('leads to the list where nothing was typed', async () => {
    expect((await search('  ')).path).toBe('/dashboard/notifications')
  })
})

describe('a viewer', () => {
  it('finds by an address that is then masked, and the search is on record', async () => {
    const page = await search('alan@example.org', viewer)
    expect(page.text).toContain('A***@Example.org')
    expect(page.html.replaceAll(/value="[^"]*"|<title>.*<\/title>|<h1>.*?<\/h1>|href="[^"]*"/g, '')).not.toMatch(
      /alan@/i,
    )
    const { rows } = await world.db.query(`select key_name, whose from access_log where what = 'searched by address'`)
    expect(rows).toContainEqual({ key_name: 'viewer', whose: ['alan@example.org'] })
  })
})

describe('the lists', () => {
  it('filter as the API does, and page', async () => {
    const all = await operator.get('/dashboard/notifications')
    expect(all.text).toContain('This is the end of the list.')
    const some = await operator.get('/dashboard/notifications?channel=sms&notifier=order-shipped')
    expect(some.html.match(/class="lead"/g)).toHaveLength(1)
    expect((await operator.get('/dashboard/notifications?state=failed')).text).toContain('Nothing was given up')
    const ignored = await operator.get('/dashboard/events?status=ignored&since=2020-01-01 00:00')
    expect(ignored.text).toContain('1 event: 1 notified nobody, on purpose.')
    expect(ignored.text).toContain('Filter status ignored, since 2020-01-01 00:00')
    expect(ignored.text).toContain('warehouse.moved')
  })

  it('say what is wrong with a filter, beneath its field', async () => {
    const page = await operator.get('/dashboard/notifications?since=yesterday')
    expect(page.status).toBe(400)
    expect(page.text).toContain('Since, in UTC It must be a date, or a date and a time such as 2026-11-21 02:41.')
    expect(page.html, 'what was typed is kept').toContain('value="yesterday"')
  })
})

describe('what an app was told', () => {
  const one = (more: object) =>
    ({
      notifier: 'app-callback',
      channel: 'callback',
      to: 'https://a.example/cb',
      state: 'sent',
      reason: null,
      reference: 'T-1',
      subject: null,
      eventId: 'e',
      ...more,
    }) as unknown as Notification
  const text = one({ notifier: 'order-shipped', channel: 'sms', to: '+14155550121', state: 'undelivered' })

  it('is no message that somebody got twice', () => {
    expect(twiceText([one({}), one({})])).toBe('')
    expect(twiceText([text, text])).toContain('left for the same address 2 times')
  })

  it('counts only where nothing else was found', () => {
    expect(aboutPeople([one({}), text, one({})])).toEqual([text])
    expect(aboutPeople([one({})])).toHaveLength(1)
  })
})

it('a national number is read where the service is at home', () => {
  const [first] = readingsOf('020 7946 0958', { country: 'GB', exact: false })
  expect(first).toMatchObject({ text: '+442079460958', by: ['recipient'] })
  expect(readingsOf('12345678', { country: null, exact: false })).toMatchObject([{ by: ['reference', 'recipient'] }])
})

describe('the same message twice', () => {
  const row = (to: string, eventId: string) =>
    ({
      notifier: 'order-confirmation',
      channel: 'email',
      state: 'sent',
      reason: null,
      to,
      eventId,
      reference: 'A-1',
      subject: 'Thanks',
    }) as Notification

  it.each([
    [
      'of one address',
      [row('ada@example.org', '1'), row('ada@example.org', '2')],
      'left for the same address 2 times, for 2 events',
    ],
    ['of two', [row('ada@example.org', '1'), row('amy@example.org', '1')], ''],
    ['of two that look the same to a viewer', [row('a***@example.org', '1'), row('a***@example.org', '1')], ''],
    [
      'of what looks the same to a viewer in two events',
      [row('a***@example.org', '1'), row('a***@example.org', '2')],
      'left for what looks like the same address 2 times, for 2 events',
    ],
  ])('%s', (_which, rows, expected) => {
    expect(twiceText(rows)).toContain(expected)
    expect(twiceText(rows) === '').toBe(expected === '')
  })
})
