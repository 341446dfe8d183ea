// Runs the benchmarks: `npm run bench -- [case …]`, with the options that docs/performance.md describes.
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { packageRoot } from '../src/package-root.ts'
import { argumentsOf, endWith, wrong } from './arguments.ts'
import { accept } from './cases/accept.ts'
import { backlog } from './cases/backlog.ts'
import { deliverEmails, deliverHeld, deliverTexts } from './cases/deliver.ts'
import { endToEnd } from './cases/end-to-end.ts'
import { fleet } from './cases/fleet.ts'
import { growth } from './cases/growth.ts'
import { latency } from './cases/latency.ts'
import { memory } from './cases/memory.ts'
import { mixed } from './cases/mixed.ts'
import { plan } from './cases/plan.ts'
import { pressure } from './cases/pressure.ts'
import { receipts } from './cases/receipts.ts'
import { factsOf } from './conditions.ts'
import { openServer } from './database.ts'
import type { CaseResult } from './figures.ts'
import type { Options } from './options.ts'
import { compare, type ResultFile, table } from './table.ts'

const cases: Record<string, (options: Options) => Promise<CaseResult>> = {
  accept,
  plan,
  'deliver-texts': deliverTexts,
  'deliver-held': deliverHeld,
  'deliver-emails': deliverEmails,
  'end-to-end': endToEnd,
  receipts,
  latency,
  mixed,
  backlog,
  pressure,
  memory,
  fleet,
  growth,
}
/** Run only when they are named, or with --long. */
const longCases = ['growth']

const usage = `npm run bench -- [case …] [options]

Cases: ${Object.keys(cases).join(', ')}.

  --quick, --long     short runs, or those that take hours
  --runs <number>     rounds of each case (5, quick 2)
  --json <file>       where the results go
  --compare <file>    beside the results of an earlier run
  --against <folder>  beside the build of another checkout
  --peers             beside peers
  --profile <folder>  with profiles
  -h, --help          prints this`

const read = argumentsOf(usage, {
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    runs: { type: 'string' },
    json: { type: 'string', default: path.join('bench', 'results', 'latest.json') },
    compare: { type: 'string' },
    against: { type: 'string' },
    peers: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
})
if ('ended' in read) endWith(read.ended)
const { values, positionals } = read.given
const size = values.long ? 'long' : values.quick ? 'quick' : 'usual'
const chosen =
  positionals.length > 0 ? positionals : Object.keys(cases).filter((name) => values.long || !longCases.includes(name))
const unknown = chosen.filter((name) => !cases[name])
if (unknown.length > 0)
  endWith(wrong(`There is no case ${unknown.join(', ')}. Cases: ${Object.keys(cases).join(', ')}.`))
// Read first, so that a wrong name is seen before hours of work.
const before = values.compare ? (JSON.parse(await readFile(values.compare, 'utf8')) as ResultFile) : null

// The listeners of `exit` then end what was started; a second signal does not stop them.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))

const temporary = mkdtempSync(path.join(os.tmpdir(), 'posthorn-bench-run-'))
process.once('exit', () => rmSync(temporary, { recursive: true, force: true }))
const server = await openServer(process.env.BENCH_DATABASE_URL)
try {
  const options: Options = {
    server,
    size,
    rounds: Number(values.runs ?? (values.quick ? 2 : 5)),
    ours: { root: packageRoot(), folder: temporary, isProfiled: values.profile !== undefined },
    other: values.against ? { root: path.resolve(values.against), folder: temporary, isProfiled: false } : null,
    peers: values.peers,
    profiles: values.profile ?? null,
    report: (text) => console.error(`  ${text}`),
  }
  const { facts, lines } = await factsOf(options)
  console.log(lines.join('\n'))
  const file: ResultFile = { ...facts, cases: [] }
  await mkdir(path.dirname(values.json), { recursive: true })
  for (const name of chosen) {
    console.error(`\n${name}`)
    const result = await cases[name]?.(options)
    if (!result) continue
    file.cases.push(result)
    console.log(`\n${table(result)}`)
    // After every case, so that a later failure loses nothing.
    await writeFile(values.json, `${JSON.stringify(file, null, 2)}\n`)
  }
  console.log(`\nWritten to ${values.json}`)
  if (before) console.log(`\n${compare(file, before)}`)
} finally {
  await server.stop()
}
process.exit()
