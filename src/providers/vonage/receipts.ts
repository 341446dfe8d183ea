// Reads the delivery receipts of Vonage's SMS API, as a form, JSON or a query.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { phoneOf } from '../../domain/phone-number.ts'
import type { Receipt } from '../../domain/receipt.ts'
import { uuidOf } from '../../domain/uuid.ts'
import { maxParameters } from '../../wire/form.ts'
import { makeReceipt, type ReceiptFields } from '../kit/make-receipt.ts'
import { bodyOf, digest, instantOf, isFresh, lineOf, unreadable, unverified } from '../kit/report-body.ts'
import type { ReceiptReader } from '../receipt-reader.ts'

// Vonage retries for up to 24 hours and does not document that it signs each retry again. A replay has the key of the
// original.
const maxAgeSeconds = 24 * 60 * 60

type Fields = Record<string, string>

/** Unsigned receipts are refused: the account must turn signing on. */
export function vonageReceipts(signatureSecret: string): ReceiptReader {
  return {
    read(report) {
      const fields = flat(bodyOf(report))
      if (!fields || !isSigned(signatureSecret, fields, report.nowMs))
        return unverified(
          'The parameters have no valid `sig`. Turn on signed webhooks in the Vonage account, preferably with SHA-256 HMAC.',
        )
      const status = fields.status?.toLowerCase()
      if (!status) return unreadable('The parameters have no `status`.')
      const mapped = mapStatus(status, fields['err-code'] ?? null)
      return { ok: true, receipts: mapped ? [receiptOf(mapped, status, fields)] : [] }
    },
  }
}

/** The parameters as sent; null if there are too many or they are nested, which the signature does not cover. */
function flat(body: unknown): Fields | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null
  const entries = Object.entries(body)
  if (entries.length > maxParameters) return null
  const fields: Fields = Object.create(null)
  for (const [name, value] of entries) {
    // Vonage signs `&` and `=` in a value as `_`. In a name they would make one parameter look like two in the signed text.
    if (!['string', 'number', 'boolean'].includes(typeof value) || /[&=]/.test(name)) return null
    fields[name] = String(value)
  }
  return fields
}

/** The account's HMAC, by the length of the signature. Vonage's plain MD5 hash is not accepted. */
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
    address: phoneOf(`+${lineOf(fields.msisdn)}`),
    code: code === '0' ? null : code,
  })
}

/** ISO 8601, or a date and time in UTC. Form decoding turns the plus sign of the zone into a space. */
function writtenAt(at: string): Date | null {
  const zoned = at.replace(/ +(\d\d:?\d\d)$/, '+$1')
  return instantOf(zoned) ?? instantOf(`${zoned}Z`)
}

function mapStatus(status: string, errCode: string | null): ReceiptFields | null {
  switch (status) {
    case 'accepted':
    case 'unknown': // the carrier does not report the delivery
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
      return { kind: 'undelivered', suppress: suppressed(errCode), text: `Vonage reported ${status}: ${why}` }
    }
    default:
      return null
  }
}

function suppressed(errCode: string | null): Receipt['suppress'] {
  switch (errCode) {
    case '3':
      return 'invalid_address'
    case '4': // blocked by the person
    case '9': // the person sent STOP
      return 'opted_out'
    default:
      return null
  }
}

/** The texts of Vonage's `err-code`s. */
const errors = new Map([
  ['1', 'the carrier gives no reason, or does not know the number'],
  ['2', 'the handset is absent'],
  ['3', 'the number is no longer in use'],
  ['4', 'the person blocked such messages'],
  ['5', 'the number was ported to another carrier'],
  ['6', 'the carrier rejected it as spam'],
  ['7', 'the handset was busy'],
  ['8', 'the network failed'],
  ['9', 'the person has opted out, or the number is blocked'],
  ['10', 'the message is invalid'],
  ['11', 'there is no route to the number'],
  ['12', 'the number could not be reached'],
  ['13', 'the carrier blocks it because of the person’s age'],
  ['14', 'the carrier blocks messages to the number'],
  ['15', 'the person’s prepaid account is empty'],
  ['99', 'general error'],
])
