// Alerts the operator of an opened circuit by an ordinary event of our own source, which the other providers deliver.
import type { Ctx } from '../context.ts'
import { ownSource } from '../domain/event.ts'
import type { Circuit } from '../policy/circuit.ts'
import { unavailableText } from '../show/causes.ts'
import type { Tx } from '../store/db.ts'
import { insertEvents } from '../store/events/insert.ts'
import { validate } from './validate.ts'

/** Runs in the transaction that opens the circuit, so that an opening is alerted once. Does nothing without OPERATOR_EMAIL. */
export async function alertCircuitOpened(
  ctx: Ctx,
  tx: Tx,
  provider: string,
  { openedAt, cause }: Circuit,
): Promise<void> {
  if (!ctx.defaults.operatorEmail || !openedAt) return
  const body = {
    type: 'operator.alert',
    timestamp: openedAt.toISOString(),
    reference: provider,
    priority: 'high',
    data: {
      alert: 'provider_circuit_opened',
      objectId: provider,
      message: [
        unavailableText(provider, { kind: 'circuit_open', cause }),
        'It receives no more messages: they go to the other providers of its route, or wait if there is none.',
        'Every 5 seconds one message probes it; the first one that it accepts closes the circuit.',
      ].join(' '),
    },
  }
  const raw = Buffer.from(JSON.stringify(body))
  const translation = await ctx.sources.named(ownSource).translate(raw)
  const sourceId = `circuit:${provider}:${openedAt.toISOString()}`
  const validated = await validate(ctx, { source: ownSource, sourceId, raw, translation, reportsFaultsToSender: false })
  if (!validated.ok) throw new Error(`our own alert is not a valid event: ${validated.detail}`)
  await insertEvents(tx, ctx.jobs, [validated.event])
}
