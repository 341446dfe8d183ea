// A queue's work: batches end after a moment, work at its own end.
import { expect, it } from 'vitest'
import { workerPool } from '../../../src/store/jobs/worker-pool.ts'

/** Work that ends when it is told to. */
function told({ atWork = 3 }: { atWork?: number | null } = {}) {
  const attempted = new Map<string, PromiseWithResolvers<void>>()
  const failures: string[] = []
  const pool = workerPool({
    work: (id) => {
      attempted.set(id, Promise.withResolvers())
      return attempted.get(id)?.promise ?? Promise.reject(new Error('never attempted'))
    },
    atWork,
    atOnce: 2,
    failed: (id, error) => failures.push(`${id}: ${error}`),
  })
  const batch = (...ids: string[]) =>
    pool.work(ids.map((id) => ({ id: `job of ${id}`, data: { ids: id.split(' and ') } })))
  return {
    pool,
    batch,
    failures,
    end: (id: string) => attempted.get(id)?.resolve(),
    fail: (id: string) => attempted.get(id)?.reject(new Error(id)),
  }
}

const isOpen = async (promise: Promise<unknown>) =>
  (await Promise.race([promise.then(() => 'done'), new Promise((now) => setImmediate(now, 'open'))])) === 'open'

/** As long as any batch waits that was given before. */
const aMoment = () => told().batch('other')

it('a batch is done with each one’s end, as soon as the last has come to it', async () => {
  const { batch, end, fail } = told()
  const done = batch('a', 'b')
  end('a')
  fail('b')
  expect(await done).toEqual([
    { id: 'job of a', status: 'completed' },
    { id: 'job of b', status: 'failed', output: { message: 'Error' } },
  ])
})

it('a slow one goes on by itself, and idle waits for it', async () => {
  const { pool, batch, end } = told()
  const done = batch('slow', 'swift')
  end('swift')
  expect((await done).map(({ status }) => status)).toEqual(['completed', 'completed'])
  const idle = pool.idle()
  expect(await isOpen(idle)).toBe(true)
  end('slow')
  await idle
})

it('no more than its most are at work: the batch that fills it waits for one to end', async () => {
  const { batch, end } = told({ atWork: 3 })
  await batch('a', 'b')
  const full = batch('c')
  await aMoment()
  expect(await isOpen(full)).toBe(true)
  end('a')
  await full
})

it('a patient one waits for the slowest', async () => {
  const { batch, end } = told({ atWork: null })
  const done = batch('slow', 'swift')
  end('swift')
  await aMoment()
  expect(await isOpen(done)).toBe(true)
  end('slow')
  await done
})

it('each failure is reported, before and after its batch is done, and its job’s output names no address', async () => {
  const { pool, batch, fail, failures } = told()
  await batch('slow')
  fail('slow')
  await pool.idle()
  const done = batch('ada@example.com')
  fail('ada@example.com')
  expect(await done).toMatchObject([{ status: 'failed', output: { message: 'Error' } }])
  expect(failures).toEqual(['slow: Error: slow', 'ada@example.com: Error: ada@example.com'])
})

it('a job that names many is done when all are, fails if one fails, and each failure is reported', async () => {
  const { batch, end, fail, failures } = told({ atWork: null })
  const done = batch('a and b and c', 'd')
  fail('b')
  end('a')
  end('d')
  expect(await isOpen(done)).toBe(true)
  end('c')
  expect(await done).toEqual([
    { id: 'job of a and b and c', status: 'failed', output: { message: 'Error' } },
    { id: 'job of d', status: 'completed' },
  ])
  expect(failures).toEqual(['b: Error: b'])
})

it('is free for work that it has not fetched while little is in progress, and ends it like the rest', async () => {
  const { pool, end, fail, failures } = told()
  const done: string[] = []
  const start = (...ids: string[]) =>
    pool.start({ id: 'job', data: { ids } }, async () => {
      done.push(ids.join(' and '))
    })
  expect(pool.free()).toBe(2)
  start('a')
  expect(pool.free()).toBe(1)
  start('b', 'c')
  expect(pool.free()).toBe(0)
  const idle = pool.idle()
  end('a')
  end('b')
  fail('c')
  await idle
  expect(pool.free()).toBe(2)
  expect({ done, failures }).toEqual({ done: ['a'], failures: ['c: Error: c'] })
})
