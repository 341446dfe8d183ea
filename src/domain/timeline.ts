// The entries of timelines: a code for each kind of thing that can happen, and the parameters of the case.
import { z } from 'zod'
import { type Coded, coder, storedCode } from './coded.ts'
import { keywords } from './keyword.ts'
import { channels, states } from './notification.ts'
import { receiptKinds } from './receipt.ts'
import { sandboxCauses } from './sandbox.ts'

const reason = storedCode.nullable()
const state = z.enum(states)
const outcome = z.enum(['accepted', 'rejected', 'deferred', 'unknown'])
const nothing = z.object({})
/** A person, by the name of their key. */
const by = z.string()
/** The number of an attempt. */
const attempt = z.number()
/** What a call was made to: a provider, or the app that is called back. */
const callee = z.object({ provider: z.string(), app: z.string().nullable() })

/** Entries that the stages write, beyond what the rows of attempts and receipts show. */
const written = {
  ended: z.object({ state, reason }),
  answered_late: z.object({ provider: z.string(), attempt, outcome, text: z.string().nullable() }),
  looked_up: z.object({
    provider: z.string(),
    attempt,
    answer: z.enum(['found', 'absent', 'unclear']),
    /** Absent often enough to count as not sent. */
    isNotTaken: z.boolean(),
  }),
  receipt_given_up: z.object({ reason }),
  settled_by_receipt: z.object({ provider: z.string(), attempt, isTaken: z.boolean() }),
  settled_by_person: z.object({ by, isSent: z.boolean(), attempts: z.array(attempt) }),
  /** A report about the address alone; `report` is why it suppresses, or else its kind. */
  address_reported: z.object({
    provider: z.string(),
    report: z.string(),
    code: z.string().nullable(),
    text: z.string().nullable(),
  }),
  /** A text from the recipient that is a keyword. */
  replied: z.object({ keyword: z.enum(keywords) }),
  superseded: z.object({ type: z.string(), event: z.string() }),
  /** The event that superseded it was withdrawn by this one. */
  resumed: z.object({ type: z.string(), event: z.string() }),
  digested: z.object({ digest: z.string() }),
  digest_made: z.object({ count: z.number(), parts: z.array(z.string()) }),
  retry_requested: z.object({ by, state, reason, isLimitLifted: z.boolean() }),
  replayed: z.object({ by, state, reason }),
  cancelled: z.object({ by, mayBeTaken: z.boolean() }),
  event_replay_requested: z.object({ by, force: z.boolean() }),
  event_replayed: z.object({ by }),
  timer_cancelled: z.object({ by, emits: z.string() }),
}

/** Entries that are made from other rows when the timeline is read. */
const derived = {
  created: z.object({
    notifier: z.string(),
    channel: z.enum(channels),
    eventType: z.string(),
    isCollected: z.boolean(),
    /** Why it is suppressed, if it is. */
    suppressed: reason,
  }),
  sandboxed: z.object({ cause: z.enum(sandboxCauses) }),
  called: callee.extend({ attempt, round: z.number(), cause: storedCode }),
  answered: callee.extend({
    outcome,
    blame: z.enum(['message', 'provider']).nullable(),
    statusCode: z.number().nullable(),
    errorCode: z.string().nullable().optional(),
    /** What the provider said, or how the call failed. */
    text: z.string().nullable(),
    messageId: z.string().nullable(),
  }),
  reported: z.object({
    provider: z.string(),
    receipt: z.enum(receiptKinds),
    code: z.string().nullable(),
    text: z.string().nullable(),
  }),
  content_removed: nothing,
  message_removed: nothing,
  address_removed: nothing,
  next: z.object({ step: z.enum(['send', 'digest', 'attempt', 'settle']), reason }),
}

export const entryCodes = { ...written, ...derived }

export type Entry = Coded<typeof entryCodes>

export const entry = coder<typeof entryCodes>()
