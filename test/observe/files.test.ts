// The dashboard and the alert rules: every metric that they name is one of ours.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { metricsOf } from '../../src/observe/metrics.ts'
import { openDb } from '../../src/store/db.ts'

const root = path.join(import.meta.dirname, '../..')

interface Dashboard {
  panels: {
    id: number
    title: string
    targets: { expr: string }[]
    gridPos: { x: number; y: number; w: number; h: number }
  }[]
}

/** Every name that a query may have; a histogram has three. */
async function names(): Promise<Set<string>> {
  const db = openDb({ url: 'postgres://nobody@127.0.0.1:1/none', poolSize: 1, log: { warn: () => {} } })
  const text = await metricsOf({ db, routes: { email: [], sms: [], callback: [] } }).text()
  await db.end()
  return new Set(
    [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', kind]) =>
      kind === 'histogram' ? ['bucket', 'count', 'sum'].map((part) => `${name}_${part}`) : [name],
    ),
  )
}

const namedIn = (text: string) => [...text.matchAll(/\bposthorn_\w+/g)].map(([name]) => name)

it('the dashboard names metrics that there are, in panels that do not overlap', async () => {
  const dashboard = JSON.parse(readFileSync(path.join(root, 'ops/grafana/posthorn.json'), 'utf8')) as Dashboard
  const known = await names()
  for (const { title, targets } of dashboard.panels)
    for (const { expr } of targets) {
      const named = namedIn(expr)
      expect(named.length, title).toBeGreaterThan(0)
      expect(named.filter((name) => !known.has(name))).toEqual([])
    }
  const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
  )
  expect(new Set(cells).size).toBe(cells.length)
})

it('the alert rules name metrics that there are, and each alert says what is wrong', async () => {
  const rules = readFileSync(path.join(root, 'ops/prometheus/posthorn-alerts.yml'), 'utf8')
  const known = await names()
  const alerts = rules.split(/^ {6}- alert: /m).slice(1)
  expect(alerts.length).toBeGreaterThan(5)
  for (const alert of alerts) {
    expect(alert).toMatch(
      /^Posthorn\w+\n[\s\S]*\bexpr: [\s\S]*\bfor: \d+m\n[\s\S]*severity: (critical|warning)[\s\S]*summary: '/,
    )
  }
  expect(namedIn(rules).filter((name) => !known.has(name))).toEqual([])
})

it('docs/operations.md says what each metric of ours is', async () => {
  const page = readFileSync(path.join(root, 'docs/operations.md'), 'utf8')
  const own = [...(await names())]
    .filter((name) => !/_(nodejs|process)_/.test(name))
    .map((name) => name.replace(/_(bucket|count|sum)$/, ''))
  expect([...new Set(own)].filter((name) => !page.includes(`\`${name}`))).toEqual([])
})
