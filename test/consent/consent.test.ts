// Consent on its way through the stages: what a person said, by whom and of what, at the moments that a test must choose.
// A notifier that ships speaks here as if it were of the category `product`.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { preferencesFor, preferencesOf, setPreference, setPreferences } from '../../src/consent/preferences.ts'
import { notifiersFor } from '../../src/notifiers/index.ts'
import orderConfirmation from '../../src/notifiers/order-confirmation.ts'
import orderShipped from '../../src/notifiers/order-shipped.ts'
import { planReplay, replayEvent } from '../../src/operate/replay.ts'
import { retry } from '../../src/operate/retry.ts'
import type { UnsubscribeRequest } from '../../src/privacy/unsubscribe-token.ts'
import { makeRecord } from '../../src/record/record.ts'
import { savePreferences } from '../../src/store/people/preferences.ts'
import { deliver } from '../helper/deliver.ts'
import { ordered, shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'

const grace = { id: 'cus_7', email: 'Grace@Example.org', phone: '+14155550177' }
const byCrm = 'operator key `crm`'

let resend: Vendor
let stage: Stage
beforeEach(async () => {
  resend = await startVendor(accepting.resend)
  stage = await startStage({
    RESEND_API_KEY: 're_of_tests',
    RESEND_BASE_URL: resend.url,
    SMS_PROVIDERS: 'sandbox',
    PUBLIC_URL: 'https://notify.example.com',
  })
  const news = { ...orderShipped, category: 'product' as const }
  stage.ctx.notifiersFor = (type) => (type === 'order.shipped' ? [news] : notifiersFor(type))
})
afterEach(async () => {
  await stage.stop()
  await resend.close()
})

const news = (recipient: object = grace, more: object = {}) => shipped({ recipient, ...more })
const leavingOf = (more: Partial<UnsubscribeRequest> = {}): UnsubscribeRequest => ({
  ...{ recipientId: 'cus_7', address: 'grace@example.org', locale: 'en-GB' },
  ...{ channel: 'email', category: 'product' },
  ...more,
})
const leave = (more?: Partial<UnsubscribeRequest>) => setPreference(stage.ctx, leavingOf(more), false)
const put = (recipientId: string, channel: 'email' | 'sms', allowed: boolean) =>
  savePreferences(stage.db, [{ recipientId, address: null, channel, allowed }], byCrm, stage.clock.now())

/** What becomes of news to somebody, rung until it is over. */
async function fateOf(recipient: object, channel = 'email'): Promise<string> {
  const { ids } = await stage.planned(news(recipient))
  return rung(ids[channel] ?? '')
}

async function rung(id: string): Promise<string> {
  await deliver(stage.ctx, id)
  const { state, reasonCode } = (await stage.audit(id)).notification
  return reasonCode ? `${state} ${reasonCode}` : state
}

describe('product mail', () => {
  it('goes to whoever has said nothing', async () => {
    expect(await fateOf(grace)).toBe('sent')
    expect(await fateOf(grace, 'sms')).toBe('sent')
  })

  it('has a link of its own to leave by, in its head, its words and its text; transactional mail has none', async () => {
    await fateOf(grace)
    const { ids } = await stage.planned(ordered({ recipient: grace }))
    await rung(ids.email ?? '')
    const [product, transactional] = resend.requests.map((request) => request.json())
    const headers = product?.headers as Record<string, string>
    const link = /^<(https:\/\/notify\.example\.com\/unsubscribe\/([\w-]+))>$/.exec(headers['List-Unsubscribe'] ?? '')
    expect(headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click')
    expect(stage.ctx.unsubscribeTokens.open(link?.[2] ?? '')).toEqual(
      leavingOf({ address: grace.email, locale: stage.ctx.defaults.locale }),
    )
    expect(product?.html).toContain(`href="${link?.[1]}"`)
    expect(product?.html).toContain(`href="${link?.[1]}#preferences"`)
    expect(product?.text).toContain(`${link?.[1]}`)
    expect(transactional?.headers).not.toHaveProperty('List-Unsubscribe')
    expect(transactional?.headers).not.toHaveProperty('List-Unsubscribe-Post')
    expect(JSON.stringify(transactional)).not.toContain('/unsubscribe/')
  })

  it('is suppressed once they have left, and says by whom and when; what is transactional still goes', async () => {
    await leave()
    const { ids } = await stage.planned(news())
    expect((await stage.audit(ids.email ?? '')).notification).toMatchObject({
      state: 'suppressed',
      reasonCode: 'opted_out',
      reasonParams: { by: 'the unsubscribe link', date: '2026-11-21' },
      dueAt: null,
    })
    expect(await rung(ids.sms ?? ''), 'the other channel was not left').toBe('sent')
    const confirmation = await stage.planned(ordered({ recipient: grace }))
    expect(await rung(confirmation.ids.email ?? '')).toBe('sent')
    expect(resend.requests).toHaveLength(1)
  })

  it('goes to whoever has no id, though somebody whose id is the word null has left', async () => {
    await put('null', 'email', false)
    const recipients = [{ id: 'null', email: 'left@example.org' }, { email: 'nobody@example.org' }]
    const { eventId } = await stage.planned({ ...news(), recipient: undefined, recipients })
    const { rows } = await stage.db.query(
      `select address as "to", state from notifications where event_id = $1 and channel = 'email' order by address`,
      [eventId],
    )
    expect(rows).toEqual([
      { to: 'left@example.org', state: 'suppressed' },
      { to: 'nobody@example.org', state: 'pending' },
    ])
  })

  it('is suppressed beside what is transactional of the same event, which goes', async () => {
    const { notifiersFor: usual } = stage.ctx
    stage.ctx.notifiersFor = (type) => [...usual(type), ...usual('order.created')]
    await leave()
    const data = { ...orderShipped.sample.data, ...orderConfirmation.sample.data }
    const { eventId } = await stage.planned(news({ id: 'cus_7', email: grace.email }, { data }))
    const { rows } = await stage.db.query(
      `select notifier, state from notifications where event_id = $1 and channel = 'email' order by notifier`,
      [eventId],
    )
    expect(rows).toEqual([
      { notifier: 'order-confirmation', state: 'pending' },
      { notifier: 'order-shipped', state: 'suppressed' },
    ])
  })

  it('that was planned before they left is held back before the call', async () => {
    const { ids } = await stage.planned(news())
    await leave()
    expect(await rung(ids.email ?? '')).toBe('suppressed opted_out')
    expect(resend.requests).toEqual([])
  })

  it('that was scheduled before they left is held back when its time has come', async () => {
    const { ids } = await stage.planned(news(grace, { sendAt: '2026-11-21T12:00:00Z' }))
    await put('cus_7', 'email', false)
    expect(await rung(ids.email ?? '')).toBe('scheduled send_at')
    stage.clock.set(new Date('2026-11-21T12:00:00Z'))
    expect(await rung(ids.email ?? '')).toBe('suppressed opted_out')
    expect((await stage.audit(ids.email ?? '')).notification.reasonParams).toEqual({
      by: 'operator key `crm`',
      date: '2026-11-21',
    })
    expect(resend.requests).toEqual([])
  })

  it('between two rounds is not tried again', async () => {
    resend.answer({ status: 503, json: { statusCode: 503, name: 'service_unavailable', message: 'later' } })
    const { ids } = await stage.planned(news())
    expect(await rung(ids.email ?? '')).toBe('pending next_round')
    await leave()
    stage.clock.advance(90_000)
    expect(await rung(ids.email ?? '')).toBe('suppressed opted_out')
    expect(resend.requests).toHaveLength(1)
  })

  it('whose answer was lost is held for a person: it may have gone out, and is not sent again', async () => {
    resend.answer('reset-after-read')
    const { ids } = await stage.planned(news())
    expect(await rung(ids.email ?? '')).toBe('unconfirmed settling')
    await leave()
    stage.clock.advance(5_000)
    expect(await rung(ids.email ?? '')).toBe('unconfirmed held')
    expect((await stage.audit(ids.email ?? '')).notification.reasonParams).toMatchObject({
      ineligible: { code: 'opted_out' },
    })
    expect(resend.requests).toHaveLength(1)
  })

  it('goes again after they came back', async () => {
    await leave()
    expect(await fateOf(grace)).toBe('suppressed opted_out')
    await put('cus_7', 'email', true)
    expect(await fateOf(grace)).toBe('sent')
  })
})

describe('who has left', () => {
  it('is known by the address under any other id, in any case, and under none', async () => {
    await leave()
    for (const id of ['cus_8', undefined])
      expect(await fateOf({ id, email: 'GRACE@example.ORG' }), String(id)).toBe('suppressed opted_out')
    expect(await fateOf({ id: 'cus_8', email: 'another@example.org' })).toBe('sent')
  })

  it('is known by the id at any other address', async () => {
    await leave()
    expect(await fateOf({ id: 'cus_7', email: 'new@example.org' })).toBe('suppressed opted_out')
  })

  it('without an id is known by the address alone', async () => {
    await leave({ recipientId: null })
    expect(await fateOf({ email: 'grace@example.org' })).toBe('suppressed opted_out')
    expect(await fateOf(grace)).toBe('suppressed opted_out')
    expect(await fateOf({ ...grace, email: 'new@example.org' })).toBe('sent')
  })

  it('by an id is not taken for whoever has an address of the same name', async () => {
    const early = await stage.planned(news({ email: 'grace@example.org' }))
    await put('grace@example.org', 'email', false)
    expect(await rung(early.ids.email ?? '')).toBe('sent')
    expect(await fateOf({ email: 'grace@example.org' })).toBe('sent')
    expect(await fateOf({ id: 'grace@example.org', email: 'new@example.org' })).toBe('suppressed opted_out')
  })

  it('by one channel has not left another', async () => {
    await leave({ channel: 'sms', address: '+14155550177' })
    expect(await fateOf(grace, 'sms')).toBe('suppressed opted_out')
    expect(await fateOf({ phone: '+14155550177' }, 'sms')).toBe('suppressed opted_out')
    expect(await fateOf(grace)).toBe('sent')
  })

  it('and then comes back by id gets it again, at that address under that id alone', async () => {
    await leave({ recipientId: null })
    await put('cus_7', 'email', true)
    expect(await fateOf(grace)).toBe('sent')
    for (const id of ['cus_9', undefined]) expect(await fateOf({ ...grace, id })).toBe('suppressed opted_out')
  })

  it('by the address after a yes by the id has left', async () => {
    await put('cus_7', 'email', true)
    await leave({ recipientId: null })
    expect(await fateOf(grace)).toBe('suppressed opted_out')
  })

  it('is decided by the order of what was said, not by a clock that is behind', async () => {
    await leave()
    stage.clock.advance(-3_600_000)
    await put('cus_7', 'email', true)
    const { ids } = await stage.planned(news())
    expect(await rung(ids.email ?? '')).toBe('sent')
  })

  it('and left again after coming back by id, has left', async () => {
    await leave({ recipientId: null })
    await put('cus_7', 'email', true)
    const { ids } = await stage.planned(news())
    await leave({ recipientId: null })
    expect(await rung(ids.email ?? '')).toBe('suppressed opted_out')
  })

  it('by two processes at once has left once, and both are answered', async () => {
    const other = await stage.another()
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => setPreference(i % 2 ? stage.ctx : other, leavingOf(), i % 3 === 0)),
    )
    await Promise.all([leave(), setPreference(other, leavingOf(), false)])
    const { rows } = await stage.db.query('select kind, subject, channel, allowed from preferences order by kind desc')
    expect(rows).toEqual([
      { kind: 'id', subject: 'cus_7', channel: 'email', allowed: false },
      { kind: 'address', subject: 'grace@example.org', channel: 'email', allowed: false },
    ])
  })
})

describe('what the page and the API show', () => {
  const preferences = (recipientId: string) => preferencesOf(stage.ctx, stage.db, { recipientId })

  it('is what would become of the next message: a no by the address that the id was last written to is shown too', async () => {
    expect(await preferences('cus_8')).toEqual({ email: true, sms: true })
    await fateOf({ id: 'cus_8', email: 'Shared@example.org' })
    await leave({ recipientId: 'cus_7', address: 'shared@example.org' })
    expect(await preferences('cus_8')).toEqual({ email: false, sms: true })
    expect(await fateOf({ id: 'cus_8', email: 'shared@example.org' })).toBe('suppressed opted_out')
    await put('cus_8', 'email', true)
    expect(await preferences('cus_8')).toEqual({ email: true, sms: true })
    expect(await fateOf({ id: 'cus_8', email: 'shared@example.org' })).toBe('sent')
    expect(await preferences('cus_7')).toEqual({ email: false, sms: true })
  })

  it('is what was said of another channel by its address, and a form that leaves it as it is does not overrule it', async () => {
    await fateOf(grace, 'sms')
    await leave({ recipientId: null, channel: 'sms', address: grace.phone })
    expect(await preferencesFor(stage.ctx, leavingOf())).toEqual({ email: true, sms: false })
    await setPreferences(stage.ctx, leavingOf(), { email: false, sms: false })
    const { rows } = await stage.db.query(`select kind, subject from preferences where channel = 'sms'`)
    expect(rows).toEqual([{ kind: 'address', subject: grace.phone }])
    await setPreferences(stage.ctx, leavingOf(), { email: false, sms: true })
    expect(await fateOf(grace, 'sms')).toBe('sent')
  })

  it('without an id is the link’s own channel alone', async () => {
    const nobody = leavingOf({ recipientId: null })
    expect(await preferencesFor(stage.ctx, nobody)).toEqual({ email: true })
    await setPreferences(stage.ctx, nobody, { email: false, sms: false })
    expect(await preferencesFor(stage.ctx, nobody)).toEqual({ email: false })
    expect((await stage.db.query('select from preferences')).rowCount).toBe(1)
  })
})

describe('a provider’s own unsubscribe', () => {
  const told = (notificationId: string, providerMessageId: string) =>
    makeRecord(stage.ctx)({
      provider: 'resend',
      raw: Buffer.from(providerMessageId),
      once: null,
      receipts: [
        {
          ...{ key: crypto.randomUUID(), kind: 'unsubscribed', at: null, providerMessageId, notificationId },
          ...{ attemptId: null, address: null, suppress: null, code: null, text: null },
        },
      ],
    })

  it('counts as one from us, about the product mail that it was reported for', async () => {
    const { ids } = await stage.planned(news())
    await rung(ids.email ?? '')
    await told(ids.email ?? '', 'resend-1')
    expect(await fateOf({ email: grace.email })).toBe('suppressed opted_out')
    const next = await stage.planned(news())
    expect((await stage.audit(next.ids.email ?? '')).notification.reasonParams).toMatchObject({
      by: 'a receipt of resend',
    })
  })

  it('reported for transactional mail opts nobody out', async () => {
    const { ids } = await stage.planned(ordered({ recipient: grace }))
    await rung(ids.email ?? '')
    await told(ids.email ?? '', 'resend-1')
    expect(await fateOf(grace)).toBe('sent')
  })
})

describe('what people do for others', () => {
  it('a replay counts and sends nothing to who has left', async () => {
    resend.answer({ status: 422, json: { statusCode: 422, name: 'validation_error', message: 'no' } })
    const { eventId, ids } = await stage.planned(news())
    expect(await rung(ids.email ?? '')).toBe('failed rejected')
    await leave()
    const window = { since: new Date('2026-11-21T00:00:00Z'), until: new Date('2026-11-22T00:00:00Z') }
    expect(await planReplay(stage.ctx, window)).toMatchObject({ willSend: 0, suppressed: 1 })
    expect(await replayEvent(stage.ctx, eventId, true, 'somebody')).toMatchObject({ willSend: 0, suppressed: 1 })
  })

  it('a replay sends what they were not sent meanwhile once they are back', async () => {
    await leave()
    const { eventId, ids } = await stage.planned(news())
    expect(await rung(ids.email ?? '')).toBe('suppressed opted_out')
    expect(await replayEvent(stage.ctx, eventId, false, 'somebody')).toMatchObject({ willSend: 0, suppressed: 1 })
    await setPreference(stage.ctx, leavingOf(), true)
    expect(await replayEvent(stage.ctx, eventId, false, 'somebody')).toMatchObject({ willSend: 1, suppressed: 0 })
    expect(await rung(ids.email ?? '')).toBe('sent')
  })

  it('a retry is held back all the same', async () => {
    resend.answer({ status: 422, json: { statusCode: 422, name: 'validation_error', message: 'no' } })
    const { ids } = await stage.planned(news())
    await rung(ids.email ?? '')
    await leave()
    expect(await retry(stage.ctx, ids.email ?? '', 'somebody')).toEqual({ kind: 'done' })
    expect(await rung(ids.email ?? '')).toBe('suppressed opted_out')
    expect(resend.requests).toHaveLength(1)
  })

  it('nobody opts anybody out of what is transactional: the table itself refuses', async () => {
    await expect(
      stage.db.query(
        `insert into preferences (kind, subject, category, channel, allowed, said_by, said_at)
         values ('id', 'cus_7', 'transactional', 'email', false, 'x', now())`,
      ),
    ).rejects.toThrow(/transactional_messages_are_always_sent/)
  })
})

describe('an event for many', () => {
  it('leaves out those who have left, and only those', async () => {
    await leave({ recipientId: null, address: 'p-3@example.org' })
    await put('id-60', 'email', false)
    const recipients = Array.from({ length: 70 }, (_, i) => ({ id: `id-${i}`, email: `p-${i}@example.org` }))
    const { recipient: _, ...event } = news()
    const { eventId } = await stage.planned({ ...event, recipients })
    const { rows } = await stage.db.query(
      `select recipient_id, reason_code from notifications where event_id = $1 and channel = 'email' and state = 'suppressed' order by 1`,
      [eventId],
    )
    expect(rows).toEqual([
      { recipient_id: 'id-3', reason_code: 'opted_out' },
      { recipient_id: 'id-60', reason_code: 'opted_out' },
    ])
  })
})
