// Alerts the operator by an ordinary event of our own source, which the providers of the email route deliver.
import type { Ctx } from '../context.ts'
import { ownSource } from '../domain/event.ts'
import type { CircuitCause } from '../domain/unavailable.ts'
import { ownEventStep } from '../observe/steps.ts'
import { unavailableText } from '../show/causes.ts'
import type { Tx } from '../store/db.ts'
import { insertEvents } from '../store/events/insert.ts'
import { validate } from './validate.ts'

export interface OwnAlert {
  /** Names it in the event's id. */
  name: string
  /** A code or a title. */
  alert: string
  message: string
  /** What it is about, such as a provider. */
  objectId?: string
  at: Date
}

/** Runs in the transaction that decides on the alert, so that it is raised once. Does nothing without OPERATOR_EMAIL. */
export async function alertOperator(ctx: Ctx, tx: Tx, { name, alert, message, objectId, at }: OwnAlert): Promise<void> {
  if (!ctx.defaults.operatorEmail) return
  const body = {
    type: 'operator.alert',
    timestamp: at.toISOString(),
    ...(objectId && { reference: objectId }),
    priority: 'high',
    data: { alert, ...(objectId && { objectId }), message },
  }
  const raw = Buffer.from(JSON.stringify(body))
  const translation = await ctx.sources.named(ownSource).translate(raw)
  const sourceId = `${name}:${at.toISOString()}`
  const validated = await validate(ctx, { source: ownSource, sourceId, raw, translation, reportsFaultsToSender: false })
  if (!validated.ok) throw new Error(`our own alert is not a valid event: ${validated.detail}`)
  const { event } = validated
  const span = ctx.tracing.begin(ownEventStep(ctx.clock.now()))
  await insertEvents(tx, ctx.jobs, [{ ...event, traceparent: span.traceparent }])
  span.end({ event: event.id, source: event.source, type: event.type }, ctx.clock.now())
}

/** The alert of a circuit that is open, with its cause. */
export function circuitAlert(provider: string, at: Date, cause: CircuitCause | null): OwnAlert {
  const message = [
    unavailableText(provider, { kind: 'circuit_open', cause }),
    'It receives no more messages: they go to the other providers of its route, or wait if there is none.',
    'Every 5 seconds one message probes it; the first one that it accepts closes the circuit.',
  ].join(' ')
  const alert = 'provider_circuit_opened'
  return { name: `circuit:${provider}`, alert, objectId: provider, message, at }
}
