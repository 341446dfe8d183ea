// The parts of the benchmarks that compute: medians and ratios, the order of the runs, tables, comparisons and copied rows.
import { expect, it } from 'vitest'
import { z } from 'zod'
import { contest } from '../bench/contest.ts'
import { costEach } from '../bench/cost.ts'
import { type CaseResult, figuresOf, measure, median, percentile, ratioOf } from '../bench/figures.ts'
import { functionList } from '../bench/profile.ts'
import { copyOf, idsIn, insertOf } from '../bench/rows.ts'
import { compare, type ResultFile, table } from '../bench/table.ts'

const rate = (value: number) => [measure('messages', '/s', value)]

it.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[7], 7],
  [[], Number.NaN],
])('the median of %j is %d', (values, expected) => expect(median(values)).toBe(expected))

it('a percentile is a value that was measured', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i)
  expect([0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([50, 99, 100])
  expect(percentile([5], 0.5)).toBe(5)
})

it('a ratio divides run by run, and is the median of that', () => {
  const contender = (name: string, runs: number[]) => ({
    name,
    kind: 'ours' as const,
    figures: figuresOf(runs.map(rate)),
  })
  const contenders = [contender('ours', [100, 300, 200]), contender('theirs', [100, 100, 400])]
  expect(ratioOf(contenders, ['ours', 'theirs'], 'messages', 2)).toEqual({
    ...{ name: 'messages: ours / theirs', unit: 'x' },
    ...{ runs: [1, 3, 0.5], median: 1, goal: 2 },
  })
  expect(ratioOf(contenders, ['ours', 'somebody'], 'messages')).toBeNull()
  expect(ratioOf(contenders, ['ours', 'theirs'], 'events')).toBeNull()
})

it('contenders run in turn, and every round begins with another one', async () => {
  const order: string[] = []
  const contender = (name: string) => ({
    ...{ name, kind: 'peer' as const },
    run: async () => rate(order.push(name)),
  })
  const results = await contest(['a', 'b', 'c'].map(contender), 3, () => {})
  expect(order.join('')).toBe('abcbcacab')
  expect(results.map(({ figures }) => figures[0]?.runs)).toEqual([
    [1, 6, 8],
    [2, 4, 9],
    [3, 5, 7],
  ])
})

const result = (messages: number[], goal: number): CaseResult => ({
  name: 'deliver',
  conditions: 'Some texts.',
  contenders: [
    { name: 'ours', kind: 'ours', figures: figuresOf(messages.map(rate)) },
    { name: 'the disk', kind: 'ceiling', figures: figuresOf(messages.map((value) => rate(value * 2))) },
  ],
  ratios: [{ name: 'ours / the disk', unit: 'x', median: 0.5, runs: messages.map(() => 0.5), goal }],
  skipped: ['Redis: not installed'],
})

it('a table has every run, the goal of a ratio, and what was skipped', () => {
  expect(table(result([1000, 3000, 2000], 0.7)).split('\n')).toEqual([
    'deliver: Some texts.',
    '  ours (ours)',
    '    messages     2,000 /s  (1,000 3,000 2,000)',
    '  the disk (ceiling)',
    '    messages     4,000 /s  (2,000 6,000 4,000)',
    '  ours / the disk      0.50 x   (0.50 0.50 0.50), goal 0.7: MISSED',
    '  skipped: Redis: not installed',
  ])
  expect(table(result([1], 0.5))).toContain('goal 0.5\n')
  expect(
    table({ ...result([1], 0.5), lines: ['| 1 | 2 |'] })
      .split('\n')
      .at(-1),
  ).toBe('  | 1 | 2 |')
})

it('two files of results are compared figure by figure', () => {
  const file = (commit: string, cases: CaseResult[]): ResultFile => ({ commit, at: '2026-11-30', cases })
  const now = file('new', [result([300], 1), { ...result([1], 1), name: 'plan' }])
  expect(compare(now, file('old', [result([100], 1)])).split('\n')).toEqual([
    'new of 2026-11-30 against old of 2026-11-30',
    'deliver',
    '  ours: messages  3.00x (100 /s -> 300 /s)',
    '  the disk: messages  3.00x (200 /s -> 600 /s)',
    '  ours / the disk  1.00x (0.50 x -> 0.50 x)',
    'plan: not in the other file',
  ])
})

it('costs are given for one message, and the share of HOT updates in percent', () => {
  const counts = {
    statements: 20,
    commits: 10,
    walBytes: 5000,
    deadTuples: 30,
    updates: 8,
    hotUpdates: 2,
    indexEntries: 40,
  }
  const cost = { ...counts, processMs: { worker: 50 }, postgresMs: 100, elapsedMs: 1000 }
  expect(Object.fromEntries(costEach(cost, 10, 'a message').map(({ name, value }) => [name, value]))).toEqual({
    'statements a message': 2,
    'commits a message': 1,
    'WAL a message': 500,
    'dead tuples a message': 3,
    'index entries a message': 4,
    'share of HOT updates': 25,
    'CPU of the worker a message': 5,
    'CPU of Postgres a message': 10,
  })
})

it('copies of rows have ids of their own, the same in every table, and share what is shared', () => {
  const [own, event] = ['0199c0de-0000-7000-8000-000000000001', '0199c0de-0000-7000-8000-000000000002']
  const row = (table: string, value: object) => ({
    ...{ schema: 'posthorn', table, columns: [{ name: 'id', type: 'uuid' }] },
    row: JSON.stringify(value),
  })
  const notification = row('notifications', { id: own, event_id: event })
  const attempt = row('attempts', { notification_id: own })
  const ids = idsIn([notification, attempt], [event])
  expect(ids).toEqual([own])
  const copies = [1, 2].map(
    (number) => JSON.parse(copyOf(notification, ids, number)) as { id: string; event_id: string },
  )
  expect(new Set([own, ...copies.map(({ id }) => id)]).size).toBe(3)
  for (const { id } of copies) expect(z.uuid().safeParse(id).success).toBe(true)
  expect(copies.map(({ event_id }) => event_id)).toEqual([event, event])
  expect(JSON.parse(copyOf(attempt, ids, 2))).toEqual({ notification_id: copies[1]?.id })
  expect(insertOf(attempt)).toBe(
    'insert into ceiling."attempts" ("id") select "id" from json_populate_recordset(null::ceiling."attempts", $1)',
  )
})

it('a CPU profile becomes a list of functions, the one that took longest first', () => {
  const node = (id: number, functionName: string) => ({
    id,
    callFrame: { functionName, url: 'file:///x/dist/a.js', lineNumber: 0 },
  })
  const profile = { nodes: [node(1, 'render'), node(2, '')], samples: [1, 2, 2], timeDeltas: [1000, 2000, 1000] }
  expect(functionList(profile).split('\n')).toEqual([
    '      3 ms  75.0 %  (anonymous) dist/a.js:1',
    '      1 ms  25.0 %  render dist/a.js:1',
  ])
})
