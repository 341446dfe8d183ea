// A test message from a notifier's page: by the real route, to an address that an operator types.
import { describe, expect, it } from 'vitest'
import { useDesk } from '../helper/desk.ts'
import type { EventAudit } from '../helper/world.ts'

const desk = useDesk()

const notifier = '/dashboard/notifiers/order-shipped'
const events = async () => Number((await desk.world.db.query('select count(*) as n from events')).rows[0]?.n)
const idIn = (path: string) => /\/dashboard\/notifications\/([0-9a-f-]{36})$/.exec(path)?.[1] ?? 'none'

/** Sends the form of the notifier's page, with the token and the id that the page has made. */
async function send(fields: Record<string, string>, page = notifier) {
  const { html } = await desk.operator.get(page)
  const once = /name="once" value="([^"]+)"/.exec(html)?.[1] ?? ''
  expect(once).not.toBe('')
  return desk.operator.post(`${page}/send`, { once, ...fields })
}

describe('a test message', () => {
  it('goes out by the real route to the address that was typed, and leads to its page', async () => {
    const page = await send({ to: ' Ada.Lovelace@example.org ', locale: 'es' })
    expect(page.text).toContain('The test is on its way.')
    const { eventId, to, state } = await desk.world.notification(idIn(page.path))
    expect(to).toBe('Ada.Lovelace@example.org')
    const { source, notifications } = (await desk.world.get<EventAudit>(`/v1/events/${eventId}`)).body
    expect(notifications.map(({ notifier, channel }) => [notifier, channel])).toEqual([['order-shipped', 'email']])
    expect(source, 'it says who sent it').toBe('operator')
    await desk.world.event(eventId)
    expect(['pending', 'sending', 'sent']).toContain(state)
    expect((await desk.world.notification(idIn(page.path))).state).toBe('sent')
  })

  it('goes to a phone as an SMS alone', async () => {
    const { channel, to } = await desk.world.notification(idIn((await send({ to: '+1 415 555 0123' })).path))
    expect([channel, to]).toEqual(['sms', '+14155550123'])
  })

  it('is sent once, however often its form is sent', async () => {
    const before = await events()
    const twice = { once: 'of-one-form', to: 'twice@example.org' }
    const first = await desk.operator.post(`${notifier}/send`, twice)
    const second = await desk.operator.post(`${notifier}/send`, twice)
    expect(second.path).toBe(first.path)
    expect(second.text).toContain('This form was sent before, so nothing new is sent.')
    expect(await events()).toBe(before + 1)
  })

  it('to a suppressed address is not sent, and the page says why', async () => {
    await desk.operator.post('/dashboard/suppressions', {
      channel: 'email',
      address: 'gone@example.org',
      reason: 'Asked for it',
    })
    const page = await send({ to: 'gone@example.org' })
    expect(page.text).toContain('Nothing is sent. The address is on the suppression list.')
    const { state, attempts } = await desk.world.notification(idIn(page.path))
    expect([state, attempts]).toEqual(['suppressed', []])
  })
})

describe('what cannot be sent', () => {
  it.each([
    ['an address that is none', { to: 'nowhere' }, 'nowhere is neither an email address nor a phone number'],
    ['a locale that is none', { to: 'ada@example.org', locale: '!' }, 'recipient.locale'],
  ])('%s is shown again as it was typed, with what is wrong', async (_name, fields, fault) => {
    const before = await events()
    const page = await send(fields)
    expect(page.status).toBe(422)
    expect(page.text).toContain('Nothing was sent.')
    expect(/id="f-to-f">(?:<svg.*?<\/svg>)?([^<]*)</.exec(page.html)?.[1]).toContain(fault)
    expect(page.html).toMatch(new RegExp(`<input [^>]*name="to"[^>]* value="${fields.to}"`))
    expect(await events()).toBe(before)
  })

  it('a channel that the notifier does not have is told', async () => {
    const page = await send({ to: '+14155550123' }, '/dashboard/notifiers/order-accepted')
    expect(page.text).toContain('order-accepted has no sms; its channels are email.')
  })

  it('a notifier that writes to the operator alone has no such form', async () => {
    expect((await desk.operator.get('/dashboard/notifiers/operator-alert')).html).not.toContain('id="test"')
    expect((await desk.operator.get('/dashboard/notifiers/nobody')).status).toBe(404)
    expect((await desk.operator.post('/dashboard/notifiers/nobody/send', { to: 'ada@example.org' })).status).toBe(404)
  })
})

describe('who may not', () => {
  it('viewers are told so, and refused', async () => {
    const before = await events()
    const page = await desk.viewer.get(notifier)
    expect(page.text).toContain('Sign in with an operator’s key to send a test.')
    expect(page.html).not.toContain('name="to"')
    expect((await desk.viewer.post(`${notifier}/send`, { to: 'ada@example.org' })).status).toBe(403)
    expect(await events()).toBe(before)
  })

  it('a form without the token of the session is refused', async () => {
    const before = await events()
    const forged = await desk.operator.ask(`${notifier}/send`, {
      method: 'POST',
      body: new URLSearchParams({ csrf: 'made up', to: 'ada@example.org' }),
    })
    expect(forged.status).toBe(403)
    expect(await events()).toBe(before)
  })
})
