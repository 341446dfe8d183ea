// "She says no mail came": support looks for an order in a real browser without script, on a phone, and reads what became of it.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { posthorn } from '../../clients/typescript/index.ts'
import { ordered, paymentIntent, stripeEvent } from '../helper/events.ts'
import { sendgridCallback, sendgridKeys } from '../helper/receipts.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { eventually, keys, startWorld, type World } from '../helper/world.ts'
import { launchBrowser, takePicture } from './browser.ts'

const sendgrid = sendgridKeys()
const ada = { id: 'cus_ada', email: 'ada@example.org', name: 'Ada Lovelace' }
const gone = { id: 'cus_gone', email: 'gone@example.org', name: 'Grace Hopper' }
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()

let browser: Browser
let vendor: Vendor
let world: World
let page: Page
beforeAll(async () => {
  vendor = await startVendor(accepting.sendgrid)
  const account = { SENDGRID_API_KEY: 'SG.1', SENDGRID_WEBHOOK_KEY: sendgrid.webhookKey, SENDGRID_BASE_URL: vendor.url }
  world = await startWorld({ env: { ...account, DEFAULT_LOCALE: 'en-US' } })
  browser = await launchBrowser()
  const context = await browser.newContext({ viewport: { width: 390, height: 900 }, javaScriptEnabled: false })
  page = await context.newPage()
  await page.goto(`${world.url}/dashboard`)
  await page.getByLabel('API key').fill(keys.operator)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await happen()
})
afterAll(async () => {
  await browser?.close()
  await world?.stop()
  await vendor?.close()
})

/** Orders of which something became each time: the id of the first message. */
async function order(reference: string, recipient: object, more: object = {}): Promise<string> {
  const { body } = await world.app(ordered({ recipient, reference, ...more }))
  const { notifications } = await world.event(body.id, ({ status }) => status !== 'accepted')
  return notifications[0]?.id ?? ''
}

/** What the provider reports later of a message that it has taken. */
async function reported(id: string, email: string, report: object): Promise<void> {
  await world.quiet()
  const body = vendor.requests.find((request) => request.body.includes(id))?.body ?? ''
  const [, attempt_id] = /"attempt_id":"([^"]+)"/.exec(body) ?? []
  const ours = { sg_message_id: 'sendgrid-9.filter0001', notification_id: id, attempt_id, email }
  const event = { ...ours, timestamp: Math.floor(Date.now() / 1000), ...report }
  const { path, payload, headers } = sendgridCallback([event], { privateKey: sendgrid.privateKey })
  expect((await world.send(path, payload, headers)).status).toBe(200)
}

const isIn = (id: string, state: string) =>
  eventually(async () => (await world.notification(id)).state === state || null)

async function happen(): Promise<void> {
  const delivered = await order('ORD-1', ada)
  await reported(delivered, ada.email, { event: 'delivered' })
  await isIn(delivered, 'delivered')
  const bounced = await order('ORD-2', gone)
  await reported(bounced, gone.email, { event: 'bounce', type: 'bounce', status: '5.1.1', reason: '550 no such user' })
  await isIn(bounced, 'undelivered')
  await order('ORD-3', gone)
  await order('ORD-6', ada, { sendAt: inHours(30) })
  const later = await order('ORD-5', ada, { sendAt: inHours(2) })
  await page.goto(`${world.url}/dashboard/notifications/${later}`)
  await page.getByRole('button', { name: 'Cancel it' }).click()
  await twice()
  await unsubscribed()
  await paidAfterAll()
  const unwritten = await order('ORD-COPY', { id: 'cus_copy', email: 'copy@example.org' })
  await world.quiet()
  await world.db.query(
    `update notification_states set state = 'failed', reason_code = 'render_failed', reason_params = '{}' where id = $1`,
    [unwritten],
  )
  await world.app({ type: 'order.shiped', data: {}, reference: 'ORD-7' })
  await order('ORD-8', { id: 'cus_phone', phone: '+14155550178' })
  const paid = paymentIntent({ id: 'pi_known', metadata: { order_id: 'ORD-9' } })
  await world.stripe(stripeEvent('payment_intent.succeeded', paid))
  await world.quiet()
  vendor.answer({ status: 503, json: { errors: [{ message: 'Service temporarily unavailable' }] } })
  const deferred = await order('ORD-4', { id: 'cus_d', email: 'dora@example.org' })
  await eventually(async () => (await world.notification(deferred)).attempts[0]?.outcome === 'deferred' || null)
  vendor.answer('reset-after-read')
  await isIn(await order('ORD-0', { id: 'cus_u', email: 'una@example.org' }), 'unconfirmed')
}

const isAccepted = ({ outcome }: { outcome: string | null }) => outcome === 'accepted'

/** Sent, and sent again by somebody who replayed the event with force; and told twice by the source. */
async function twice(): Promise<void> {
  const first = await order('ORD-TWICE', { id: 'cus_twice', email: 'twice@example.org', locale: 'es-MX' })
  await world.quiet()
  const { eventId: id } = await world.notification(first)
  const client = posthorn({ url: world.url, key: keys.operator })
  await client.POST('/v1/events/{id}/replay', { params: { path: { id } }, body: { force: true } })
  await eventually(async () => (await world.notification(first)).attempts.filter(isAccepted).length === 2)
  const again = { id: 'cus_told', email: 'told@example.org' }
  await order('ORD-TOLD', again)
  await order('ORD-TOLD', again)
}

/** She wants no news, and gets the receipts of her orders. */
async function unsubscribed(): Promise<void> {
  const client = posthorn({ url: world.url, key: keys.operator })
  await client.PUT('/v1/preferences/{recipientId}', {
    params: { path: { recipientId: 'cus_news' } },
    body: { product: { email: false } },
  })
  const recipient = { id: 'cus_news', email: 'news@example.org' }
  await order('ORD-NEWS', recipient)
  const data = { courseTitle: 'Typography', contentTitle: 'Tables', url: 'https://learn.example.com/7' }
  await world.app({ type: 'content.published', recipient, reference: 'NEWS-7', data })
}

async function paidAfterAll(): Promise<void> {
  const data = { amount: { amount: 4999, currency: 'eur' }, orderNumber: 'ORD-PAID' }
  const recipient = { id: 'cus_paid', email: 'paid@example.org' }
  const about = { recipient, reference: 'ORD-PAID', data }
  const { body } = await world.app({ type: 'payment.failed', ...about, sendAt: inHours(1) })
  await world.event(body.id, ({ status }) => status !== 'accepted')
  await world.app({ type: 'payment.received', ...about })
  await eventually(async () => (await world.event(body.id, () => true)).counts.cancelled === 1)
}

async function read(path: string, name: string): Promise<string> {
  await page.goto(world.url + path)
  await takePicture(page, `support-${name}`)
  return ((await page.textContent('main')) ?? '').replace(/\s+/g, ' ')
}

interface Story {
  what: string
  order: string
  /** What the search says, and then the page of the message. */
  found: string[]
  told: string[]
}

const stories: Story[] = [
  {
    ...{ what: 'it arrived', order: 'ORD-1' },
    found: ['1 message arrived.'],
    told: [
      'It arrived. The mail server of example.org accepted it',
      'look under Spam and Promotions',
      'Send a second copy',
    ],
  },
  {
    ...{ what: 'it bounced', order: 'ORD-2' },
    found: [
      '1 message did not arrive.',
      'Ask the customer for an address that works',
      'later reported that it was not delivered.',
    ],
    told: [
      'It did not arrive.',
      '5.1.1: 550 no such user',
      'Ask the customer for an address that works',
      'it came back',
    ],
  },
  {
    ...{ what: 'the address is suppressed', order: 'ORD-3' },
    found: ['1 message was not sent on purpose.', 'The address is on the suppression list.'],
    told: [
      'Mail to it bounced for good.',
      'Ask the customer for an address that works',
      'Messages to your address at example.org came back',
      'See the suppressions',
    ],
  },
  {
    ...{ what: 'the provider asked to wait', order: 'ORD-4' },
    found: ['1 message waits to be sent.', 'No available provider accepted it.'],
    told: [
      'It will be tried again in the next round.',
      'Next: an attempt. That is in',
      'SendGrid could not accept it now.',
    ],
  },
  {
    ...{ what: 'somebody cancelled it', order: 'ORD-5' },
    found: ['1 message was not sent on purpose.', 'Cancelled before it was sent.'],
    told: [
      'It was stopped. Cancelled before it was sent. By operator key operator.',
      'It was cancelled, and stays so.',
    ],
  },
  {
    ...{ what: 'it waits for its time', order: 'ORD-6' },
    found: ['1 message waits to be sent.', 'Scheduled for the requested send time.'],
    told: ['It waits for its time.', 'Next: it is sent. That is in 1 day, on', 'Cancel it'],
  },
  {
    ...{ what: 'nobody listens to the event', order: 'ORD-7' },
    found: ['It was reported to us, and no message came of it.', 'No notifier handles this event type.'],
    told: ['Nobody was notified, on purpose.', 'Did you mean order.shipped?', 'Replay it'],
  },
  {
    ...{ what: 'the event has no email address', order: 'ORD-8' },
    found: ['1 message that could be expected was not made; why is below.', 'No address is known for this channel.'],
    told: [
      'It could not be sent. No provider is configured for this channel.',
      'Set up a provider, then replay its event.',
    ],
  },
  {
    ...{ what: 'he got it twice', order: 'ORD-TWICE' },
    found: ['1 message was taken by a provider, without a receipt so far.'],
    told: [
      'It left 2 times; the timeline says why.',
      'Operator key operator replayed its event.',
      'Language',
      'Spanish',
    ],
  },
  {
    ...{ what: 'he got two', order: 'ORD-TOLD' },
    found: ['order-confirmation left for the same address 2 times, for 2 events that the source sent.'],
    told: ['SendGrid took it.'],
  },
  {
    ...{ what: 'its copy could not be written', order: 'ORD-COPY' },
    found: ['1 message was given up and not sent.', 'The message could not be rendered from the event’s data.'],
    told: ['Fix the wording or the event’s data, then send it again.', 'It did not reach you.'],
  },
  {
    ...{ what: 'she wants no news', order: 'NEWS-7' },
    found: ['1 message was not sent on purpose.', 'The recipient has opted out of product messages on this channel.'],
    told: [
      'Messages about orders and payments still go out.',
      'change it under Preferences, then replay its event',
      'You have turned off our news',
    ],
  },
  {
    ...{ what: 'she wants no news and gets receipts', order: 'ORD-NEWS' },
    found: ['1 message was taken by a provider, without a receipt so far.'],
    told: ['SendGrid took it.'],
  },
  {
    ...{ what: 'nobody knows whether it went out', order: 'ORD-0' },
    found: ['1 message may or may not have gone out.'],
    told: ['SendGrid may have accepted it.', 'Next: the unknown outcome is settled. That is in', 'Did you get it?'],
  },
]

it('a failure that its payment made untrue is not told, and why', async () => {
  const results = await read('/dashboard/search?q=ORD-PAID', 'ORD-PAID-found')
  expect(results).toContain('Cancelled because the payment succeeded.')
  const stopped = page.getByRole('row').filter({ hasText: 'cancelled' }).locator('a.lead')
  const message = await read((await stopped.getAttribute('href')) ?? '', 'ORD-PAID')
  expect(message).toContain('Your payment went through after all, so we did not send the email')
  await page.locator('.answer a').click()
  expect(await page.textContent('h1')).toBe('payment.received')
})

describe('an order is looked for, and', () => {
  it.each(stories)('$what', async ({ order, found, told }) => {
    const results = await read(`/dashboard/search?q=${order}`, `${order}-found`)
    for (const words of found) expect(results).toContain(words)
    const message = await read((await page.locator('a.lead').first().getAttribute('href')) ?? '', order)
    for (const words of told) expect(message).toContain(words)
  })
})

it.each([
  ['ada@example.org', 'an email address'],
  ['415-555-0177', 'a phone number, +14155550177'],
  ['+1 (415) 555 0177', 'a phone number, +14155550177'],
  ['0014155550177', 'a phone number, +14155550177'],
  ['pi_known', 'an id of a payment or another object'],
  ['cus_ada', 'a customer’s id'],
])('%s is read as %s, and found', async (words, as) => {
  const results = await read(`/dashboard/search?q=${encodeURIComponent(words)}`, `words-${words.replace(/\W/g, '')}`)
  expect(results).toContain(`Read as ${as}.`)
  expect(results).toMatch(/\d messages?[:, ]/)
})
