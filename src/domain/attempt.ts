// An attempt: one numbered call to one provider, and its outcome, the only form in which a provider may answer.

/**
 * - `accepted`: the provider took the message; `ref` is its id there, null if the answer had none.
 * - `rejected`, blame `message`: no provider would take it (bad address, opted out).
 *   `suppress` is the reason to suppress the address for every provider.
 * - `rejected`, blame `provider`: this provider cannot take it (bad key, unverified domain, no balance, a country).
 * - `deferred`: certainly not taken; it may be sent later, or by another provider.
 * - `unknown`: may have been taken. `likelyTaken` (an unreadable 2xx) means that no other provider may get it.
 *
 * `text` is stored in the audit and shown to support staff; it includes the provider's own wording.
 */
export type Outcome =
  | { kind: 'accepted'; ref: string | null; statusCode?: number; text?: string }
  | {
      kind: 'rejected'
      blame: 'message' | 'provider'
      code: string
      text: string
      statusCode?: number
      suppress?: 'invalid_address' | 'opted_out'
      /** The fault is our account with the provider (bad key, no balance): its circuit opens at once. */
      account?: boolean
      /** Any request would fail the same way (a gateway's own refusal, a path that no longer exists). */
      everyMessage?: boolean
    }
  | {
      kind: 'deferred'
      code: string
      text: string
      statusCode?: number
      retryAfterMs?: number
      /** The provider said, other than by a 429, that calls are too frequent: all calls to it slow down. */
      throttled?: boolean
      /** Only this message, mailbox or app must wait (greylisting, a full mailbox); no sign of the provider's health. */
      messageOnly?: boolean
    }
  | {
      kind: 'unknown'
      code: string
      text: string
      statusCode?: number
      likelyTaken?: boolean
      /** The cause is this message's own key or carrier; no sign of the provider's health. */
      messageOnly?: boolean
    }

export type OutcomeKind = Outcome['kind']

/** A look-up of a message whose answer was lost, among those that the provider has. */
export interface LookUpAnswer {
  at: Date
  answer: 'found' | 'absent' | 'unclear'
}

/** How a call ended. */
export interface Answer {
  provider: string
  outcome: Outcome
  endedAt: Date
}

/** A recorded attempt; `outcome` is null while the call is open. */
export interface PastAttempt {
  id: string
  number: number
  round: number
  provider: string
  outcome: OutcomeKind | null
  /** The provider's code or ours; null for an acceptance. */
  errorCode: string | null
  blame: 'message' | 'provider' | null
  likelyTaken: boolean
  retryAfterMs: number | null
  /** The provider's id of the message, if known. */
  ref: string | null
  /** Why this answer suppresses the address; known only at the answer. */
  suppress?: string
  startedAt: Date
  endedAt: Date | null
  /** What an unknown outcome was settled as. */
  verdict: Verdict | null
  lookUps: LookUpAnswer[]
}

export type Verdict = 'taken' | 'not_taken'

/** What settles an attempt whose outcome was unknown. */
export interface Settlement {
  attempt: Pick<PastAttempt, 'id' | 'provider'>
  verdict: Verdict
  by: 'look-up' | 'receipt' | 'person' | 'late answer'
  /** The provider's id of the message, if it was taken and the id is known. */
  ref: string | null
  at: Date
}

/** An open attempt is closed as unknown this long after the call's own time limit: its worker has died. */
export const abandonedAfterMs = 20_000
