// An attempt is one call to one provider, numbered, an audit row. Its outcome is the only
// language in which a provider may answer.

/**
 * - `accepted`: they have it; `ref` is their id, null where the answer did not say.
 * - `rejected`, blame `message`: hopeless everywhere (bad address, opted out).
 *   `suppress` says that this address must not be tried again by anybody, and why.
 * - `rejected`, blame `provider`: this vendor cannot (bad key, unverified domain, no balance, a country).
 * - `deferred`: certainly not taken; later, or by another provider.
 * - `unknown`: may have been taken. `likelyTaken` (an unreadable 2xx) means that no other provider may have it.
 *
 * `text` is kept in the audit and shown: write it for support staff, the provider's own words in it.
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
      /** Our account with this vendor, for every message alike (bad key, no balance): its circuit opens at once. */
      account?: boolean
      /** Not of what was asked: whatever is sent there meets the same (a gateway's own refusal, a path that is gone). */
      everyMessage?: boolean
    }
  | {
      kind: 'deferred'
      code: string
      text: string
      statusCode?: number
      retryAfterMs?: number
      /** Too many at once, by the provider's own words beside a 429: a matter of pace, which slows all calls to it. */
      throttled?: boolean
      /** This message, mailbox or app alone must wait (greylisting, a full mailbox): it says nothing of the provider. */
      onlyThis?: boolean
    }
  | {
      kind: 'unknown'
      code: string
      text: string
      statusCode?: number
      likelyTaken?: boolean
      /** The provider is well; this message's own key or carrier left the doubt. */
      onlyThis?: boolean
    }

export type OutcomeKind = Outcome['kind']

/** A look for a lost answer: by what we sent, among what the provider has. */
export interface Look {
  at: Date
  answer: 'found' | 'absent' | 'unclear'
}

/** How a call ended. */
export interface Answer {
  provider: string
  outcome: Outcome
  endedAt: Date
}

/** An attempt as it is on record; `outcome` null means that the call is open. */
export interface PastAttempt {
  id: string
  number: number
  round: number
  provider: string
  outcome: OutcomeKind | null
  /** The provider's or our code of an outcome that is no acceptance. */
  errorCode: string | null
  blame: 'message' | 'provider' | null
  likelyTaken: boolean
  retryAfterMs: number | null
  /** The provider's id of the message, where it is known. */
  ref: string | null
  startedAt: Date
  endedAt: Date | null
  /** What became of an unknown outcome later. */
  verdict: Verdict | null
  looks: Look[]
}

export type Verdict = 'taken' | 'not_taken'

/** The end of the doubt about an attempt whose outcome was unknown. */
export interface Settlement {
  attempt: Pick<PastAttempt, 'id' | 'provider'>
  verdict: Verdict
  by: 'look-up' | 'receipt' | 'person' | 'late answer'
  /** The provider's id of the message, where it was taken and the id is known. */
  ref: string | null
  at: Date
}

/** A call left open is given up as unknown this long after its own limit: its worker is gone. */
export const abandonedAfterMs = 20_000
