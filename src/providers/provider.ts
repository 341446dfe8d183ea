// The contract of a provider: a vendor that carries one channel. One file a vendor,
// registered in index.ts, whose order is the route. Tested by test/providers/conformance.ts.
import type { Outcome } from '../domain/attempt.ts'
import type { Channel, Message } from '../domain/notification.ts'

export interface SendOptions {
  /**
   * For providers that honour idempotency keys: the notification's id, the same on every attempt. What is sent anew
   * after an acceptance adds `.1`, `.2`, …
   */
  key: string
  /** This attempt's id: for providers without keys, to find it again in receipts. */
  attemptId: string
  /** The notifier that made the message: for providers whose templates are by notifier. */
  notifier: string
  /** Aborts at the provider's own `limitMs`; aborting after the request was written means `unknown`. */
  signal: AbortSignal
}

export interface LookUpOptions {
  /** When the attempt was opened, by our clock. */
  startedAt: Date
  signal: AbortSignal
}

export type LookUp = { kind: 'answered'; candidates: { ref: string; at: Date }[] } | { kind: 'unclear'; text: string }

export interface Provider<C extends Channel = Channel> {
  name: string
  channel: C
  /** One call's limit in milliseconds. */
  limitMs: number
  /** True where the same key and bytes again can never send twice (Resend, 24 h). */
  repeatable: boolean
  /** Never throws for what a vendor or a network does; what it throws is a bug, and counts as unknown. */
  send(message: Extract<Message, { channel: C }>, options: SendOptions): Promise<Outcome>
  /**
   * Looks for a message whose answer was lost, by what was sent: every one that may be it, the nearest in time first.
   * Absent, the provider cannot be asked. Never throws for what a vendor or a network does.
   */
  lookUp?(message: Extract<Message, { channel: C }>, options: LookUpOptions): Promise<LookUp>
  /** Closes kept connections. */
  close?(): Promise<void>
}

export type EmailProvider = Provider<'email'>
export type SmsProvider = Provider<'sms'>
export type CallbackProvider = Provider<'callback'>
export type AnyProvider = EmailProvider | SmsProvider | CallbackProvider

/** The notification that a key is of: what a receipt must bring back. */
export function notificationOf(key: string): string {
  return key.split('.', 1)[0] ?? key
}
