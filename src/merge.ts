// What all receipts of a notification come to together, whatever order they came in: an order-free merge.
// A mailbox that refuses after it accepted has refused; who opened it has it; the first time of each thing counts.
import type { State } from './notification.ts'
import type { ReceiptKind } from './receipt.ts'

export interface MergedReceipt {
  kind: ReceiptKind
  at: Date
  code: string | null
  text: string | null
}

export interface Merged {
  /** Null: the receipts say nothing of where it is. */
  state: Extract<State, 'sent' | 'delivered' | 'undelivered'> | null
  deliveredAt: Date | null
  openedAt: Date | null
  clickedAt: Date | null
  /** Why it did not arrive, in the provider's words. */
  why: string | null
}

const arrived: ReceiptKind[] = ['delivered', 'opened', 'clicked', 'complained']

export function mergeReceipts(receipts: MergedReceipt[]): Merged {
  const of = (...kinds: ReceiptKind[]) => receipts.filter((receipt) => kinds.includes(receipt.kind))
  const refused = of('undelivered').sort(byTime)
  const has = of(...arrived).length > 0
  const taken = has || refused.length > 0 || of('taken', 'delayed').length > 0
  return {
    state: refused.length > 0 ? 'undelivered' : has ? 'delivered' : taken ? 'sent' : null,
    deliveredAt: first(of('delivered')) ?? first(of(...arrived)),
    openedAt: first(of('opened')) ?? first(of('clicked')),
    clickedAt: first(of('clicked')),
    why: refused[0] ? [refused[0].code, refused[0].text].filter(Boolean).join(': ') || null : null,
  }
}

function first(receipts: MergedReceipt[]): Date | null {
  return receipts.sort(byTime)[0]?.at ?? null
}

/** By time, then by content, so that the same set gives the same answer. */
function byTime(a: MergedReceipt, b: MergedReceipt): number {
  return (
    a.at.getTime() - b.at.getTime() ||
    String(a.code).localeCompare(String(b.code)) ||
    String(a.text).localeCompare(String(b.text))
  )
}
