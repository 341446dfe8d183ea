// Logs a turn of planning, and ends its span.
import type { Ctx } from '../context.ts'
import type { StoredEvent } from '../domain/stored-event.ts'
import { jobStep } from '../observe/steps.ts'

/** What a turn came to. */
export type Turn =
  | { outcome: 'planned' | 'partly planned'; notifications: number }
  | { outcome: 'ignored' | 'failed'; reason: string }
  | { outcome: 'given up'; reason: string; tries: number }
  | { outcome: 'to be enriched first' | 'to wait for others' | 'planned by another' }

const levels = { ignored: 'info', failed: 'warn', 'given up': 'error' } as const

export function endTurn(ctx: Ctx, { id, type, traceparent }: StoredEvent, turn: Turn, startedAt: Date): void {
  const endedAt = ctx.clock.now()
  const ms = endedAt.getTime() - startedAt.getTime()
  const fields = { stage: 'plan', event: id, type, ...turn, ms }
  if ('reason' in turn) ctx.log[levels[turn.outcome]](fields, 'event not planned')
  else ctx.log.info(fields, 'event planned')
  ctx.tracing.step(traceparent, jobStep('plan', startedAt)).end(fields, endedAt)
}
