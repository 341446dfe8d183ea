// The schedule as a source of events, without webhooks.
import { at, isFields, parseJson, textOf } from '../wire/json.ts'
import type { Source, Translation } from './source.ts'

/** The event of a run: the schedule's name, its due time and the results. */
export interface ScheduleTick {
  name: string
  scheduledFor: string
  [found: string]: unknown
}

export const schedule: Source = {
  name: 'schedule',
  reportsFaultsToSender: false,
  translate: translateTick,
  webhooks: null,
  enrich: null,
  testEvents: null,
}

export function writeTick(tick: ScheduleTick): Buffer {
  return Buffer.from(JSON.stringify(tick))
}

function translateTick(raw: Buffer): Translation {
  const data = parseJson(raw)
  const name = textOf(at(data).name)
  if (!isFields(data) || !name)
    return { ok: false, kind: 'refused', status: 400, detail: 'The event needs the name of a schedule.' }
  return {
    ok: true,
    content: {
      type: name,
      sourceType: name,
      reference: null,
      references: [],
      livemode: null,
      occurredAt: new Date(String(data.scheduledFor)),
      recipients: [],
      data,
      sendAt: null,
      expiresAt: null,
      priority: null,
      fact: null,
    },
  }
}
