// An event chooses among the channels of its notifiers; what it leaves out is listed with the event.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explain } from '../../src/operate/explain.ts'
import { replayEvent } from '../../src/operate/replay.ts'
import { auditEvent } from '../../src/store/notifications/event-audit.ts'
import { ordered } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage({ APP_CALLBACKS: 'shop=https://shop.example/hooks', APP_WEBHOOK_SECRETS: secrets() })
})
afterAll(() => stage.stop())

function secrets(): string {
  return `shop=whsec_${Buffer.alloc(32, 7).toString('base64')}`
}

async function madeFrom(event: object) {
  const { eventId } = await stage.planned(event)
  const found = await auditEvent(stage.db, eventId, 100)
  if (!found) throw new Error('no such event')
  const { event: stored, notifications, omissions } = found
  return {
    eventId,
    status: stored.status,
    made: notifications
      .map(({ notifier, channel, to }) => ({ notifier, channel, to }))
      .sort((a, b) => (a.channel < b.channel ? -1 : 1)),
    omitted: omissions.map(({ notifier, channel, reasonCode }) => ({ notifier, channel, reasonCode })),
  }
}

const timedOut = {
  type: 'payment.timed_out',
  recipient: { email: 'grace@example.org' },
  data: { amount: { amount: 4999, currency: 'eur' } },
}

describe('an event with channels', () => {
  it('uses those of them that its notifier has, and the others are omissions', async () => {
    expect(await madeFrom(ordered({ channels: ['sms'] }))).toMatchObject({
      status: 'planned',
      made: [{ notifier: 'order-confirmation', channel: 'sms', to: '+14155550177' }],
      omitted: [{ notifier: 'order-confirmation', channel: 'email', reasonCode: 'not_chosen' }],
    })
    expect(await madeFrom(ordered({ channels: ['sms', 'email', 'sms'] }))).toMatchObject({
      made: [{ channel: 'email' }, { channel: 'sms' }],
      omitted: [],
    })
  })

  it('makes none where its notifier has none of them, and says so when it comes and afterwards', async () => {
    const event = { ...ordered(), type: 'order.accepted', channels: ['sms'] }
    const raw = Buffer.from(JSON.stringify(event))
    const translation = await stage.ctx.sources.named('shop').translate(raw)
    const incoming = { source: 'shop', sourceId: 'explained', raw, translation, reportsFaultsToSender: true }
    expect(await explain(stage.ctx, incoming)).toMatchObject({
      hint: 'Nobody is notified: `channels` chooses sms, and `order.accepted` has email.',
      forecasts: [],
      omissions: [{ notifier: 'order-accepted', channel: 'email', reason: { code: 'not_chosen' } }],
    })
    expect(await madeFrom(event)).toMatchObject({
      status: 'planned',
      made: [],
      omitted: [{ notifier: 'order-accepted', channel: 'email', reasonCode: 'not_chosen' }],
    })
  })

  it('calls its app only where it chooses the callback', async () => {
    expect(await madeFrom({ ...timedOut, channels: ['email'] })).toMatchObject({
      made: [{ channel: 'email' }],
      omitted: [{ channel: 'callback', reasonCode: 'not_chosen' }],
    })
    expect(await madeFrom({ ...timedOut, channels: ['callback'] })).toMatchObject({
      made: [{ channel: 'callback' }],
      omitted: [{ channel: 'email', reasonCode: 'not_chosen' }],
    })
    expect((await madeFrom(timedOut)).made.map(({ channel }) => channel)).toEqual(['callback', 'email'])
  })

  it('that none of the recipient’s addresses serves makes one suppressed notification', async () => {
    expect(await madeFrom(ordered({ recipient: { email: 'grace@example.org' }, channels: ['sms'] }))).toMatchObject({
      made: [{ channel: 'sms', to: null }],
      omitted: [{ channel: 'email', reasonCode: 'not_chosen' }],
    })
  })

  it('lists what is left out once for many recipients, also after a replay', async () => {
    const recipients = Array.from({ length: 120 }, (_, i) => ({ email: `a${i}@example.org` }))
    const { eventId, made, omitted } = await madeFrom(
      ordered({ recipient: undefined, recipients, channels: ['email'] }),
    )
    expect(made).toHaveLength(100)
    expect(omitted).toEqual([{ notifier: 'order-confirmation', channel: 'sms', reasonCode: 'not_chosen' }])
    await replayEvent(stage.ctx, eventId, false, 'a test')
    expect((await auditEvent(stage.db, eventId, 100))?.omissions).toHaveLength(1)
  })
})
