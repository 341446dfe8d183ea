// What the operator must know of this program itself: an event of our own source, which goes the way of any event, by the
// providers that are left. guard/provider-health.ts calls it in the transaction that opens a circuit, so an opening is told once.

import type { Ctx } from '../context.ts'
import type { Circuit } from '../policy/circuit.ts'
import type { Tx } from '../store/db.ts'
import { insertEvents } from '../store/events/insert.ts'
import { admit } from './validate.ts'

const source = 'posthorn'

/** Does nothing where there is no OPERATOR_EMAIL. */
export async function alertOfOpening(ctx: Ctx, tx: Tx, provider: string, { openedAt, why }: Circuit): Promise<void> {
  if (!ctx.defaults.operatorEmail || !openedAt) return
  const body = {
    type: 'operator.alert',
    timestamp: openedAt.toISOString(),
    reference: provider,
    priority: 'high',
    data: {
      alert: 'provider_circuit_opened',
      objectId: provider,
      message: `${provider} gets no more messages: ${why}. They go by the other providers of its route, or wait where there is none. Every 5 seconds one of them tries it, and one that is taken closes the circuit.`,
    },
  }
  const raw = Buffer.from(JSON.stringify(body))
  const translation = ctx.translator(source)(raw)
  const sourceId = `circuit:${provider}:${openedAt.toISOString()}`
  const admitted = await admit(ctx, { source, sourceId, raw, translation, answersForItsData: false })
  if (!admitted.ok) throw new Error(`an alert of our own is no event: ${admitted.detail}`)
  await insertEvents(tx, ctx.jobs, [admitted.event])
}
