// Receipts come in any order and more than once. Whatever the order: the same state, times and words.
import { describe, expect, it } from 'vitest'
import type { ReceiptKind } from '../../src/domain/receipt.ts'
import { type MergedReceipt, mergeReceipts, type SentMessage } from '../../src/policy/merge-receipts.ts'

const second = (n: number) => new Date(Date.UTC(2026, 10, 21, 10, 0, n))

function told(kind: ReceiptKind, at: number, more: Partial<MergedReceipt> = {}): MergedReceipt {
  return { kind, at: second(at), code: null, text: null, ...more }
}

const bounce = told('undelivered', 5, { code: '5.1.1', text: 'no such user' })
/** One of each kind, and what makes ties: the same moment, the same kind again. */
const all: MergedReceipt[] = [
  told('taken', 1),
  told('delayed', 2),
  told('delivered', 3),
  told('opened', 4),
  told('opened', 6),
  told('clicked', 4),
  bounce,
  told('undelivered', 5, { code: '5.2.2', text: 'mailbox full' }),
  told('not-sent', 2, { code: 'dropped', text: 'on a list' }),
]

const one = (receipts: MergedReceipt[], accepted = true): SentMessage => ({ accepted, receipts })
const state = (...messages: SentMessage[]) => mergeReceipts(messages).state

function permutations<T>(items: T[]): T[][] {
  if (items.length < 2) return [items]
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]))
}

function subsets<T>(items: T[], most: number): T[][] {
  const found: T[][] = [[]]
  for (const item of items) found.push(...found.map((set) => [...set, item]))
  return found.filter((set) => set.length <= most)
}

/** Without the message itself, which holds the receipts in the order they came. */
function answer(messages: SentMessage[]): string {
  const { by, ...merged } = mergeReceipts(messages)
  return JSON.stringify({ ...merged, by: by && messages.indexOf(by) })
}

describe('an order-free merge', () => {
  it('gives one answer for every order of every subset of receipts, of an accepted message and of one in doubt', () => {
    let orders = 0
    for (const subset of subsets(all, 5))
      for (const accepted of [true, false]) {
        const expected = answer([one(subset, accepted)])
        for (const order of permutations(subset)) {
          orders++
          if (answer([one(order, accepted)]) !== expected) expect(order, expected).toEqual(subset)
        }
      }
    expect(orders).toBeGreaterThan(20_000)
  })

  it('gives one answer for every order of all nine of them that a rotation or a reversal makes', () => {
    const expected = answer([one(all)])
    for (const turned of [all, all.toReversed()])
      for (let by = 0; by < turned.length; by++)
        expect(answer([one([...turned.slice(by), ...turned.slice(0, by)])])).toBe(expected)
  })

  it('gives one answer for every order in which the receipts of two messages come', () => {
    const tagged = [
      { of: 0, receipt: told('not-sent', 1) },
      { of: 0, receipt: told('taken', 2) },
      { of: 0, receipt: bounce },
      { of: 1, receipt: told('delivered', 4) },
      { of: 1, receipt: told('opened', 5) },
    ]
    for (const subset of subsets(tagged, 5)) {
      const split = (order: typeof tagged) =>
        [0, 1].map((of) =>
          one(
            order.filter((t) => t.of === of).map((t) => t.receipt),
            of === 1,
          ),
        )
      const expected = answer(split(subset))
      for (const order of permutations(subset)) expect(answer(split(order))).toBe(expected)
    }
  })

  it('does not change when a receipt is repeated', () => {
    for (const subset of subsets(all, 4))
      for (const again of subset) expect(answer([one([...subset, again])])).toBe(answer([one(subset)]))
  })

  it('leaves what it was given as it was', () => {
    const given = all.toReversed()
    mergeReceipts([one(given)])
    expect(given).toEqual(all.toReversed())
  })
})

describe('one message', () => {
  it.each<[string, ReceiptKind[], ReturnType<typeof state>]>([
    ['nothing but its acceptance', [], 'sent'],
    ['queued', ['taken'], 'sent'],
    ['slow', ['delayed'], 'sent'],
    ['delivered', ['taken', 'delivered'], 'delivered'],
    ['opened, and nobody said delivered', ['opened'], 'delivered'],
    ['complained of: it stays delivered', ['delivered', 'complained'], 'delivered'],
    ['unsubscribed from: says nothing of it', ['unsubscribed'], 'sent'],
    ['bounced', ['taken', 'undelivered'], 'undelivered'],
    ['bounced after it was delivered', ['delivered', 'undelivered'], 'undelivered'],
    ['dropped by who had taken it', ['taken', 'not-sent'], 'undelivered'],
    ['dropped, yet delivered', ['not-sent', 'delivered'], 'delivered'],
  ])('%s', (_, kinds, expected) => {
    expect(state(one(kinds.map((kind, i) => told(kind, i))))).toBe(expected)
  })

  it('in doubt that was never taken says nothing, and dropped after it was taken is undelivered', () => {
    expect(state(one([], false))).toBeNull()
    expect(state(one([told('not-sent', 1)], false))).toBeNull()
    expect(state(one([told('unsubscribed', 1)], false))).toBeNull()
    expect(state(one([told('not-sent', 1), told('taken', 2)], false))).toBe('undelivered')
  })

  it('has the first time of each thing, and words of the first refusal', () => {
    expect(
      mergeReceipts([one([told('opened', 9), told('delivered', 3), told('delivered', 2), told('opened', 7)])]),
    ).toEqual(expect.objectContaining({ deliveredAt: second(2), openedAt: second(7), clickedAt: null, refusal: null }))
    expect(mergeReceipts([one([told('clicked', 8)])])).toEqual(
      expect.objectContaining({ deliveredAt: second(8), openedAt: second(8), clickedAt: second(8) }),
    )
    const late = told('undelivered', 8, { code: '4.0.0', text: 'later' })
    expect(mergeReceipts([one([late, bounce, told('delivered', 1)])])).toEqual(
      expect.objectContaining({ deliveredAt: null, refusal: { code: '5.1.1', text: 'no such user' } }),
    )
    expect(mergeReceipts([one([told('undelivered', 1)])]).refusal).toEqual({ code: null, text: null })
  })
})

describe('several messages of one notification', () => {
  it('one that arrived is enough, and the state is of that one', () => {
    const [bounced, arrived] = [one([bounce]), one([told('delivered', 6)])]
    expect(mergeReceipts([bounced, arrived])).toMatchObject({
      state: 'delivered',
      refusal: null,
      deliveredAt: second(6),
    })
    expect(mergeReceipts([bounced, arrived]).by).toBe(arrived)
  })

  it('one that may still arrive is no bounce', () => {
    expect(state(one([bounce]), one([]))).toBe('sent')
    expect(state(one([bounce]), one([bounce]))).toBe('undelivered')
    expect(state(one([bounce]), one([told('not-sent', 1)], false))).toBe('undelivered')
  })
})
