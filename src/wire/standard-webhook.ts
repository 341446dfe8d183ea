// Signs and verifies Standard Webhooks (https://www.standardwebhooks.com), whose scheme is also Svix's.
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'

const toleranceSeconds = 300
const maxIdLength = 256
/** Enough for about forty signatures, more than any rotation of secrets needs. */
const maxSignaturesLength = 2_000
/** The length of SHA-256 in bytes. */
const digestLength = 32

export interface AppSecret {
  name: string
  /** `whsec_` and base64. */
  secret: string
}

type Headers = Record<string, string | string[] | undefined>

/** 401: the signature is missing, wrong or outside the tolerance. 400: verified, but the id cannot be stored. */
interface Fault {
  ok: false
  status: 400 | 401
  /** Default: the signature is wrong, or with 400 the id. */
  code?: 'signature_missing' | 'timestamp_out_of_tolerance'
  detail: string
}
type VerifiedWebhook = { ok: true; id: string } | Fault

interface Claim {
  id: string
  timestamp: string
  signatures: string
}

/**
 * The key in a `whsec_…` secret. Throws if it is not base64, with the owner in the message. A key object, because a signature
 * by the bytes of a key takes four times as long.
 */
export function webhookKey(secret: string, owner: string): KeyObject {
  const base64 = secret.replace(/^whsec_/, '')
  const key = Buffer.from(base64, 'base64')
  // Buffer skips invalid characters, so a mistyped secret would give a weaker key.
  if (key.length === 0 || key.toString('base64').replace(/=+$/, '') !== base64.replace(/=+$/, ''))
    throw new Error(`a webhook secret of ${owner} is not base64`)
  return createSecretKey(key)
}

/** The webhook's id if one of the keys signed it at most 300 seconds before or after `nowMs`. Never throws. */
export function verifyStandardWebhook(
  keys: KeyObject[],
  raw: Buffer,
  headers: Headers,
  nowMs: number,
): VerifiedWebhook {
  const fault = standardWebhookFault(headers, nowMs)
  const claim = claimIn(headers)
  if (fault || !claim) return fault ?? missingHeaders
  if (!keys.some((key) => isSignedWith(key, claim, raw))) return unverified('No signature matches the body.')
  if (claim.id.length > maxIdLength || /\p{Cc}/u.test(claim.id))
    return { ok: false, status: 400, detail: `The webhook-id must have at most ${maxIdLength} characters on one line.` }
  return { ok: true, id: claim.id }
}

/** A fault that the headers alone show; null if there is none. */
export function standardWebhookFault(headers: Headers, nowMs: number): Fault | null {
  const claim = claimIn(headers)
  if (!claim) return missingHeaders
  if (!/^\d{1,15}$/.test(claim.timestamp))
    return unverified('The webhook-timestamp is not a whole number of Unix seconds.', 'signature_missing')
  const ageSeconds = Math.floor(nowMs / 1000) - Number(claim.timestamp)
  if (Math.abs(ageSeconds) > toleranceSeconds)
    return unverified(
      `The webhook-timestamp is more than ${toleranceSeconds} seconds from our clock.`,
      'timestamp_out_of_tolerance',
    )
  if (claim.signatures.length > maxSignaturesLength || digestsIn(claim.signatures).length === 0)
    return unverified(
      'The webhook-signature has no signature of version v1 in base64, or is too long.',
      'signature_missing',
    )
  return null
}

/** The headers of a webhook, with a signature by each key. The id must not contain a dot. */
export function signStandardWebhook(
  keys: KeyObject[],
  id: string,
  body: string,
  nowMs: number,
): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000))
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': keys.map((key) => `v1,${digestOf(key, id, timestamp, body).toString('base64')}`).join(' '),
  }
}

function digestOf(key: KeyObject, id: string, timestamp: string, body: string | Buffer): Buffer {
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest()
}

function unverified(detail: string, code?: Fault['code']): Fault {
  return { ok: false, status: 401, ...(code && { code }), detail }
}

const missingHeaders = unverified(
  'The headers webhook-id, webhook-timestamp and webhook-signature must be present, each once.',
  'signature_missing',
)

/** The svix-* headers take precedence, as in Svix's library. */
function claimIn(headers: Headers): Claim | null {
  return claimOf(headers, 'svix') ?? claimOf(headers, 'webhook')
}

/** Null unless all three are there. A repeated header is a list, or joined, which does not verify. */
function claimOf(headers: Headers, prefix: 'svix' | 'webhook'): Claim | null {
  const id = headers[`${prefix}-id`]
  const timestamp = headers[`${prefix}-timestamp`]
  const signatures = headers[`${prefix}-signature`]
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') return null
  return id && timestamp && signatures ? { id, timestamp, signatures } : null
}

/** The signatures of version v1. Other versions are skipped. */
function digestsIn(signatures: string): Buffer[] {
  return signatures.split(' ').flatMap((entry) => {
    const [version, signature = '', ...more] = entry.split(',')
    const digest = Buffer.from(signature, 'base64')
    return version === 'v1' && more.length === 0 && digest.length === digestLength ? [digest] : []
  })
}

/**
 * Not by the package standardwebhooks: its `verify` reads the system's clock and parses timestamps with parseInt, and
 * hashes the decoded body, so that a body that is not UTF-8 never matches.
 */
function isSignedWith(key: KeyObject, { id, timestamp, signatures }: Claim, raw: Buffer): boolean {
  const expected = digestOf(key, id, timestamp, raw)
  return digestsIn(signatures).some((given) => timingSafeEqual(given, expected))
}
