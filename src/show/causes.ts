// Says in English why a provider is called, and why it is not.
import { attemptCauses } from '../domain/attempt-cause.ts'
import { known, type StoredCode } from '../domain/coded.ts'
import type { CircuitCause, Unavailability } from '../domain/unavailable.ts'
import { nameOf, sentence, unknownCode } from './provider.ts'

/** Why a circuit opened, as the rest of a sentence about the provider. */
export function circuitText(cause: CircuitCause): string {
  switch (cause.kind) {
    case 'account_refused':
      return 'it refuses our account (check its key, balance and settings)'
    case 'failures_in_row':
      return `${cause.failures} calls in a row failed`
    case 'failure_rate':
      return `${cause.failures} of ${cause.calls} calls failed within ${cause.seconds} seconds`
    default:
      // Another version has opened it.
      return 'its calls failed'
  }
}

/** A change of a provider's circuit or pause. */
export function changeText(what: string, cause: CircuitCause | null): string {
  if (what === 'circuit_opened') return cause ? `circuit opened: ${circuitText(cause)}` : 'circuit opened'
  if (what === 'circuit_closed') return 'circuit closed: a probe was accepted'
  return what.replaceAll('_', ' ')
}

export function unavailableText(provider: string, cause: Unavailability): string {
  const name = sentence(nameOf(provider)).slice(0, -1)
  switch (cause.kind) {
    case 'paused':
      return `${name} is paused by ${cause.by}.`
    case 'circuit_open':
      return cause.cause ? `${name} is failing: ${circuitText(cause.cause)}.` : `${name} is failing.`
    case 'throttled':
      return `${name} asked for a pause.`
  }
}

/** As the API shows the cause of an attempt. */
export function showCause(provider: string, stored: StoredCode): { cause: string; why: string } {
  return { cause: stored.code, why: attemptCauseText(provider, stored) }
}

export function attemptCauseText(provider: string, stored: StoredCode): string {
  const cause = known(attemptCauses, stored)
  switch (cause?.code) {
    case undefined:
      return unknownCode(stored.code)
    case 'first':
      return 'The first provider of the route.'
    case 'retry':
      return 'The first provider of the route again, in a new round.'
    case 'fallback': {
      const after = nameOf(cause.params.after)
      return cause.params.outcome === 'unknown'
        ? `Fallback: whether ${after} accepted it is unknown, and the notifier prefers a possible duplicate to no message.`
        : `Fallback: ${after} did not accept it.`
    }
    case 'bypass':
      return `Fallback: ${cause.params.unavailable.map((one) => unavailableText(one.provider, one.cause)).join(' ')}`
    case 'probe':
      return `Probe: ${unavailableText(provider, cause.params.cause)} This message tests whether it works again.`
    case 'repeat':
      return 'The same call with the same key, to settle an unknown outcome.'
  }
}
