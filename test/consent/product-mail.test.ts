// Product mail from end to end: a signed webhook in, the message at the vendor, its link pressed, the next one held back.
// A notifier that ships is of the category `product` here.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import orderShipped from '../../src/notifiers/order-shipped.ts'
import { ordered, shipped } from '../helper/events.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { type EventAudit, keys, type NotificationAudit, startWorld, type World } from '../helper/world.ts'

const recipient = { id: 'cus_7', email: 'Grace@Example.org', name: 'Grace Hopper', locale: 'es-MX' }

let resend: Vendor
let world: World
beforeAll(async () => {
  Object.assign(orderShipped, { category: 'product' })
  resend = await startVendor(accepting.resend)
  world = await startWorld({ env: { RESEND_API_KEY: 're_of_tests', RESEND_BASE_URL: resend.url } })
})
afterAll(async () => {
  await world.stop()
  await resend.close()
})

interface Sent {
  html: string
  text: string
  headers: Record<string, string>
}

async function emailOf(event: object): Promise<EventAudit['notifications'][number]> {
  const { notifications } = await world.event((await world.app(event)).body.id)
  const email = notifications.find((n) => n.channel === 'email')
  if (!email) throw new Error('the event made no email')
  return email
}

async function put(body: object, who = recipient.id): Promise<number> {
  const headers = { authorization: `Bearer ${keys.operator}`, 'content-type': 'application/json' }
  const init = { method: 'PUT', headers, body: JSON.stringify(body) }
  return (await fetch(`${world.url}/v1/preferences/${encodeURIComponent(who)}`, init)).status
}

describe('product mail', () => {
  it('carries a link to this service, in the person’s language; pressed by POST alone it is the last', async () => {
    expect((await emailOf(shipped({ recipient }))).state).toBe('sent')
    const sent = resend.requests.at(-1)?.json() as unknown as Sent
    const link = sent.headers['List-Unsubscribe']?.slice(1, -1) ?? ''
    expect(link.startsWith(`${world.url}/unsubscribe/`)).toBe(true)
    expect(sent.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click')
    expect(sent.text).toContain(link)

    expect(await (await fetch(link)).text()).toContain('<html lang="es"')
    expect((await emailOf(shipped({ recipient }))).state, 'it was only looked at').toBe('sent')

    const press = (at: string) =>
      fetch(at, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) })
    expect((await press(link.slice(0, -1))).status).toBe(401)
    expect((await emailOf(shipped({ recipient }))).state, 'a forged link does nothing').toBe('sent')
    expect((await press(link)).status).toBe(200)

    for (const one of [recipient, { email: 'grace@example.org' }, { id: 'cus_8', email: recipient.email }])
      expect(await emailOf(shipped({ recipient: one }))).toMatchObject({
        state: 'suppressed',
        category: 'product',
        provider: null,
        reason: { code: 'opted_out', text: expect.stringContaining('By the unsubscribe link, on ') },
      })
    expect((await emailOf(ordered({ recipient }))).state, 'what is transactional still goes').toBe('sent')
  })

  it('goes to nobody at an address that was opted out by itself, until it is opted in', async () => {
    const bob = { email: 'bob@example.com' }
    for (const allowed of [false, true]) {
      expect(await put({ product: { email: allowed } }, 'Bob@example.com')).toBe(200)
      for (const one of [bob, { id: 'cus_9', ...bob }])
        expect((await emailOf(shipped({ recipient: one }))).state).toBe(allowed ? 'sent' : 'suppressed')
    }
  })

  it('goes again once they are opted in again', async () => {
    expect(await put({ product: { email: false } })).toBe(200)
    expect((await emailOf(shipped({ recipient }))).reason?.text).toContain('By operator key `operator`, on ')
    expect(await put({ product: { email: true } })).toBe(200)
    expect((await emailOf(shipped({ recipient }))).state).toBe('sent')
  })

  it('shows its links whole to those alone who may act, in what was sent and in what would be', async () => {
    const address = 'Ada@Example.org'
    const event = shipped({ recipient: { id: address, email: address } })
    const { id } = await emailOf(event)
    const read = async (key: string, query = '') =>
      (await world.get<NotificationAudit>(`/v1/notifications/${id}?include=message${query}`, key)).body
    const explained = async (key: string, query = '') => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
      type Explained = { notifications: NotificationAudit[] }
      const { body } = await world.send<Explained>(`/v1/explain${query}`, JSON.stringify(event), headers)
      return body.notifications.find(({ channel }) => channel === 'email')
    }
    const link = /\/unsubscribe\/[\w-]+/
    const masked = 'A***@Example.org'
    for (const one of [await read(keys.operator), await explained(keys.operator)]) {
      expect(one).toMatchObject({ recipientId: address })
      expect(one?.message).toMatchObject({ html: expect.stringMatching(link), text: expect.stringMatching(link) })
    }
    for (const one of [await read(keys.viewer), await explained(keys.viewer)])
      expect(one).toMatchObject({ recipientId: masked, message: null, messageReason: { code: 'not_revealed' } })
    for (const one of [await read(keys.viewer, '&reveal=true'), await explained(keys.viewer, '?reveal=true')])
      expect(one).toMatchObject({ recipientId: address })
    for (const one of [await read(keys.viewer, '&reveal=true'), await explained(keys.viewer, '?reveal=true')]) {
      expect(one?.message?.text).toContain('/unsubscribe/***')
      expect(`${one?.message?.html}${one?.message?.text}`).not.toMatch(link)
    }
    const { body } = await world.get<{ data: NotificationAudit[] }>(
      `/v1/notifications?recipient=${address}`,
      keys.viewer,
    )
    expect(body.data.find((n) => n.id === id)).toMatchObject({ recipientId: masked })
  })

  it('is previewed with its foot, whose links do nothing', async () => {
    const preview = async (name: string) => (await world.get<string>(`/v1/notifiers/${name}/preview`)).body
    expect(await preview('order-shipped')).toContain('href="https://example.com/unsubscribe"')
    expect(await preview('order-confirmation')).not.toContain('unsubscribe')
  })
})
