// What Twilio's error codes mean for us. Codes that are not listed go by the HTTP status, and a 400
// then counts against this route, not against the number: the next provider may have it.
import type { Outcome } from '../../domain/attempt.ts'

// STOP was sent to this sender.
const optedOut = new Set([21610])
// 21211 not a number, 21614 cannot receive SMS, 30005 unknown handset, 30006 landline.
const badNumber = new Set([21211, 21614, 30005, 30006])
// 21604: no recipient at all. It says nothing about an address.
const noRecipient = new Set([21604])
// Sender, service and registration faults: every message meets them, and another route may do.
const thisRoute = new Set([21601, 21606, 21701, 21703, 21704, 21705, 21910, 30032, 30033, 30034, 30035])
// The same, but of this destination or these words alone. 21408 a region that is off, 21608 a number that a trial account
// has not verified, 21612 a number that this sender does not reach, 30004 and 30007 blocked and filtered, 30018 and 30024 a
// carrier that wants the sender registered.
const thisDestination = new Set([21408, 21608, 21612, 30004, 30007, 30018, 30024])
const content = new Set([21602, 21617, 21620, 21623, 21654, 21656, 30019])
const later = new Set([20500, 20503, 21611, 30001, 30002, 30020, 30023, 63038])
// Too many at once: for the account, for a US sender.
const tooMany = new Set([20429, 30022])
// An unreachable handset, its carrier's trouble or limit, a range of numbers that Twilio guards: not about Twilio as a whole.
const laterForThis = new Set([30003, 30008, 30017, 30027, 30450])
// Bad credentials, an account that is not active, an account that is not there.
const configuration = new Set([20003, 20005, 20404])
// Twilio itself does not repeat this one: the carrier's answer was lost, so it may have been delivered.
const carrierTimeout = 30410

/** The outcome that a code stands for; null where it is not known. */
export function twilioCode(code: number, text: string): Outcome | null {
  const details = { code: String(code), text }
  if (optedOut.has(code)) return { kind: 'rejected', blame: 'message', suppress: 'opted_out', ...details }
  if (badNumber.has(code)) return { kind: 'rejected', blame: 'message', suppress: 'invalid_address', ...details }
  if (noRecipient.has(code) || content.has(code)) return { kind: 'rejected', blame: 'message', ...details }
  if (configuration.has(code)) return { kind: 'rejected', blame: 'provider', account: true, ...details }
  if (thisRoute.has(code)) return { kind: 'rejected', blame: 'provider', ...details }
  if (thisDestination.has(code)) return { kind: 'rejected', blame: 'provider', ...details }
  if (later.has(code)) return { kind: 'deferred', ...details }
  if (tooMany.has(code)) return { kind: 'deferred', throttled: true, ...details }
  if (laterForThis.has(code)) return { kind: 'deferred', onlyThis: true, ...details }
  if (code === carrierTimeout) return { kind: 'unknown', onlyThis: true, ...details }
  return null
}
