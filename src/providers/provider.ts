// The contract of a provider, which carries the messages of one channel, and of the vendor that makes it.
import type { Outcome } from '../domain/attempt.ts'
import type { Channel, Message, PersonalChannel } from '../domain/notification.ts'
import type { Reader } from '../settings/reader.ts'
import type { Account } from './account.ts'
import type { InboundReader, ReceiptReader } from './receipt-reader.ts'

export interface SendOptions {
  /**
   * The idempotency key: the notification's id, the same on every attempt. Sending again after an acceptance appends `.1`,
   * `.2`, …
   */
  key: string
  /** Lets receipts be matched to this attempt if the provider has no idempotency keys. */
  attemptId: string
  /** The notifier that made the message, for providers with a template for each notifier. */
  notifier: string
  /** Names the call in our trace, for an app to continue it; null if it is not traced. Vendors do not get it. */
  traceparent: string | null
  /** Aborts after the provider's `limitMs`. An abort after the request was written means `unknown`. */
  signal: AbortSignal
}

export interface LookUpOptions {
  /** When the attempt began, by our clock. */
  startedAt: Date
  signal: AbortSignal
}

export type LookUp = { kind: 'answered'; candidates: { ref: string; at: Date }[] } | { kind: 'unclear'; text: string }

interface Carrier<M extends Message> {
  /** The time limit of one call, in milliseconds. */
  limitMs: number
  /** True if the same key and bytes can never send twice. */
  repeatable: boolean
  /** Never throws for a failure of the vendor or the network. An error is a bug, and the outcome is then unknown. */
  send(message: M, options: SendOptions): Promise<Outcome>
  /**
   * Finds the messages at the provider that may be one whose answer was lost, the nearest in time first. Absent if the
   * provider cannot be asked. Never throws for a failure of the vendor or the network.
   */
  lookUp?(message: M, options: LookUpOptions): Promise<LookUp>
  /** Closes idle connections. */
  close?(): Promise<void>
}

/** A provider for any channel. It throws for a message of another channel than its own. */
export interface Provider extends Carrier<Message> {
  name: string
  channel: Channel
}

/** A vendor's part of a provider, for the messages of one channel. */
export interface Sender<C extends Channel> extends Carrier<Extract<Message, { channel: C }>> {
  /** Strings that must not appear in an outcome. */
  secrets: string[]
}

export interface ProviderDeps {
  nowMs: () => number
  /** The base of the URLs that vendors post to; null if they cannot reach us. */
  callbackBase: string | null
}

/** A vendor whose settings are complete. */
export interface ConfiguredProvider {
  make(deps: ProviderDeps): Provider
  /** Null if the vendor sends no receipts, or the secret that verifies them is not set. */
  receipts: ReceiptReader | null
  /** Reads SMS that people send to us; null as for receipts. */
  inbound: InboundReader | null
  /** Reads receipts by a secret that the vendor gave when its webhook was registered; null if it is not one. */
  receiptsBy(secret: string): ReceiptReader | null
  /** Null if the vendor cannot be asked about our account. */
  account: Account | null
}

/** What a code of a report says, where the customer's address is not at fault for good. */
export type Fault = 'unreachable' | 'filtered' | 'sender'

export interface Vendor<C extends PersonalChannel = PersonalChannel> {
  /** Used in routes, URLs and rows; in capitals, the prefix of the vendor's variables. */
  name: string
  /** The name for people. */
  title: string
  channel: C
  /** The default of the setting `rateSetting`: sends per second over all processes. */
  rate: number
  rateSetting: string
  /** The description of each variable, for `.env.example`. */
  lines: Record<string, string>
  /** The variables that verify its reports; absent for reports that it does not send. */
  reportSettings: { receipts?: string; inbound?: string }
  /** True if its receipts are verified by the key of our calls. */
  receiptsByKey?: true
  /** Where the vendor lists the SPF record of a sender's domain, and the domain to include where it documents one. */
  spf?: { where: string; include?: string }
  /** The fault by code, where the vendor's codes tell one. */
  faults?: Record<string, Fault>
  /** True if any of its settings is given. */
  hasAnySetting(reader: Reader): boolean
  /** Null if it is off. Reports faults to the reader. */
  configure(reader: Reader): ConfiguredProvider | null
}

/** The id of the notification in an idempotency key. */
export function notificationOf(key: string): string {
  return key.split('.', 1)[0] ?? key
}
