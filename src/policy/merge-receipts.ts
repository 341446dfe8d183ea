// Merges all receipts of a notification into one state, independently of their order: first within each message that a
// provider had, then across messages.
import type { State } from '../domain/notification.ts'
import { isChoice, type ReceiptKind } from '../domain/receipt.ts'

export interface MergedReceipt {
  kind: ReceiptKind
  at: Date
  code: string | null
  text: string | null
  provider?: string
  suppress?: string | null
}

/** The message of one call, and its receipts. */
export interface SentMessage {
  /** The provider took it, by its answer or by a settlement. */
  accepted: boolean
  receipts: MergedReceipt[]
}

export interface Refusal {
  code: string | null
  text: string | null
  provider?: string
  suppress?: string
}

export interface Merged<M extends SentMessage> {
  /** Null: no receipt shows that a provider had it. */
  state: StatusChange | null
  /** The message that the state belongs to. */
  by: M | null
  deliveredAt: Date | null
  openedAt: Date | null
  clickedAt: Date | null
  /** Why it did not arrive, by the provider's code and in its wording, and why that suppresses the address. */
  refusal: Refusal | null
}

type StatusChange = Extract<State, 'sent' | 'delivered' | 'undelivered'>

const arrived: ReceiptKind[] = ['delivered', 'opened', 'clicked', 'scanned', 'complained']
/** One message that arrived is enough, and one that may still arrive is not a bounce. */
const fromBest: StatusChange[] = ['delivered', 'sent', 'undelivered']

export function mergeReceipts<M extends SentMessage>(messages: M[]): Merged<M> {
  const changes = messages.map((message) => ({ message, change: stateOf(message) }))
  const state = fromBest.find((change) => changes.some((one) => one.change === change)) ?? null
  const meant = state ? changes.filter((one) => one.change === state).map(({ message }) => message) : []
  const earliest = (receipts: MergedReceipt[], ...kinds: ReceiptKind[]) => inTime(ofKinds(receipts, kinds))[0]
  const everywhere = messages.flatMap(({ receipts }) => receipts)
  const here = meant.flatMap(({ receipts }) => receipts)
  const clicked = earliest(everywhere, 'clicked')
  const refusal = earliest(here, 'undelivered') ?? earliest(here, 'not-sent')
  return {
    state,
    by: meant[0] ?? null,
    deliveredAt:
      state === 'delivered' ? ((earliest(here, 'delivered') ?? earliest(here, ...arrived))?.at ?? null) : null,
    openedAt: (earliest(everywhere, 'opened') ?? clicked)?.at ?? null,
    clickedAt: clicked?.at ?? null,
    refusal: state === 'undelivered' && refusal ? refusalOf(refusal) : null,
  }
}

function refusalOf({ code, text, provider, suppress }: MergedReceipt): Refusal {
  return { code, text, ...(provider && { provider }), ...(suppress && { suppress }) }
}

/** A refusal outweighs an earlier delivery. A message that was taken and then dropped is undelivered too. */
function stateOf({ accepted, receipts }: SentMessage): StatusChange | null {
  const hasAny = (...kinds: ReceiptKind[]) => ofKinds(receipts, kinds).length > 0
  if (hasAny('undelivered')) return 'undelivered'
  if (hasAny(...arrived)) return 'delivered'
  if (!accepted && !hasAny('taken', 'delayed')) return null
  return hasAny('not-sent') ? 'undelivered' : 'sent'
}

/** Whether a receipt shows that the provider took the message; null if it shows neither. */
export function isTaken(kind: ReceiptKind): boolean | null {
  if (isChoice(kind) || kind === 'listed') return null
  return kind !== 'not-sent'
}

function ofKinds(receipts: MergedReceipt[], kinds: ReceiptKind[]): MergedReceipt[] {
  return receipts.filter(({ kind }) => kinds.includes(kind))
}

function inTime(receipts: MergedReceipt[]): MergedReceipt[] {
  return receipts.sort(byTime)
}

/** By time, then by content, so that the same set gives the same result. */
function byTime(a: MergedReceipt, b: MergedReceipt): number {
  const content = ({ code, text }: MergedReceipt) => JSON.stringify([code, text])
  return a.at.getTime() - b.at.getTime() || content(a).localeCompare(content(b))
}

/** Whether the merge takes the time and the words of this one before those of the other. */
export function isEarlier(one: MergedReceipt, other: MergedReceipt): boolean {
  return byTime(one, other) < 0
}
