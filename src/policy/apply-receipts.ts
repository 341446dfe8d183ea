// Decides what all receipts of a notification together settle, and the state they put it in. Those that count stand for all.
import type { PastAttempt, Verdict } from '../domain/attempt.ts'
import type { Deliverable, Move, Suppression } from '../domain/deliverable.ts'
import type { State } from '../domain/notification.ts'
import { type Reason, reason } from '../domain/reason.ts'
import { isChoice, type StoredReceipt } from '../domain/receipt.ts'
import { type Entry, entry } from '../domain/timeline.ts'
import { addressSuppressed } from './eligibility.ts'
import { isInDoubt } from './history.ts'
import { whatFollows } from './judge.ts'
import { type Match, matchReceipt } from './match-receipt.ts'
import { isTaken, type Merged, mergeReceipts, type SentMessage } from './merge-receipts.ts'
import type { RouteStop } from './terms.ts'

type Matched = Match & { receipt: StoredReceipt }

interface Message extends SentMessage {
  attempt: PastAttempt
  receipts: StoredReceipt[]
}

/** An attempt that a receipt settles; `ref` is the provider's id of the message, if the receipt has it. */
export interface SettledAttempt {
  attempt: PastAttempt
  verdict: Verdict
  ref: string | null
}

/** The unknown outcomes that receipts settle. One receipt that shows the message as taken outweighs a `not-sent`. */
export function settledByReceipts(history: PastAttempt[], receipts: StoredReceipt[]): SettledAttempt[] {
  const matched = matchedOf(receipts, history)
  return history.filter(isInDoubt).flatMap((attempt): SettledAttempt[] => {
    const matching = matched.filter((one) => appliesTo(one, attempt))
    const taken = matching.find(({ receipt }) => isTaken(receipt.kind))
    if (taken) return [{ attempt, verdict: 'taken', ref: taken.receipt.providerMessageId }]
    return matching.some(({ receipt }) => isTaken(receipt.kind) === false)
      ? [{ attempt, verdict: 'not_taken', ref: null }]
      : []
  })
}

/** A receipt without an id applies to every unknown outcome at its provider: all those calls had one key. */
function appliesTo({ attempt, named }: Matched, other: PastAttempt): boolean {
  return attempt.id === other.id || (!named && isInDoubt(attempt) && attempt.provider === other.provider)
}

function matchedOf(receipts: StoredReceipt[], history: PastAttempt[]): Matched[] {
  return receipts.flatMap((receipt) => {
    const match = matchReceipt(receipt, history)
    return match ? [{ ...match, receipt }] : []
  })
}

/** A notification's move by its receipts. */
export interface ReceiptMove {
  state: State
  reason: Reason | null
  deliveredAt: Date | null
  openedAt: Date | null
  clickedAt: Date | null
  /** Of the attempt that the state belongs to. */
  provider: string | null
  ref: string | null
  sentAt: Date | null
}

export interface Applied {
  /** The state that its receipts give, which outweighs the one in which we ended it; null if no receipt gives one. */
  byReceipts: ReceiptMove | null
  /** An attempt was settled and no receipt gives a state: the policy continues. */
  move: Move | null
  entries: Entry[]
  suppressions: Suppression[]
  /** What the recipient chose through a provider's own unsubscribe. */
  choice: { provider: string; allowed: boolean } | null
}

export interface ReceiptsRead {
  /** All attempts, the settled ones as they now stand. */
  history: PastAttempt[]
  /** The attempts that have just been settled. */
  settled: PastAttempt[]
  /** In order of arrival; those that count stand for all. */
  receipts: StoredReceipt[]
  /** Why the address was suppressed before, if it was; read where delivery can continue. */
  suppressed: string | null
}

/** Whether its delivery goes on where its receipts settle an attempt and give no state. */
export function canContinue({ state }: Pick<Deliverable, 'state'>): boolean {
  return state === 'unconfirmed' || state === 'pending'
}

export function applyReceipts(route: RouteStop[], n: Deliverable, read: ReceiptsRead, now: Date): Applied {
  const { history, receipts } = read
  const matched = matchedOf(receipts, history)
  const merged = mergeReceipts(messagesOf(n, history, matched))
  const settled = read.settled.filter(({ number }) => number > n.restartedAfter)
  const continues = canContinue(n)
  const suppressions = suppressionsOf(n, receipts, now)
  const suppressed = read.suppressed ?? suppressions[0]?.reason ?? null
  return {
    byReceipts: receiptMove(merged),
    move:
      continues && !merged.state && settled.length > 0
        ? continueDelivery(whatFollows(route, n, history, now), suppressed)
        : null,
    entries: continues ? settled.map(entryOf) : [],
    suppressions,
    choice: choiceOf(receipts),
  }
}

/** The messages that still count: attempts before a person's retry do not. */
function messagesOf(n: Deliverable, history: PastAttempt[], matched: Matched[]): Message[] {
  const byAttempt = Map.groupBy(matched, ({ attempt }) => attempt.id)
  return history
    .filter((attempt) => attempt.number > n.restartedAfter)
    .map((attempt) => ({
      attempt,
      accepted: attempt.outcome === 'accepted' || attempt.verdict === 'taken',
      receipts: (byAttempt.get(attempt.id) ?? []).map(({ receipt }) => receipt),
    }))
}

function receiptMove({ state, by, refusal, deliveredAt, openedAt, clickedAt }: Merged<Message>): ReceiptMove | null {
  if (!state) return null
  const attempt = by?.attempt
  const ref = attempt?.ref ?? by?.receipts.find(({ providerMessageId }) => providerMessageId)?.providerMessageId
  return {
    state,
    reason: state === 'undelivered' ? reason('bounced', refusal ?? { code: null, text: null }) : null,
    ...{ deliveredAt, openedAt, clickedAt },
    provider: attempt?.provider ?? null,
    ref: ref ?? null,
    sentAt: attempt?.endedAt ?? attempt?.startedAt ?? null,
  }
}

/** Delivery continues after a message that was not taken, unless its address has been suppressed. */
function continueDelivery(next: Move, suppressed: string | null): Move {
  if (next.state !== 'pending' || !suppressed) return next
  return { state: 'suppressed', reason: addressSuppressed(suppressed), dueAt: null }
}

function entryOf({ provider, verdict, number }: PastAttempt): Entry {
  return entry('settled_by_receipt', { provider, attempt: number, isTaken: verdict === 'taken' })
}

/** Only a new receipt suppresses: an address that a person has removed from the list since stays removed. */
function suppressionsOf({ channel, to }: Deliverable, receipts: StoredReceipt[], at: Date): Suppression[] {
  return receipts.flatMap(({ isFresh, suppress, provider }) =>
    isFresh && suppress && to ? [{ channel, address: to, reason: suppress, source: provider, at }] : [],
  )
}

/** The latest choice counts, by the providers' clocks, and only once. */
function choiceOf(receipts: StoredReceipt[]): Applied['choice'] {
  const choices = receipts.filter(({ kind }) => isChoice(kind))
  const latest = choices.reduce<StoredReceipt | null>((one, other) => (one && one.at > other.at ? one : other), null)
  return latest?.isFresh ? { provider: latest.provider, allowed: latest.kind === 'resubscribed' } : null
}
