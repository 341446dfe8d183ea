// Every notifier that ships, by its own sample: posted as a backend posts an event, it goes out on each of its channels.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isPersonal } from '../../src/domain/notification.ts'
import { notifiers } from '../../src/notifiers/index.ts'
import orderOutForDelivery from '../../src/notifiers/order-out-for-delivery.ts'
import refundProcessed from '../../src/notifiers/refund-processed.ts'
import { deliver } from '../helper/deliver.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { type EventAudit, keys, startWorld, type World } from '../helper/world.ts'

/** Those who are told are named by the event; an operator's address is a setting. */
const told = notifiers.filter(({ audience }) => audience === 'recipients')

const isPlanned = ({ status, notifications }: EventAudit) =>
  status !== 'accepted' && notifications.every(({ state }) => state !== 'pending' && state !== 'sending')

describe('the sample of', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.stop())

  it.each(told)('$name is accepted, and goes out on its channels', async ({ name, channels, sample }) => {
    const headers = { authorization: `Bearer ${keys.producer}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ ...sample, reference: `sample of ${name}` })
    const posted = await world.send('/v1/events', body, headers)
    expect(posted).toMatchObject({ status: 200, body: { status: 'accepted' } })
    const event = await world.event(posted.body.id, isPlanned)
    const made = event.notifications.filter(({ notifier }) => notifier === name)
    // An app is told where it has a callback, which the key's has not.
    expect(made.map(({ channel }) => channel).sort()).toEqual(channels.filter(isPersonal).sort())
    for (const { state, reason, scheduledFor } of made)
      expect({ state, reason }).toMatchObject({ state: scheduledFor ? 'scheduled' : 'sent' })
  })
})

describe('what the event itself says is shown:', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await startStage({})
  })
  afterAll(() => stage.stop())

  const textOf = async (id: string | undefined) => {
    const { message } = await stage.audit(id ?? '')
    return message?.text ?? ''
  }

  it('a refund’s timeline begins with the day of the event, as it is for the customer', async () => {
    const { recipient, ...rest } = refundProcessed.sample
    const inTokyo = { ...rest, timestamp: '2026-11-20T20:00:00Z', recipient: { ...recipient, timezone: 'Asia/Tokyo' } }
    const { ids } = await stage.planned(inTokyo)
    expect(await textOf(ids.email)).toContain('\nRefunded (21 November 2026)\n')
  })

  it('no day is made up for a refund whose event does not say when', async () => {
    const { ids } = await stage.planned({ ...refundProcessed.sample, timestamp: undefined })
    expect(await textOf(ids.email)).not.toContain('Refunded (')
  })

  it('a parcel that was out for delivery goes before others, and is not sent the day after', async () => {
    const { ids } = await stage.planned(orderOutForDelivery.sample)
    const { notification } = await stage.audit(ids.sms ?? '')
    expect(notification).toMatchObject({ state: 'pending', priority: 'high' })
    stage.clock.advance(18 * 3600 * 1000)
    await deliver(stage.ctx, ids.sms ?? '')
    expect((await stage.audit(ids.sms ?? '')).notification).toMatchObject({ state: 'expired', reasonCode: 'expired' })
  })
})
