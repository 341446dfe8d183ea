// Maps Twilio's error codes to outcomes.
import type { Outcome } from '../../domain/attempt.ts'

// The person sent STOP to this sender.
const optedOut = new Set([21610])
// 21211: invalid number; 21614: cannot receive SMS; 30005: unknown handset; 30006: landline.
const badNumber = new Set([21211, 21614, 30005, 30006])
// 21604: the request has no recipient, so no address is suppressed.
const noRecipient = new Set([21604])
// Faults of the sender, the service or the registration: every message fails here, and another provider may accept it.
const thisRoute = new Set([21601, 21606, 21701, 21703, 21704, 21705, 21910, 30032, 30033, 30034, 30035])
// Faults of this destination or text, which another provider may accept. 21408: region not enabled; 21608: number not
// verified by a trial account; 21612: number not reachable from this sender; 30004: blocked; 30007: filtered; 30018 and
// 30024: the carrier requires registration of the sender.
const thisDestination = new Set([21408, 21608, 21612, 30004, 30007, 30018, 30024])
const content = new Set([21602, 21617, 21620, 21623, 21654, 21656, 30019])
const later = new Set([20500, 20503, 21611, 30001, 30002, 30020, 30023, 63038])
// Rate limits of the account and of a US sender.
const tooMany = new Set([20429, 30022])
// Unreachable handset, failure or limit of its carrier, number range that Twilio protects: these concern this number only.
const laterForThis = new Set([30003, 30008, 30017, 30027, 30450])
// Wrong credentials, inactive account, unknown account.
const configuration = new Set([20003, 20005, 20404])
// The carrier's answer was lost, so the SMS may have been delivered. Twilio does not retry it.
const carrierTimeout = 30410

/** Null for an unknown code, for which the HTTP status decides. */
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
  if (laterForThis.has(code)) return { kind: 'deferred', messageOnly: true, ...details }
  if (code === carrierTimeout) return { kind: 'unknown', messageOnly: true, ...details }
  return null
}
