// Razorpay as a source: settings, webhooks and translation.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { secrets } from '../../settings/secrets.ts'
import { textOf } from '../../wire/json.ts'
import { translationOf, unmapped } from '../mapping.ts'
import {
  defineSource,
  type Enrichment,
  type Headers,
  type ReadWebhook,
  type RefusedWebhook,
  type Translation,
} from '../source.ts'
import { type RazorpayEvent, readRazorpayEvent } from './event.ts'
import { mapEvent, types } from './payment.ts'
import { referencesOf } from './references.ts'
import { samples } from './samples.ts'

const settings = {
  webhookSecrets: secrets(
    'RAZORPAY_WEBHOOK_SECRET',
    // Razorpay signs retries of older events with the previous secret.
    'one or more webhook secrets, comma separated; keep the previous one for a day',
  ),
}

export const razorpay = defineSource({
  name: 'razorpay',
  signatureHeader: 'X-Razorpay-Signature',
  settings,
  translate: translateRazorpay,
  types,
  // They keep Razorpay's type and notify the operator as our own alerts do.
  ownTypes: {
    'refund.failed': 'operator.alert',
    'payment.dispute.created': 'operator.alert',
    'payment.dispute.under_review': 'operator.alert',
    'payment.dispute.action_required': 'operator.alert',
    'payment.dispute.won': 'operator.alert',
    'payment.dispute.lost': 'operator.alert',
    'payment.dispute.closed': 'operator.alert',
  },
  webhooks({ webhookSecrets }, orderKeys) {
    const [secret] = webhookSecrets
    if (secret === undefined) return null
    return {
      headFault,
      read: (raw, headers) => read({ webhookSecrets, orderKeys }, raw, headers),
      sign: (raw, id) => ({
        'x-razorpay-event-id': id,
        'x-razorpay-signature': digestOf(secret, raw).toString('hex'),
      }),
    }
  },
  samples,
})

function headFault(headers: Headers): RefusedWebhook | null {
  if (signatureIn(headers)) return null
  return unverified('The header X-Razorpay-Signature is missing or is not 64 hexadecimal digits.', 'signature_missing')
}

function unverified(detail: string, code?: RefusedWebhook['code']): RefusedWebhook {
  return { ok: false, status: 401, ...(code && { code }), detail }
}

interface Reading {
  webhookSecrets: string[]
  orderKeys: readonly string[]
}

/**
 * The signature covers neither a timestamp nor the event's id, so a captured body can be replayed as another event. It
 * notifies nobody twice, since the fact of a payment or a refund is named by its own id.
 */
function read({ webhookSecrets, orderKeys }: Reading, raw: Buffer, headers: Headers): ReadWebhook {
  const fault = headFault(headers)
  if (fault) return fault
  if (!webhookSecrets.some((secret) => isSigned(secret, raw, headers)))
    return unverified('No signature matches the body.')
  const read = readRazorpayEvent(raw, orderKeys)
  if (!read.ok) return { ok: false, status: 400, detail: read.detail }
  const sourceId = textOf(headers['x-razorpay-event-id'], 255)
  if (!sourceId) return { ok: false, status: 400, detail: 'The header X-Razorpay-Event-Id is missing.' }
  return { ok: true, sourceId, translation: translateEvent(read.event) }
}

function isSigned(secret: string, raw: Buffer, headers: Headers): boolean {
  const given = signatureIn(headers)
  return given !== null && timingSafeEqual(digestOf(secret, raw), given)
}

function digestOf(secret: string, raw: Buffer): Buffer {
  return createHmac('sha256', secret).update(raw).digest()
}

function signatureIn({ 'x-razorpay-signature': signature }: Headers): Buffer | null {
  return typeof signature === 'string' && /^[0-9a-f]{64}$/i.test(signature) ? Buffer.from(signature, 'hex') : null
}

function translateRazorpay(raw: Buffer, _found: Enrichment | null, orderKeys: readonly string[]): Translation {
  const read = readRazorpayEvent(raw, orderKeys)
  return read.ok ? translateEvent(read.event) : { ok: false, kind: 'refused', status: 400, detail: read.detail }
}

function translateEvent(event: RazorpayEvent): Translation {
  const { type, occurredAt } = event
  const references = referencesOf(event)
  // An event does not say whether it is of test or live mode, which have separate webhooks and secrets.
  const envelope = unmapped('razorpay', { sourceType: type, references, livemode: null, occurredAt })
  return translationOf(envelope, mapEvent(event))
}
