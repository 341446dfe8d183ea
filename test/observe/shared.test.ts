// Work that is shared by all who ask for it at the same time, or shortly after.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { metricsOf } from '../../src/observe/metrics.ts'
import { shared } from '../../src/observe/shared.ts'
import { openDb } from '../../src/store/db.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const scripted = () => {
  const begun: PromiseWithResolvers<string>[] = []
  const work = () => {
    const one = Promise.withResolvers<string>()
    begun.push(one)
    return one.promise
  }
  return { begun, work }
}

describe('shared work', () => {
  it('is one at a time, however long it takes, and its answer is kept from its end', async () => {
    const { begun, work } = scripted()
    const ask = shared(work, 1000)
    const first = ask()
    vi.advanceTimersByTime(60_000)
    const second = ask()
    expect(begun).toHaveLength(1)
    begun[0]?.resolve('a')
    expect(await Promise.all([first, second])).toEqual(['a', 'a'])
    vi.advanceTimersByTime(999)
    expect(await ask()).toBe('a')
    vi.advanceTimersByTime(1)
    void ask()
    expect(begun).toHaveLength(2)
  })

  it('that failed is done again', async () => {
    const { begun, work } = scripted()
    const ask = shared(work, 1000)
    const first = ask()
    begun[0]?.reject(new Error('away'))
    await expect(first).rejects.toThrow('away')
    void ask()
    expect(begun).toHaveLength(2)
  })

  it('is not kept unless it is said for how long', async () => {
    const { begun, work } = scripted()
    const ask = shared(work)
    const first = ask()
    begun[0]?.resolve('a')
    await first
    void ask()
    expect(begun).toHaveLength(2)
  })
})

it('the text of the metrics is made once for all who ask within a second', async () => {
  const away = openDb({ url: 'postgres://nobody@127.0.0.1:1/none', poolSize: 1, log: { warn: () => {} } })
  const metrics = metricsOf({ db: away, routes: { email: ['sandbox'], sms: [], callback: [] } })
  const [one, two] = await Promise.all([metrics.text(), metrics.text()])
  expect(two).toBe(one)
  const counted = 'posthorn_receipts_total{provider="twilio"} 1'
  metrics.receipts('twilio', 1)
  expect(await metrics.text()).toBe(one)
  vi.advanceTimersByTime(1000)
  expect(await metrics.text()).toContain(counted)
  await away.end()
})
