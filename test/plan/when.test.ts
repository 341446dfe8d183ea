// When a message goes out: what its notifier says of this person's own day, and that an event's own word goes before.
import { createElement } from 'react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { atLocalTime } from '../../src/i18n/local-time.ts'
import { defineNotifier } from '../../src/notifiers/notifier.ts'
import orderAccepted from '../../src/notifiers/order-accepted.ts'
import { deliver } from '../helper/deliver.ts'
import { type Stage, startStage } from '../helper/stage.ts'

/** On the day that the data names, at nine; the day after it is too late. */
const onItsDay = defineNotifier({
  name: 'order-accepted',
  on: ['order.accepted'],
  category: 'transactional',
  when: ({ day }, { timezone }) => atLocalTime(day, '09:00', timezone),
  until: ({ day }, { timezone }) => atLocalTime(day, '00:00', timezone, 1),
  data: z.looseObject({ day: z.string() }),
  sample: { recipient: {}, data: { day: '2026-11-25' } },
  words: () => ({ orderNumber: 'A-1' }),
  email: () => createElement('p', null, 'Today.'),
})

let stage: Stage
beforeEach(async () => {
  stage = await startStage({})
  stage.ctx.notifiersFor = () => [onItsDay]
})
afterEach(() => stage.stop())

async function made(day: string, more: object = {}, recipient: object = {}) {
  const { ids } = await stage.planned({
    type: 'order.accepted',
    recipient: { email: 'grace@example.org', ...recipient },
    data: { ...orderAccepted.sample.data, day },
    ...more,
  })
  const { notification } = await stage.audit(ids.email ?? '')
  return notification
}

describe('a message that has a time of its own', () => {
  it('waits for it, in the timezone of the recipient, and then goes out', async () => {
    const tokyo = await made('2026-11-25', {}, { timezone: 'Asia/Tokyo' })
    expect(tokyo).toMatchObject({
      state: 'scheduled',
      reasonCode: 'due_later',
      scheduledFor: new Date('2026-11-25T00:00:00Z'),
      dueAt: new Date('2026-11-25T00:00:00Z'),
      expiresAt: new Date('2026-11-25T15:00:00Z'),
    })
    await deliver(stage.ctx, tokyo.id)
    expect((await stage.audit(tokyo.id)).notification.state).toBe('scheduled')
    stage.clock.set(new Date('2026-11-25T00:00:00Z'))
    await deliver(stage.ctx, tokyo.id)
    expect((await stage.audit(tokyo.id)).notification.state).toBe('sent')
  })

  it('goes out at once where that has passed, and is expired where it would be too late', async () => {
    // It is ten in the morning of the 21st, in UTC.
    expect(await made('2026-11-21')).toMatchObject({ state: 'pending', reasonCode: 'due', scheduledFor: null })
    expect(await made('2026-11-20')).toMatchObject({ state: 'expired', reasonCode: 'expired' })
    expect(await made('2026-11-20', {}, { timezone: 'Pacific/Pago_Pago' })).toMatchObject({ state: 'pending' })
  })

  it('goes out when the event says, where it says', async () => {
    const sendAt = '2026-11-22T03:00:00Z'
    const said = await made('2026-11-25', { sendAt, expiresAt: '2026-11-23T00:00:00Z' })
    expect(said).toMatchObject({
      state: 'scheduled',
      reasonCode: 'send_at',
      scheduledFor: new Date(sendAt),
      expiresAt: new Date('2026-11-23T00:00:00Z'),
    })
    const passed = await made('2026-11-25', { sendAt: '2026-11-20T03:00:00Z' })
    expect(passed).toMatchObject({ state: 'pending', reasonCode: 'due' })
  })
})

it('a time limit counts from when it is to go out', async () => {
  const shortLived = { ...onItsDay, expiresInMs: 60_000, until: () => null }
  stage.ctx.notifiersFor = () => [shortLived]
  expect(await made('2026-11-25')).toMatchObject({ expiresAt: new Date('2026-11-25T09:01:00Z') })
  expect(await made('2026-11-21')).toMatchObject({ expiresAt: new Date('2026-11-21T10:01:00Z') })
})

it('a day of any year can be kept', async () => {
  for (const day of ['9999-12-31', '0000-01-01', '0001-01-01'])
    for (const timezone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) await made(day, {}, { timezone })
})
