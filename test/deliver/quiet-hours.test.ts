// Quiet hours: what nobody waits for is not texted at night, where the recipient lives, however it comes to be late.
import { createElement } from 'react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defineNotifier, type NotifierDefinition } from '../../src/notifiers/notifier.ts'
import { retry } from '../../src/operate/retry.ts'
import { deliver } from '../helper/deliver.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'

const definition: NotifierDefinition<{ orderNumber: string }> = {
  name: 'order-shipped',
  on: ['order.shipped'],
  category: 'product',
  data: z.looseObject({ orderNumber: z.string() }),
  sample: { recipient: {}, data: { orderNumber: 'A-1' } },
  words: () => ({
    orderNumber: 'A-1',
    carrier: 'DHL',
    trackingNumber: '1',
    trackingUrl: null,
    estimatedDelivery: null,
  }),
  email: () => createElement('p', null, 'On its way.'),
  sms: true,
}

let twilio: Vendor
let stage: Stage
beforeEach(async () => {
  twilio = await startVendor(accepting.twilio)
  stage = await startStage({
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'token-of-tests',
    TWILIO_FROM: '+15005550006',
    TWILIO_BASE_URL: twilio.url,
    EMAIL_PROVIDERS: 'sandbox',
  })
  listen({})
})
afterEach(async () => {
  await stage.stop()
  await twilio.close()
})

function listen(more: Partial<typeof definition>): void {
  const notifier = defineNotifier({ ...definition, ...more })
  stage.ctx.notifiersFor = () => [notifier]
}

const shipped = (more: object = {}) => ({
  type: 'order.shipped',
  recipient: { email: 'grace@example.org', phone: '+14155550177', timezone: 'America/New_York' },
  data: { orderNumber: 'A-1', carrier: 'DHL', trackingNumber: '1' },
  ...more,
})

async function made(more: object = {}) {
  const { ids } = await stage.planned(shipped(more))
  return { sms: await row(ids.sms), email: await row(ids.email) }
}

const row = async (id: string | undefined) => (await stage.audit(id ?? '')).notification

/** Eight in the morning in New York, on a day in November. */
const eightOn = (day: number) => new Date(`2026-11-${day}T13:00:00Z`)

describe('a text that nobody waits for', () => {
  it('waits for eight in the morning where the recipient lives; the email does not', async () => {
    // It is ten in London, and five in New York.
    const { sms, email } = await made()
    expect(sms).toMatchObject({ state: 'scheduled', reasonCode: 'quiet_hours', scheduledFor: eightOn(21) })
    expect(email).toMatchObject({ state: 'pending', reasonCode: 'due' })
    stage.clock.set(eightOn(21))
    await deliver(stage.ctx, sms.id)
    expect(await row(sms.id)).toMatchObject({ state: 'sent' })
  })

  it('waits even where its event asks for the night', async () => {
    const { sms } = await made({ sendAt: '2026-11-22T03:00:00Z' })
    expect(sms).toMatchObject({ state: 'scheduled', reasonCode: 'quiet_hours', scheduledFor: eightOn(22) })
    const byDay = await made({ sendAt: '2026-11-22T20:00:00Z' })
    expect(byDay.sms).toMatchObject({ reasonCode: 'send_at', scheduledFor: new Date('2026-11-22T20:00:00Z') })
  })

  it('is expired where the morning is too late', async () => {
    const { sms } = await made({ expiresAt: '2026-11-21T12:00:00Z' })
    expect(sms).toMatchObject({ state: 'expired', scheduledFor: eightOn(21) })
  })

  it('that was due by day and comes late is not sent by night', async () => {
    stage.clock.set(new Date('2026-11-22T01:59:00Z'))
    const { sms } = await made()
    expect(sms).toMatchObject({ state: 'pending', reasonCode: 'due' })
    stage.clock.advance(60_000)
    await deliver(stage.ctx, sms.id)
    expect(await row(sms.id)).toMatchObject({ state: 'pending', reasonCode: 'quiet_hours', dueAt: eightOn(22) })
    expect(twilio.requests).toEqual([])
    stage.clock.set(eightOn(22))
    await deliver(stage.ctx, sms.id)
    expect(await row(sms.id)).toMatchObject({ state: 'sent' })
  })

  it('that is tried again is tried by day', async () => {
    // A refusal that says nothing of Twilio’s health: its circuit has a clock of its own, the database’s.
    twilio.answer({ status: 400, json: { code: 21408, message: 'The region is not enabled' } })
    stage.clock.set(new Date('2026-11-22T01:59:30Z'))
    const { sms } = await made()
    await deliver(stage.ctx, sms.id)
    const { dueAt: nextRound, reasonCode: why } = await row(sms.id)
    expect(why).toBe('next_round')
    twilio.answer(accepting.twilio)
    stage.clock.set(nextRound ?? new Date())
    await deliver(stage.ctx, sms.id)
    expect(await row(sms.id)).toMatchObject({ state: 'pending', reasonCode: 'quiet_hours', dueAt: eightOn(22) })
    expect(twilio.requests).toHaveLength(1)
  })

  it('that a person asks for again waits for the morning, too', async () => {
    twilio.answer({ status: 400, json: { code: 21211, message: 'Invalid To' } })
    stage.clock.set(eightOn(21))
    const { sms } = await made()
    await deliver(stage.ctx, sms.id)
    expect((await row(sms.id)).state).toBe('failed')
    stage.clock.set(new Date('2026-11-22T04:00:00Z'))
    await stage.db.query('delete from suppressions')
    await retry(stage.ctx, sms.id, 'operator')
    await deliver(stage.ctx, sms.id)
    expect(await row(sms.id)).toMatchObject({ reasonCode: 'quiet_hours', dueAt: eightOn(22) })
  })
})

describe('quiet hours are', () => {
  it('none for what is always sent', async () => {
    listen({ category: 'transactional' })
    expect((await made()).sms).toMatchObject({ state: 'pending', reasonCode: 'due' })
  })

  it('what a notifier says, on each channel', async () => {
    listen({ quietHours: { email: { from: '00:00', until: '06:30' }, sms: null } })
    const { sms, email } = await made()
    expect(sms.state).toBe('pending')
    expect(email).toMatchObject({ reasonCode: 'quiet_hours', scheduledFor: new Date('2026-11-21T11:30:00Z') })
  })
})
