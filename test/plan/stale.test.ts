// Stale news: a failed payment that has since succeeded is reported to nobody, in whatever order the events came.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import paymentFailed from '../../src/notifiers/payment-failed.ts'
import paymentReceived from '../../src/notifiers/payment-received.ts'
import { deliver } from '../helper/deliver.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await startStage({})
})
afterEach(() => stage.stop())

const failed = (more: object = {}) => ({ ...paymentFailed.sample, recipient: { email: 'grace@example.org' }, ...more })
const received = (more: object = {}) => ({
  ...paymentReceived.sample,
  recipient: { email: 'grace@example.org' },
  ...more,
})
const at = (iso: string) => ({ timestamp: iso })
const morning = at('2026-11-20T08:00:00Z')
const noon = at('2026-11-20T12:00:00Z')

async function stateOf(event: object): Promise<[string, string | null]> {
  const { ids } = await stage.planned(event)
  await deliver(stage.ctx, ids.email ?? '')
  const { notification } = await stage.audit(ids.email ?? '')
  return [notification.state, notification.reasonCode]
}

describe('a failed payment', () => {
  it('is held back where a later payment of the same reference has succeeded', async () => {
    await stage.planned(received({ reference: 'ORD-5', ...noon }))
    expect(await stateOf(failed({ reference: 'ORD-5', ...morning }))).toEqual(['cancelled', 'superseded'])
  })

  it('is held back though it was planned before the success came', async () => {
    const { ids } = await stage.planned(failed({ reference: 'ORD-6', ...morning }))
    await stage.planned(received({ reference: 'ORD-6', ...noon }))
    await deliver(stage.ctx, ids.email ?? '')
    expect((await stage.audit(ids.email ?? '')).notification).toMatchObject({
      state: 'cancelled',
      reasonCode: 'superseded',
    })
  })

  it('is reported if the success was before it (last month’s), or of something else', async () => {
    await stage.planned(received({ reference: 'SUB-1', ...morning }))
    await stage.planned(received({ reference: 'ORD-8', ...noon }))
    expect(
      await stateOf(failed({ reference: 'SUB-1', ...noon, data: { ...failed().data, paymentId: 'pay_2' } })),
    ).toEqual(['sent', null])
  })
})
