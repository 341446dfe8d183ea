// Razorpay: its webhooks, signed over the raw body. http/webhooks.ts asks it. An event becomes one of ours where people
// are told of it (payment.ts); the others are kept under Razorpay's own name.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { textOf } from '../../wire/json.ts'
import { translated, untold } from '../mapping.ts'
import type { Headers, Source, Translation, Verified } from '../source.ts'
import { readRazorpayEvent } from './event.ts'
import { tellingOf } from './payment.ts'
import { referencesOf } from './references.ts'

/** Razorpay as a source. Who changes the secret keeps the one before: retries of older events are signed with it. */
export function razorpaySource({ webhookSecrets }: { webhookSecrets: string[] }): Source {
  return {
    name: 'razorpay',
    answersForItsData: false,
    verify: (raw, headers) => verify(webhookSecrets, raw, headers),
    translate: translateRazorpay,
  }
}

/**
 * The signature has no timestamp, and the event's id is not under it: a body can be sent again at any time, as another
 * event. It tells nobody twice all the same, as the fact of a payment or a refund is named by its own id.
 */
function verify(secrets: string[], raw: Buffer, headers: Headers): Verified {
  const signature = headers['x-razorpay-signature']
  if (typeof signature !== 'string' || !/^[0-9a-f]{64}$/i.test(signature))
    return { ok: false, status: 401, detail: 'The header X-Razorpay-Signature is needed, with 64 hexadecimal digits.' }
  const given = Buffer.from(signature, 'hex')
  if (!secrets.some((secret) => timingSafeEqual(createHmac('sha256', secret).update(raw).digest(), given)))
    return { ok: false, status: 401, detail: 'No signature matches the body.' }
  const read = readRazorpayEvent(raw)
  if (!read.ok) return { ok: false, status: 400, detail: read.detail }
  const sourceId = textOf(headers['x-razorpay-event-id'], 255)
  if (!sourceId) return { ok: false, status: 400, detail: 'The header X-Razorpay-Event-Id is needed: the event’s id.' }
  return { ok: true, sourceId }
}

/** The event in our words. */
export function translateRazorpay(raw: Buffer): Translation {
  const read = readRazorpayEvent(raw)
  if (!read.ok) return { ok: false, kind: 'refused', status: 400, detail: read.detail }
  const { event } = read
  const { type, occurredAt } = event
  const references = referencesOf(event)
  // Test mode and live have webhooks and secrets of their own; an event does not say which it is of.
  return translated(untold('razorpay', { sourceType: type, references, livemode: null, occurredAt }), tellingOf(event))
}
