// The contract of a provider: what a vendor's folder exports, and what carries the messages of one channel.
import type { Outcome } from '../domain/attempt.ts'
import type { Channel, Message, PersonalChannel } from '../domain/notification.ts'
import type { Reader } from '../settings/reader.ts'
import type { InboundReader, ReceiptReader } from './receipt-reader.ts'

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

interface Carrier<M extends Message> {
  /** One call's limit in milliseconds. */
  limitMs: number
  /** True where the same key and bytes again can never send twice. */
  repeatable: boolean
  /** Never throws for what a vendor or a network does; what it throws is a bug, and counts as unknown. */
  send(message: M, options: SendOptions): Promise<Outcome>
  /**
   * Looks for a message whose answer was lost, by what was sent: every one that may be it, the nearest in time first.
   * Absent, the provider cannot be asked. Never throws for what a vendor or a network does.
   */
  lookUp?(message: M, options: LookUpOptions): Promise<LookUp>
  /** Closes kept connections. */
  close?(): Promise<void>
}

/** A provider as the stages see it. A message of another channel is refused by an error. */
export interface Provider extends Carrier<Message> {
  name: string
  channel: Channel
}

/** A provider as its vendor's folder makes it: it knows the messages of its channel alone. */
export interface Sender<C extends Channel> extends Carrier<Extract<Message, { channel: C }>> {
  /** What must never stand in an outcome. */
  secrets: string[]
}

/** What all providers are made with. */
export interface ProviderDeps {
  nowMs: () => number
  /** The base of the URLs that vendors are told to call; null where none could reach us. */
  callbackBase: string | null
}

/** A vendor whose settings are there. */
export interface ConfiguredProvider {
  make(deps: ProviderDeps): Provider
  /** Null where it tells nothing, or the secret that verifies it is not set. */
  receipts: ReceiptReader | null
  /** Of the texts that people send; null as for receipts. */
  inbound: InboundReader | null
}

/** A vendor as the list in index.ts knows it. */
export interface Vendor<C extends PersonalChannel = PersonalChannel> {
  /** In routes, URLs and rows; in capitals it begins the vendor's variables. */
  name: string
  /** As support staff know it. */
  title: string
  channel: C
  /** Most sends a second, over all processes, where its setting does not say. */
  rate: number
  rateSetting: string
  /** The line of each of its variables, for `.env.example`. */
  lines: Record<string, string>
  /** True where its settings, or some of them, are there. */
  hasAnySetting(reader: Reader): boolean
  /** Null where it is off; what is wrong has become a fault. */
  configure(reader: Reader): ConfiguredProvider | null
}

/** The notification that a key is of: what a receipt must bring back. */
export function notificationOf(key: string): string {
  return key.split('.', 1)[0] ?? key
}
