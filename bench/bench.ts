// Runs the benchmarks: `npm run bench`, with --quick for a short run, --only accepting,latency,… to choose cases, and
// --json <path> for the file of the results.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../src/clock.ts'
import { accepting } from './accepting.ts'
import { type DatabaseServer, openServer } from './database.ts'
import { type CaseResult, table } from './figures.ts'
import { latency } from './latency.ts'
import { rendering } from './rendering.ts'
import { throughput } from './throughput.ts'

const cases: Record<string, (server: DatabaseServer, quick: boolean) => Promise<CaseResult>> = {
  accepting,
  latency,
  throughput,
  rendering: (_, quick) => rendering(quick),
}

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: Object.keys(cases).join(',') },
    json: { type: 'string', default: path.join('bench', 'results', 'latest.json') },
  },
})

const server = await openServer(process.env.BENCH_DATABASE_URL)
try {
  const header = await conditions(server)
  console.log(header.lines.join('\n'))
  const results: CaseResult[] = []
  for (const name of values.only.split(',')) {
    const run = cases[name]
    if (!run) throw new Error(`there is no case "${name}"; choose from ${Object.keys(cases).join(', ')}`)
    const result = await run(server, values.quick)
    results.push(result)
    console.log(`\n${table(result)}`)
  }
  await mkdir(path.dirname(values.json), { recursive: true })
  await writeFile(values.json, `${JSON.stringify({ ...header.facts, quick: values.quick, cases: results }, null, 2)}\n`)
  console.log(`\nWritten to ${values.json}`)
} finally {
  await server.stop()
}

async function conditions({ facts: postgres }: DatabaseServer) {
  const facts = {
    at: systemClock.now(),
    node: process.versions.node,
    packages: await versionsOf('pg-boss', 'pg', 'fastify', 'undici', 'react', '@react-email/render'),
    postgres,
    machine: {
      cores: os.availableParallelism(),
      cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
      memoryGiB: Math.round(os.totalmem() / 2 ** 30),
      system: `${os.type()} ${os.release()}`,
      loadBefore: os.loadavg()[0] ?? 0,
    },
  }
  const { cores, cpu, memoryGiB, loadBefore } = facts.machine
  const list = (of: Record<string, string>) => Object.entries(of).map(([name, value]) => `${name} ${value}`)
  const lines = [
    `${cores} cores (${cpu}), ${memoryGiB} GiB, load ${loadBefore.toFixed(1)} before; Node ${facts.node}; ${list(facts.packages).join(', ')}`,
    `Postgres: ${list(postgres).join(', ')}; ${process.env.BENCH_DATABASE_URL ? 'of BENCH_DATABASE_URL' : 'embedded'}`,
    'Client, vendors and service are separate processes that share the cores with Postgres; all traffic is on loopback.',
    'The service runs with NODE_ENV=production and default settings, except for rates and limits, which are set too high to matter.',
    'Absolute figures hold for this machine; ratios compare alternating rounds (A B A B).',
    'A figure is the median of its rounds, which follow in brackets.',
  ]
  return { facts, lines }
}

async function versionsOf(...names: string[]): Promise<Record<string, string>> {
  const installed = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(path.join('node_modules', name, 'package.json'), 'utf8')
      return [name, (JSON.parse(text) as { version: string }).version] as const
    }),
  )
  return Object.fromEntries(installed)
}
