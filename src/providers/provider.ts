// The contract of a provider: a vendor that carries one channel. One file a vendor,
// registered in index.ts, whose order is the route. Tested by test/providers/conformance.ts.
import type { Outcome } from '../attempt.ts'
import type { Channel, Message } from '../notification.ts'

export interface SendOptions {
  /** The notification's id: the same on every attempt. For providers that honour idempotency keys. */
  key: string
  /** This attempt's id: for providers without keys, to find it again in receipts. */
  attemptId: string
  /** Aborts at the provider's own `limitMs`; aborting after the request was written means `unknown`. */
  signal: AbortSignal
}

export interface Provider<C extends Channel = Channel> {
  name: string
  channel: C
  /** One call's limit in milliseconds. */
  limitMs: number
  /** True where the same key and bytes again can never send twice (Resend, 24 h). */
  repeatable: boolean
  /** Never throws for what a vendor or a network does; what it throws is a bug, and counts as unknown. */
  send(message: Extract<Message, { channel: C }>, options: SendOptions): Promise<Outcome>
  /** Closes kept connections. */
  close?(): Promise<void>
}

export type EmailProvider = Provider<'email'>
export type SmsProvider = Provider<'sms'>
export type AnyProvider = EmailProvider | SmsProvider
