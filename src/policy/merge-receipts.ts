// What all receipts of a notification come to together, whatever order they came in: an order-free merge, first for
// each message that a provider had of it, then over them.
import type { State } from '../domain/notification.ts'
import type { ReceiptKind } from '../domain/receipt.ts'

export interface MergedReceipt {
  kind: ReceiptKind
  at: Date
  code: string | null
  text: string | null
}

/** One call's message, and what was told of it. */
export interface ToldMessage {
  /** The provider took it: by its answer, or by what settled the doubt. */
  accepted: boolean
  receipts: MergedReceipt[]
}

export interface Merged<M extends ToldMessage> {
  /** Null: nothing says that any provider had it. */
  state: StatusChange | null
  /** The message that the state is of. */
  by: M | null
  deliveredAt: Date | null
  openedAt: Date | null
  clickedAt: Date | null
  /** Why it did not arrive, in the provider's words. */
  why: string | null
}

type StatusChange = Extract<State, 'sent' | 'delivered' | 'undelivered'>

const arrived: ReceiptKind[] = ['delivered', 'opened', 'clicked', 'complained']
/** One message that arrived is enough, and one that may still arrive is no bounce. */
const fromBest: StatusChange[] = ['delivered', 'sent', 'undelivered']

export function mergeReceipts<M extends ToldMessage>(messages: M[]): Merged<M> {
  const changes = messages.map((message) => ({ message, change: fateOf(message) }))
  const state = fromBest.find((change) => changes.some((one) => one.change === change)) ?? null
  const meant = state ? changes.filter((one) => one.change === state).map(({ message }) => message) : []
  const told = (receipts: MergedReceipt[], ...kinds: ReceiptKind[]) => inTime(ofKinds(receipts, kinds))[0]
  const everywhere = messages.flatMap(({ receipts }) => receipts)
  const here = meant.flatMap(({ receipts }) => receipts)
  const clicked = told(everywhere, 'clicked')
  const refusal = told(here, 'undelivered') ?? told(here, 'not-sent')
  return {
    state,
    by: meant[0] ?? null,
    deliveredAt: state === 'delivered' ? ((told(here, 'delivered') ?? told(here, ...arrived))?.at ?? null) : null,
    openedAt: (told(everywhere, 'opened') ?? clicked)?.at ?? null,
    clickedAt: clicked?.at ?? null,
    why: (state === 'undelivered' && refusal && [refusal.code, refusal.text].filter(Boolean).join(': ')) || null,
  }
}

/** A mailbox that took it and refuses it later has refused. Dropped by who had taken it, it did not arrive either. */
function fateOf({ accepted, receipts }: ToldMessage): StatusChange | null {
  const has = (...kinds: ReceiptKind[]) => ofKinds(receipts, kinds).length > 0
  if (has('undelivered')) return 'undelivered'
  if (has(...arrived)) return 'delivered'
  if (!accepted && !has('taken', 'delayed')) return null
  return has('not-sent') ? 'undelivered' : 'sent'
}

/** Whether a receipt says that the provider took the message; null where it says nothing of it. */
export function isTaken(kind: ReceiptKind): boolean | null {
  if (kind === 'unsubscribed') return null
  return kind !== 'not-sent'
}

function ofKinds(receipts: MergedReceipt[], kinds: ReceiptKind[]): MergedReceipt[] {
  return receipts.filter(({ kind }) => kinds.includes(kind))
}

/** By time, then by content, so that the same set gives the same answer. */
function inTime(receipts: MergedReceipt[]): MergedReceipt[] {
  const content = ({ code, text }: MergedReceipt) => JSON.stringify([code, text])
  return receipts.sort((a, b) => a.at.getTime() - b.at.getTime() || content(a).localeCompare(content(b)))
}
