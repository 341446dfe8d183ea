// Timers of large events that are due at the same time are fired one by one, so that memory holds one of them.
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Ctx } from '../../src/context.ts'
import paymentDue from '../../src/notifiers/payment-due.ts'
import { fireTimer } from '../../src/schedule/timers.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await startStage({})
})
afterEach(() => stage.stop())

it('translates one at a time', async () => {
  for (const id of ['a', 'b', 'c']) {
    const data = { ...paymentDue.sample.data, note: 'x'.repeat(400_000) }
    await stage.planned({ ...paymentDue.sample, recipient: { id, email: `${id}@example.org` }, reference: id, data })
  }
  const { rows } = await stage.db.query<{ id: string }>('select id from timers')
  expect(rows).toHaveLength(3)
  stage.clock.advance(4 * 86_400_000)
  let [open, most] = [0, 0]
  const named: Ctx['sources']['named'] = (name) => {
    const source = stage.ctx.sources.named(name)
    return {
      ...source,
      async translate(...given) {
        open += 1
        most = Math.max(most, open)
        await setImmediate()
        const translation = await source.translate(...given)
        open -= 1
        return translation
      },
    }
  }
  const ctx: Ctx = { ...stage.ctx, sources: { ...stage.ctx.sources, named } }
  expect(await Promise.all(rows.map(({ id }) => fireTimer(ctx, id)))).toEqual(['fired', 'fired', 'fired'])
  expect(most).toBe(1)
})
