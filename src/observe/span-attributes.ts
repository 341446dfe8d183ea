// The attributes of spans, made of the fields of log lines.
import { redact } from '../privacy/redact.ts'

/** Only these fields reach a collector, under these names. */
const names: Record<string, string> = {
  event: 'posthorn.event.id',
  source: 'posthorn.source',
  type: 'posthorn.event.type',
  duplicate: 'posthorn.event.duplicate',
  status: 'posthorn.event.status',
  notifications: 'posthorn.notifications',
  notification: 'posthorn.notification.id',
  state: 'posthorn.notification.state',
  channel: 'posthorn.channel',
  provider: 'posthorn.provider',
  attempt: 'posthorn.attempt.number',
  round: 'posthorn.attempt.round',
  outcome: 'posthorn.outcome',
  answer: 'posthorn.answer',
  reason: 'posthorn.reason',
  statusCode: 'http.response.status_code',
}

type Attribute = string | number | boolean

/** `error.type` is there if the step failed. */
export function attributesOf(fields: object): Record<string, Attribute> {
  const all = Object.entries(fields)
  const shown = all.flatMap(([field, value]) => {
    const name = names[field]
    return name && isAttribute(value) ? [[name, field === 'type' ? redact(String(value)) : value] as const] : []
  })
  const error = errorOf(fields)
  return { ...Object.fromEntries(shown), ...(error && { 'error.type': error }) }
}

/** An outcome's code, or the reason of a failure. */
function errorOf({ code, outcome, reason }: { code?: unknown; outcome?: unknown; reason?: unknown }): string | null {
  if (typeof code === 'string') return code
  return outcome === 'failed' || outcome === 'given up' ? String(reason) : null
}

function isAttribute(value: unknown): value is Attribute {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
