// Vonage's delivery receipts for the SMS API, as form, JSON or query, whichever the account has chosen. They are
// signed only where the account asks for it, and nothing else is taken. `client-ref` brings the attempt's id back.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Receipt } from '../../domain/receipt.ts'
import { uuidOf } from '../../domain/uuid.ts'
import { makeReceipt, type ReceiptFields } from '../kit/make-receipt.ts'
import {
  bodyOf,
  digest,
  instantOf,
  isFresh,
  lineOf,
  maxParameters,
  unreadable,
  unverified,
} from '../kit/report-body.ts'
import type { ReceiptReader } from '../receipt-reader.ts'

// Vonage tries again for up to 24 hours and does not say that it signs anew. A replay has the key of the first.
const maxAgeSeconds = 24 * 60 * 60

type Fields = Record<string, string>

export function vonageReceipts(signatureSecret: string): ReceiptReader {
  return {
    read(report) {
      const fields = flat(bodyOf(report))
      if (!fields || !isSigned(signatureSecret, fields, report.nowMs))
        return unverified('No `sig` matches the parameters; the account must sign webhooks, by SHA-256 HMAC at best.')
      const status = fields.status?.toLowerCase()
      if (!status) return unreadable('The parameters have no `status`.')
      const mapped = mapStatus(status, fields['err-code'] ?? null)
      return { ok: true, receipts: mapped ? [receiptOf(mapped, status, fields)] : [] }
    },
  }
}

/** Names and values as they were sent; null where they are nested, which no signature covers, or too many. */
function flat(body: unknown): Fields | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null
  const entries = Object.entries(body)
  if (entries.length > maxParameters) return null
  const fields: Fields = Object.create(null)
  for (const [name, value] of entries) {
    // In a value these two count as `_`; in a name they could make two parameters of the signed text out of one.
    if (!['string', 'number', 'boolean'].includes(typeof value) || /[&=]/.test(name)) return null
    fields[name] = String(value)
  }
  return fields
}

/** Which HMAC the account has chosen shows in the length. Its other choice, a bare MD5, is not a proof any more. */
const algorithms = new Map([
  [64, 'sha256'],
  [128, 'sha512'],
  [40, 'sha1'],
  [32, 'md5'],
])

function isSigned(secret: string, { sig = '', ...fields }: Fields, nowMs: number): boolean {
  const algorithm = algorithms.get(sig.length)
  if (!algorithm || !/^[0-9a-f]+$/i.test(sig) || !isFresh(fields.timestamp ?? '', nowMs, maxAgeSeconds)) return false
  const names = Object.keys(fields).sort()
  const signed = names.map((name) => `&${name}=${fields[name]?.replace(/[&=]/g, '_')}`).join('')
  return timingSafeEqual(Buffer.from(sig, 'hex'), createHmac(algorithm, secret).update(signed).digest())
}

function receiptOf(mapped: ReceiptFields, status: string, fields: Fields): Receipt {
  const messageId = lineOf(fields.messageId)
  const ref = lineOf(fields['client-ref'])
  const code = lineOf(fields['err-code'])
  const at = lineOf(fields['message-timestamp'])
  return makeReceipt({
    ...mapped,
    key: messageId ? `${messageId}:${lineOf(status)}:${code ?? ''}` : digest(ref, lineOf(status), code, at),
    at: at ? writtenAt(at) : null,
    providerMessageId: messageId,
    attemptId: uuidOf(ref),
    code: code === '0' ? null : code,
  })
}

/** ISO 8601, or a date and a time in UTC. A form may have made a blank of the zone's plus. */
function writtenAt(at: string): Date | null {
  const zoned = at.replace(/ +(\d\d:?\d\d)$/, '+$1')
  return instantOf(zoned) ?? instantOf(`${zoned}Z`)
}

function mapStatus(status: string, errCode: string | null): ReceiptFields | null {
  switch (status) {
    case 'accepted':
    case 'unknown': // the carrier does not tell
      return { kind: 'taken' }
    case 'buffered':
      return { kind: 'delayed' }
    case 'delivered':
      return { kind: 'delivered' }
    case 'expired':
    case 'failed':
    case 'rejected':
    case 'undeliverable': {
      const why = errors.get(errCode ?? '') ?? 'no reason given'
      return { kind: 'undelivered', suppress: suppressed(errCode), text: `Vonage said ${status}: ${why}` }
    }
    default:
      return null
  }
}

function suppressed(errCode: string | null): Receipt['suppress'] {
  switch (errCode) {
    case '3':
      return 'invalid_address'
    case '4': // barred by the person
    case '9': // they have sent STOP
      return 'opted_out'
    default:
      return null
  }
}

/** Vonage's `err-code`s in words. */
const errors = new Map([
  ['1', 'the carrier gives no reason, or does not know the number'],
  ['2', 'the handset is away for now'],
  ['3', 'the number is no longer in use'],
  ['4', 'the person has barred such messages'],
  ['5', 'the number has moved between carriers'],
  ['6', 'the carrier took it for spam'],
  ['7', 'the handset was busy'],
  ['8', 'the network failed'],
  ['9', 'the person has opted out, or the number is blocked'],
  ['10', 'the message itself was not valid'],
  ['11', 'no route leads to the number'],
  ['12', 'the number could not be reached'],
  ['13', 'the carrier does not allow it for the person’s age'],
  ['14', 'the carrier blocks messages to the number'],
  ['15', 'the person’s prepaid account is empty'],
  ['99', 'a fault of the route'],
])
