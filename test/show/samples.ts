// Parameters for every code of reasons, attempts' causes and timeline entries; the first of each is shown in docs/reasons.md.
import type { AttemptCause } from '../../src/domain/attempt-cause.ts'
import type { Reason } from '../../src/domain/reason.ts'
import type { Entry } from '../../src/domain/timeline.ts'
import type { Unavailability } from '../../src/domain/unavailable.ts'

type Samples<T extends { code: string; params: object }> = {
  [C in T['code']]: Extract<T, { code: C }>['params'][]
}

const by = 'operator key `ops`'
const failing: Unavailability = { kind: 'circuit_open', cause: { kind: 'failures_in_row', failures: 5 } }
const unavailabilities: Unavailability[] = [
  failing,
  { kind: 'circuit_open', cause: { kind: 'account_refused' } },
  { kind: 'circuit_open', cause: { kind: 'failure_rate', failures: 12, calls: 20, seconds: 10 } },
  { kind: 'circuit_open', cause: null },
  { kind: 'paused', by },
  { kind: 'throttled' },
]
const rejected = { code: 'rejected', params: { provider: 'twilio', errorCode: '21211' } }

export const reasonSamples: Samples<Reason> = {
  send_at: [{}],
  due_later: [{}],
  quiet_hours: [{}],
  collecting: [{}],
  due: [{}],
  attempt_open: [{}],
  next_round: [{}],
  providers_unavailable: unavailabilities.map((cause) => ({ provider: 'resend', cause })),
  provider_asked_to_wait: [{}],
  settling: [{}],
  held: [
    {},
    { prefersSilence: true },
    { hasFailed: true },
    { ineligible: { code: 'suppressed_address', params: { listedAs: 'hard_bounce' } } },
    { ineligible: { code: 'a_newer_code', params: null } },
  ],
  rejected: [
    { provider: 'twilio', errorCode: '21211' },
    { provider: 'twilio', errorCode: '21610', suppress: 'opted_out' },
    { provider: 'smtp', errorCode: null },
  ],
  tries_used_up: [{}],
  render_failed: [{}],
  delivery_failed: [{}],
  bounced: [
    { code: '5.1.1', text: 'no such user' },
    { code: '5.1.1', text: 'no such user', provider: 'resend', suppress: 'hard_bounce' },
    { code: '30007', text: null, provider: 'twilio' },
    { code: '30003', text: 'Twilio reported failed with code 30003', provider: 'twilio' },
    { code: null, text: 'Mailbox full.' },
    { code: null, text: null },
  ],
  no_address: [{}, { setting: 'OPERATOR_EMAIL' }, { detail: 'The event’s email address is malformed.' }],
  no_provider: [{}],
  suppressed_address: [{ listedAs: 'hard_bounce' }],
  opted_out: [{ by: 'the unsubscribe link', date: '2026-11-21' }],
  expired: [{}],
  cancelled: [{ by }],
  superseded: [{ type: 'payment.received', event: 'event-1' }],
  stopped: [{ type: 'order.cancelled', event: 'event-1' }],
  enriching: [{}, { detail: 'The source answered with 503.' }, { isExplained: true }],
  digested: [{ digest: 'notification-2' }],
  retention: [{}],
  not_revealed: [{}],
  no_notifier: [{}, { nearest: 'order.shipped' }],
  sandbox: [{ cause: 'no_provider' }, { cause: 'route' }, { cause: 'test_event' }],
  test_event: [{ setting: 'STRIPE_TEST_EVENTS' }],
  no_content: [{}, { detail: 'Set STRIPE_API_KEY and replay the event.' }],
  nothing_due: [{}, { cause: 'zero_amount' }, { cause: 'unpaid_checkout' }],
  hold_released: [{}],
  nothing_new: [{}, { cause: 'no_trial' }, { cause: 'refund_not_failed' }, { cause: 'still_renews' }],
  no_recipient: [{}, { detail: 'The payment has no usable email or contact.' }],
  enrichment_failed: [{}, { detail: 'The source refuses the key.' }],
  no_amount: [{}],
  bad_data: [{ path: 'data.total', message: 'must be an object' }, { message: 'The body is not an event' }, {}],
  planning_failed: [{}],
  recording_failed: [{}],
  duplicate: [{ event: 'event-1' }],
  same_recipient: [{}],
  not_chosen: [{ chosen: 'email' }],
  already_notified: [{ event: 'event-1' }],
}

export const causeSamples: Samples<AttemptCause> = {
  first: [{}],
  retry: [{}],
  fallback: [
    { after: 'resend', outcome: 'not_taken' },
    { after: 'smtp', outcome: 'unknown' },
  ],
  bypass: unavailabilities.map((cause) => ({ unavailable: [{ provider: 'smtp', cause }] })),
  probe: unavailabilities.map((cause) => ({ cause })),
  repeat: [{}],
}

type Answered = Samples<Entry>['answered'][number]
const answered: Answered = {
  ...{ provider: 'resend', app: null, outcome: 'accepted', blame: null, statusCode: 200, text: null },
  messageId: 're_1',
}
const told = { provider: 'sendgrid', code: null, text: null }

export const entrySamples: Samples<Entry> = {
  created: [
    { notifier: 'order-shipped', channel: 'sms', eventType: 'order.shipped', isCollected: false, suppressed: null },
    {
      notifier: 'weekly-progress',
      channel: 'email',
      eventType: 'student.progress',
      isCollected: true,
      suppressed: null,
    },
    {
      notifier: 'app-callback',
      channel: 'callback',
      eventType: 'notification.sent',
      isCollected: false,
      suppressed: null,
    },
    {
      ...{ notifier: 'order-shipped', channel: 'email', eventType: 'order.shipped', isCollected: false },
      suppressed: { code: 'no_address', params: null },
    },
  ],
  called: [
    { provider: 'resend', app: null, attempt: 1, round: 1, cause: { code: 'first', params: null } },
    { provider: 'smtp', app: null, attempt: 2, round: 1, cause: { code: 'a_newer_cause', params: null } },
    { provider: 'callback', app: 'shop', attempt: 2, round: 2, cause: { code: 'retry', params: null } },
  ],
  answered: [
    {
      ...answered,
      ...{ outcome: 'rejected', blame: 'provider', statusCode: 401, messageId: null },
      text: 'Resend answered 401: API key is invalid',
    },
    answered,
    { ...answered, messageId: null },
    {
      ...answered,
      outcome: 'rejected',
      blame: 'message',
      statusCode: 422,
      text: 'Resend answered 422: no such domain.',
    },
    {
      ...answered,
      provider: 'smtp',
      outcome: 'deferred',
      statusCode: null,
      text: 'The mail server could not be reached',
    },
    { ...answered, outcome: 'unknown', statusCode: 502, text: null },
    { ...answered, app: 'shop', provider: 'callback' },
    { ...answered, app: 'shop', provider: 'callback', messageId: null },
    { ...answered, provider: 'smtp', statusCode: 250, text: 'Ok: queued as 42' },
    { ...answered, app: 'shop', provider: 'callback', outcome: 'rejected', blame: 'message', statusCode: 410 },
    { ...answered, app: 'shop', provider: 'callback', outcome: 'unknown', statusCode: null },
    { ...answered, app: 'shop', provider: 'callback', outcome: 'deferred', statusCode: 500 },
  ],
  reported: [
    { ...told, receipt: 'undelivered', code: '5.1.1', text: 'no such user' },
    { ...told, receipt: 'taken' },
    { ...told, receipt: 'not-sent' },
    { ...told, receipt: 'delivered', provider: 'smtp' },
    { ...told, receipt: 'delayed' },
    { ...told, receipt: 'opened' },
    { ...told, receipt: 'clicked' },
    { ...told, receipt: 'scanned' },
    { ...told, receipt: 'complained' },
    { ...told, receipt: 'unsubscribed' },
    { ...told, receipt: 'resubscribed' },
    { ...told, receipt: 'listed' },
  ],
  sandboxed: [{ cause: 'no_provider' }, { cause: 'route' }, { cause: 'test_event' }],
  content_removed: [{}],
  message_removed: [{}],
  address_removed: [{}],
  next: [
    { step: 'attempt', reason: { code: 'next_round', params: null } },
    { step: 'send', reason: { code: 'send_at', params: null } },
    { step: 'digest', reason: { code: 'collecting', params: null } },
    { step: 'settle', reason: null },
  ],
  ended: [
    { state: 'failed', reason: rejected },
    { state: 'expired', reason: null },
  ],
  answered_late: [
    { provider: 'resend', attempt: 1, outcome: 'accepted', text: null },
    { provider: 'callback', attempt: 1, outcome: 'deferred', text: 'The app answered 503' },
  ],
  looked_up: [
    { provider: 'twilio', attempt: 1, answer: 'found', isNotTaken: false },
    { provider: 'twilio', attempt: 1, answer: 'absent', isNotTaken: false },
    { provider: 'twilio', attempt: 1, answer: 'absent', isNotTaken: true },
    { provider: 'twilio', attempt: 1, answer: 'unclear', isNotTaken: false },
  ],
  settled_by_receipt: [
    { provider: 'twilio', attempt: 1, isTaken: true },
    { provider: 'smtp', attempt: 2, isTaken: false },
  ],
  settled_by_person: [
    { by, isSent: true, attempts: [1] },
    { by, isSent: false, attempts: [1, 3] },
  ],
  receipt_given_up: [{ reason: { code: 'recording_failed', params: null } }],
  address_reported: [
    { provider: 'sendgrid', report: 'hard_bounce', code: '5.1.1', text: '550 no such user' },
    { provider: 'sendgrid', report: 'unsubscribed', code: null, text: null },
  ],
  replied: [{ keyword: 'stop' }, { keyword: 'start' }, { keyword: 'help' }],
  superseded: [{ type: 'payment.received', event: 'event-1' }],
  resumed: [{ type: 'subscription.resumed', event: 'event-2' }],
  digested: [{ digest: 'notification-2' }],
  digest_made: [
    { count: 2, parts: ['notification-3', 'notification-4'] },
    { count: 1, parts: ['notification-3'] },
    { count: 21, parts: [3, 4, 5, 6, 7, 8].map((n) => `notification-${n}`) },
  ],
  retry_requested: [
    { by, state: 'failed', reason: rejected, isLimitLifted: false },
    { by, state: 'expired', reason: null, isLimitLifted: true },
  ],
  replayed: [{ by, state: 'failed', reason: rejected }],
  cancelled: [
    { by, mayBeTaken: false },
    { by, mayBeTaken: true },
  ],
  event_replay_requested: [
    { by, force: false },
    { by, force: true },
  ],
  event_replayed: [{ by }],
  timer_cancelled: [{ by, emits: 'payment.timed_out' }],
}
