// What the receipts of one notification come to: the doubts that they end, and where its message is.
import { describe, expect, it } from 'vitest'
import type { PastAttempt } from '../../src/domain/attempt.ts'
import type { Deliverable } from '../../src/domain/deliverable.ts'
import type { StoredReceipt } from '../../src/domain/receipt.ts'
import { applyReceipts, settledByReceipts } from '../../src/policy/apply-receipts.ts'
import { after, attempt, lost, notification, route } from '../helper/policy.ts'

const now = after(600_000)

function receipt(kind: StoredReceipt['kind'], more: Partial<StoredReceipt> = {}): StoredReceipt {
  return {
    ...{ id: `r-${kind}`, provider: 'first', kind, at: after(60_000), providerMessageId: null, namedAttemptId: null },
    ...{ suppress: null, code: null, text: null, isFresh: true, ...more },
  }
}

describe('a doubt', () => {
  const verdicts = (history: PastAttempt[], ...receipts: StoredReceipt[]) =>
    settledByReceipts(history, receipts).map(({ attempt, verdict, ref }) => [attempt.number, verdict, ref])

  it('ends by what a receipt says; one sign that it was taken outweighs a "not sent"', () => {
    expect(verdicts([lost()], receipt('not-sent'))).toEqual([[1, 'not_taken', null]])
    expect(verdicts([lost()], receipt('not-sent'), receipt('delivered', { providerMessageId: 'SM-1' }))).toEqual([
      [1, 'taken', 'SM-1'],
    ])
    expect(verdicts([lost()], receipt('unsubscribed'))).toEqual([])
  })

  it('ends for every call by one key where the receipt names none, and for the named one alone', () => {
    const history = [lost(), lost({ number: 2 })]
    expect(verdicts(history, receipt('taken'))).toHaveLength(2)
    expect(verdicts(history, receipt('taken', { namedAttemptId: 'a-2' }))).toEqual([[2, 'taken', null]])
  })

  it('is none where the attempt is settled, or its outcome known', () => {
    expect(verdicts([lost({ verdict: 'taken' })], receipt('delivered'))).toEqual([])
    expect(verdicts([attempt({ outcome: 'accepted', endedAt: after(1) })], receipt('delivered'))).toEqual([])
  })
})

describe('receipts', () => {
  const sent = attempt({ outcome: 'accepted', ref: 'SM-1', endedAt: after(1000) })
  function apply(
    state: Deliverable['state'],
    history: PastAttempt[],
    receipts: StoredReceipt[],
    more: { settled?: PastAttempt[]; suppressed?: string; restartedAfter?: number } = {},
  ) {
    const { settled = [], suppressed = null, restartedAfter = 0 } = more
    const n = notification({ state, restartedAfter })
    return applyReceipts(route, n, { history, settled, receipts, suppressed }, now)
  }

  it('say where the message is, by the provider that had it', () => {
    expect(apply('sent', [sent], [receipt('delivered'), receipt('opened', { at: after(90_000) })]).byReceipts).toEqual({
      ...{ state: 'delivered', reason: null, deliveredAt: after(60_000), openedAt: after(90_000), clickedAt: null },
      ...{ provider: 'first', ref: 'SM-1', sentAt: after(1000) },
    })
    expect(apply('sent', [sent], [receipt('undelivered', { code: '30003', text: 'off' })]).byReceipts).toMatchObject({
      state: 'undelivered',
      reason: { code: 'bounced', params: { code: '30003', text: 'off' } },
    })
  })

  it('that end a doubt as not taken let the policy go on, and say so in the timeline', () => {
    const settled = [lost({ verdict: 'not_taken' })]
    const { byReceipts, move, entries } = apply('unconfirmed', settled, [receipt('not-sent')], { settled })
    expect(byReceipts).toBeNull()
    expect(move).toMatchObject({ state: 'pending', reason: { code: 'due' }, dueAt: now })
    expect(entries).toEqual([{ code: 'settled_by_receipt', params: { provider: 'first', attempt: 1, isTaken: false } }])
  })

  it('let nobody else send to an address that must not be written to, known before or by them', () => {
    const settled = [lost({ verdict: 'not_taken' })]
    const suppressed = { state: 'suppressed', reason: { code: 'suppressed_address' }, dueAt: null }
    expect(apply('pending', settled, [receipt('not-sent')], { settled, suppressed: 'complaint' }).move).toMatchObject({
      ...suppressed,
      reason: { params: { listedAs: 'complaint' } },
    })
    const tells = receipt('not-sent', { suppress: 'opted_out' })
    const applied = apply('pending', settled, [tells], { settled })
    expect(applied.move).toMatchObject(suppressed)
    expect(applied.suppressions).toMatchObject([{ address: '+14155550100', reason: 'opted_out', source: 'first' }])
  })

  it('that were applied before suppress and unsubscribe nobody again', () => {
    const old = [
      receipt('unsubscribed', { isFresh: false }),
      receipt('taken', { suppress: 'complaint', isFresh: false }),
    ]
    expect(apply('sent', [sent], old)).toMatchObject({ suppressions: [], choice: null })
  })

  it('add up: a bounce and a complaint both suppress', () => {
    const both = [receipt('undelivered', { suppress: 'hard_bounce' }), receipt('complained', { suppress: 'complaint' })]
    expect(apply('sent', [sent], both).suppressions.map(({ reason }) => reason)).toEqual(['hard_bounce', 'complaint'])
  })

  it('of an unsubscribe and its reversal the latest counts, in whatever order and once', () => {
    const out = (at: number, more = {}) => receipt('unsubscribed', { at: new Date(at), ...more })
    const back = (at: number, more = {}) => receipt('resubscribed', { at: new Date(at), ...more })
    const choice = (...receipts: ReturnType<typeof receipt>[]) => apply('sent', [sent], receipts).choice
    expect(choice(out(1))).toEqual({ provider: 'first', allowed: false })
    for (const both of [
      [out(1), back(2)],
      [back(2), out(1)],
    ])
      expect(choice(...both)).toEqual({ provider: 'first', allowed: true })
    expect(choice(back(2, { isFresh: false }), out(1))).toBeNull()
    expect(choice(out(1), back(2, { isFresh: false }))).toBeNull()
    expect(choice(back(1), out(2))).toEqual({ provider: 'first', allowed: false })
  })

  it('of what was before another try move nothing', () => {
    const before = lost({ verdict: 'taken' })
    const applied = apply('pending', [before], [receipt('delivered')], { settled: [before], restartedAfter: 1 })
    expect(applied).toMatchObject({ byReceipts: null, move: null, entries: [] })
  })

  it('of another message are about no attempt', () => {
    const { byReceipts } = apply('sent', [sent], [receipt('delivered', { providerMessageId: 'SM-2' })])
    expect(byReceipts?.state).toBe('sent')
  })
})
