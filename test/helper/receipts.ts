// Providers' receipts as the vendors send them, with computed signatures, to post to a running service or to give to a reader.
// Timestamps are Unix seconds.
import { createHmac, generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto'
import webhooks from 'twilio/lib/webhooks/webhooks.js'
import { systemClock } from '../../src/clock.ts'
import type { Receipt } from '../../src/domain/receipt.ts'
import type { ReceiptReader, Refusal, Report } from '../../src/providers/receipt-reader.ts'
import { signedApp } from './signed.ts'

export interface SignedCallback {
  method: 'POST' | 'GET'
  /** The path with its query. */
  path: string
  headers: Record<string, string>
  payload: Buffer
}

const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }

/** The report that a reader gets from the service. */
export function callbackOf(signed: SignedCallback, nowMs: number, publicUrl = 'https://notify.example.com'): Report {
  const url = publicUrl + signed.path
  return { raw: signed.payload, headers: signed.headers, query: new URL(url).searchParams, url, nowMs }
}

interface ResendSigning {
  secret: string
  id?: string
  timestamp?: number
}

/** What the reader answers, with all receipts taken. */
export function readAll(reader: ReceiptReader, report: Report): { ok: true; receipts: Receipt[] } | Refusal {
  const answer = reader.read(report)
  return answer.ok ? { ...answer, receipts: [...answer.receipts] } : answer
}

/** One event: `{ type: 'email.delivered', created_at, data: { email_id, tags: { notification_id } } }`. */
export function resendCallback(event: unknown, signing: ResendSigning): SignedCallback {
  const { payload, headers } = signedApp(event, { ...signing, style: 'svix' })
  return { method: 'POST', path: '/receipts/resend', headers, payload }
}

/** A key pair as SendGrid makes one for an account; `webhookKey` is what its settings page shows. */
export function sendgridKeys() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return { webhookKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'), publicKey, privateKey }
}

interface SendgridSigning {
  privateKey: ReturnType<typeof sendgridKeys>['privateKey']
  timestamp?: number
}

/** A list of events, each `{ event, sg_message_id, email, timestamp, notification_id, attempt_id }`. */
export function sendgridCallback(events: unknown, signing: SendgridSigning): SignedCallback {
  const { privateKey, timestamp = nowSeconds() } = signing
  const payload = bytesOf(events)
  const signature = sign('sha256', Buffer.concat([Buffer.from(String(timestamp)), payload]), privateKey)
  const headers = {
    ...json,
    'x-twilio-email-event-webhook-signature': signature.toString('base64'),
    'x-twilio-email-event-webhook-timestamp': String(timestamp),
  }
  return { method: 'POST', path: '/receipts/sendgrid', headers, payload }
}

interface MailgunSigning {
  signingKey: string
  timestamp?: number
  token?: string
}

/** One event: `{ event, id, timestamp, message: { headers: { 'message-id' } }, 'user-variables': {…} }`. */
export function mailgunCallback(event: unknown, signing: MailgunSigning): SignedCallback {
  const { signingKey, timestamp = nowSeconds(), token = randomBytes(25).toString('hex') } = signing
  const signature = createHmac('sha256', signingKey).update(`${timestamp}${token}`).digest('hex')
  const payload = bytesOf({ signature: { timestamp: String(timestamp), token, signature }, 'event-data': event })
  return { method: 'POST', path: '/receipts/mailgun', headers: json, payload }
}

interface TwilioSigning {
  authToken: string
  /** The service's PUBLIC_URL: Twilio signs the URL. */
  publicUrl?: string
  /** The attempt in the query of the StatusCallback. */
  attempt?: string
  path?: string
}

/** A status callback: `{ MessageSid, MessageStatus, ErrorCode }`. A list of values repeats the name. */
export function twilioCallback(params: Record<string, string | string[]>, signing: TwilioSigning): SignedCallback {
  const { authToken, publicUrl = 'https://notify.example.com', attempt, path = '/receipts/twilio' } = signing
  const whole = attempt ? `${path}?attempt=${attempt}` : path
  const signature = webhooks.getExpectedTwilioSignature(authToken, publicUrl + whole, params)
  const encoded = new URLSearchParams()
  for (const [name, values] of Object.entries(params)) for (const value of [values].flat()) encoded.append(name, value)
  const payload = Buffer.from(encoded.toString())
  return { method: 'POST', path: whole, headers: { ...form, 'x-twilio-signature': signature }, payload }
}

/** An inbound text: `{ From, Body, OptOutType }`. */
export function twilioText(params: Record<string, string>, signing: Omit<TwilioSigning, 'path' | 'attempt'>) {
  const defaults = { MessageSid: `SM${randomUUID().replaceAll('-', '')}`, To: '+15005550001', NumMedia: '0' }
  return twilioCallback({ ...defaults, ...params }, { ...signing, path: '/inbound/twilio' })
}

interface VonageSigning {
  secret: string
  timestamp?: number
  algorithm?: 'sha256' | 'sha512' | 'sha1' | 'md5'
  style?: 'form' | 'json' | 'query'
}

/** A delivery receipt: `{ messageId, status, 'err-code', 'client-ref', 'message-timestamp' }`. */
export function vonageCallback(params: Record<string, string>, signing: VonageSigning): SignedCallback {
  const { secret, timestamp = nowSeconds(), algorithm = 'sha256', style = 'form' } = signing
  const signed: Record<string, string> = { ...params, timestamp: String(timestamp), nonce: randomUUID() }
  const text = Object.entries(signed)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `&${name}=${value.replace(/[&=]/g, '_')}`)
  const all = { ...signed, sig: createHmac(algorithm, secret).update(text.join('')).digest('hex') }
  const path = '/receipts/vonage'
  const encoded = new URLSearchParams(all).toString()
  if (style === 'query') return { method: 'GET', path: `${path}?${encoded}`, headers: {}, payload: Buffer.alloc(0) }
  if (style === 'json') return { method: 'POST', path, headers: json, payload: bytesOf(all) }
  return { method: 'POST', path, headers: form, payload: Buffer.from(encoded) }
}

/** In version 2, the reports of one request in a form; in version 3, one flat report in JSON. */
export function msg91Callback(
  body: unknown,
  { token, version = 2 }: { token: string; version?: 2 | 3 },
): SignedCallback {
  const path = `/receipts/msg91?token=${encodeURIComponent(token)}`
  if (version === 3) return { method: 'POST', path, headers: json, payload: bytesOf(body) }
  const data = bytesOf(body).toString()
  return { method: 'POST', path, headers: form, payload: Buffer.from(new URLSearchParams({ data }).toString()) }
}

/** `{ udf1, udf2, request_id, status, description }`. */
export function fast2smsCallback(
  fields: Record<string, string>,
  { token, style = 'json' }: { token: string; style?: 'form' | 'json' | 'query' },
): SignedCallback {
  const path = `/receipts/fast2sms?token=${encodeURIComponent(token)}`
  const encoded = new URLSearchParams(fields).toString()
  if (style === 'query') return { method: 'GET', path: `${path}&${encoded}`, headers: {}, payload: Buffer.alloc(0) }
  if (style === 'json') return { method: 'POST', path, headers: json, payload: bytesOf(fields) }
  return { method: 'POST', path, headers: form, payload: Buffer.from(encoded) }
}

function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}

function nowSeconds(): number {
  return Math.floor(systemClock.now().getTime() / 1000)
}
