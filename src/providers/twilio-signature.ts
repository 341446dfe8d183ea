// Whether Twilio signed a request, by its own package: over the URL it was given and every parameter it sent.
// twilio-receipts.ts and twilio-inbound.ts read what is in it.
import twilioSdk from 'twilio'
import { field } from './answer.ts'
import type { Report } from './receipts.ts'
import { bodyOf, textOf, unverified } from './report-body.ts'

type SignedFields =
  | { ok: true; read: (name: string, maxLength?: number) => string | null }
  | { ok: false; status: 401; detail: string }

/** A reader of the request's fields, where it is Twilio's. New fields come without notice: all of them are signed. */
export function signedFields(authToken: string, report: Report): SignedFields {
  const signature = report.headers['x-twilio-signature']
  if (typeof signature !== 'string' || !URL.canParse(report.url) || !isSigned(authToken, signature, report))
    return unverified('The header X-Twilio-Signature does not match the URL and the body.')
  const body = bodyOf(report)
  return { ok: true, read: (name, maxLength) => textOf(field(body, name), maxLength) }
}

function isSigned(authToken: string, signature: string, { raw, query, url }: Report): boolean {
  // JSON bodies are signed by their hash, which Twilio puts into the URL.
  if (query.has('bodySHA256')) return twilioSdk.validateRequestWithBody(authToken, signature, url, raw.toString())
  return twilioSdk.validateRequest(authToken, signature, url, parameters(raw))
}

/** As decoded from the form, neither trimmed nor nested, and a name that comes twice with both its values. */
function parameters(raw: Buffer): Record<string, string[]> {
  const form = new URLSearchParams(raw.toString())
  const all: Record<string, string[]> = Object.create(null)
  for (const name of form.keys()) all[name] ??= form.getAll(name)
  return all
}
