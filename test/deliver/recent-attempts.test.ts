// Of a notification that was retried without end, a delivery reads what it decides by.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { closeAll } from '../../src/deliver/close.ts'
import { recentHistoriesOf } from '../../src/store/attempts/rows.ts'
import { transaction } from '../../src/store/db.ts'
import { attemptsOf } from '../helper/deliver.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

const before = 2000
let stage: Stage
let id: string
beforeEach(async () => {
  stage = await startStage({})
  id = (await stage.planned(shipped())).ids.email ?? ''
  await stage.db.query(
    `insert into attempts (id, notification_id, number, round, provider, cause, started_at, ended_at, outcome)
     select gen_random_uuid(), $1, n, 1, 'sandbox', 'retry', now(), now(), 'unknown' from generate_series(1, $2::integer) n`,
    [id, before],
  )
  await stage.db.query('update notification_states set restarted_after = $2, attempted = true where id = $1', [
    id,
    before,
  ])
})
afterEach(() => stage.stop())

const read = (number: number | null) => transaction(stage.db, (tx) => recentHistoriesOf(tx, [{ id, number }]))
const numbers = async (number: number | null) => (await read(number)).get(id)?.map((one) => one.number)
const open = () =>
  attemptsOf(stage.ctx).open({ notificationId: id, now: stage.clock.now(), token: null, mayBeLarge: false })

describe('of thousands of attempts before a retry', () => {
  it('none is read, but the one that is named', async () => {
    expect(await numbers(null)).toEqual([])
    expect(await numbers(7)).toEqual([7])
    expect(await numbers(before + 1)).toEqual([])
  })

  it('the next one has the next number, and is read from then on', async () => {
    const opened = await open()
    expect(opened).toMatchObject({ kind: 'opened', attempt: { number: before + 1, round: 1 } })
    expect(await numbers(null)).toEqual([before + 1])
    expect(await numbers(before + 1)).toEqual([before + 1])
  })

  it('a late answer still finds its own, and another end is decided without them', async () => {
    await open()
    const endedAt = stage.clock.now()
    const refused = { kind: 'rejected', blame: 'message', code: 'no', text: 'No.' } as const
    const late = { notificationId: id, number: 7, provider: 'sandbox', outcome: refused, endedAt }
    expect(await closeAll(stage.ctx, [late])).toEqual([{ kind: 'late' }])
    expect(await closeAll(stage.ctx, [{ ...late, number: before + 1 }])).toEqual([{ kind: 'closed', state: 'failed' }])
  })

  it('Postgres reads none of them', async () => {
    await stage.db.query('analyze attempts')
    const asked: string[] = []
    await transaction(stage.db, async (tx) => {
      // The table has these alone, and so few are read sooner without an index.
      await tx.query('set local enable_seqscan = off; set local enable_bitmapscan = off')
      const ask = tx.query.bind(tx) as (text: string, values: unknown[]) => Promise<{ rows: Record<string, string>[] }>
      const explaining = Object.assign(Object.create(tx), {
        async query({ text, values }: { text: string; values: unknown[] }) {
          const { rows } = await ask(`explain (analyze, buffers, timing off) ${text}`, values)
          asked.push(...rows.map((row) => row['QUERY PLAN'] ?? ''))
          return { rows: [] }
        },
      })
      await recentHistoriesOf(explaining, [{ id, number: null }])
    })
    const ofAttempts = asked.filter((line) => / on attempts\b/.test(line))
    expect(ofAttempts).toHaveLength(2)
    for (const line of ofAttempts)
      expect(line).toMatch(/Index Scan using attempts_are_numbered .*(rows=0(\.00)? loops|never executed)/)
    expect(asked.join('\n')).not.toMatch(/Rows Removed by Filter: \d{3}/)
  })
})
