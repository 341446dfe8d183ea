// Verifies Twilio's signature, which covers the URL and every parameter, with Twilio's package.
import twilioSdk from 'twilio'
import { field } from '../../wire/json.ts'
import { bodyOf, formOf, lineOf, unverified } from '../kit/report-body.ts'
import type { Refusal, Report, ReportHead } from '../receipt-reader.ts'

type SignedFields = { ok: true; read: (name: string, maxLength?: number) => string | null } | Refusal

const unsigned = unverified('The header X-Twilio-Signature does not match the URL and the body.')

/** Refuses a request without a signature. */
export function signatureFault({ headers }: ReportHead): Refusal | null {
  return isBase64OfSha1(headers['x-twilio-signature']) ? null : unsigned
}

/** A reader of the request's fields if Twilio signed it. Twilio adds fields without notice, and all of them are signed. */
export function signedFields(authToken: string, report: Report): SignedFields {
  const signature = report.headers['x-twilio-signature']
  if (!isBase64OfSha1(signature) || !URL.canParse(report.url) || !isSigned(authToken, signature, report))
    return unsigned
  const body = bodyOf(report)
  return { ok: true, read: (name, maxLength) => lineOf(field(body, name), maxLength) }
}

function isBase64OfSha1(signature: unknown): signature is string {
  return typeof signature === 'string' && /^[A-Za-z0-9+/]{27}=$/.test(signature)
}

function isSigned(authToken: string, signature: string, { raw, query, url }: Report): boolean {
  // Twilio signs a JSON body by its hash in the URL.
  if (query.has('bodySHA256')) return twilioSdk.validateRequestWithBody(authToken, signature, url, raw.toString())
  const form = formOf(raw)
  return form !== null && twilioSdk.validateRequest(authToken, signature, url, parameters(form))
}

/** Without a prototype, so that a parameter named `__proto__` is an ordinary one. */
function parameters(form: Map<string, string[]>): Record<string, string[]> {
  return Object.assign(Object.create(null), Object.fromEntries(form))
}
