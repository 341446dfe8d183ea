// Where the time goes: the statements of a run as a list, kept beside the CPU profiles, and the functions of a CPU profile.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Statement, statementsOf } from './cost.ts'
import type { Database } from './database.ts'
import type { Options } from './options.ts'
import type { Build } from './service.ts'

/** Keeps the statements since the meter was started last. Called when the service has stopped; does nothing unless asked. */
export async function keepProfile(
  { server }: Options,
  { isProfiled, folder }: Build,
  database: Database,
): Promise<void> {
  if (!isProfiled || !server.counts.statements) return
  const statements = await statementsOf(server.admin, database)
  writeFileSync(path.join(folder, `${database.name}.statements.txt`), statementList(statements))
  for (const name of readdirSync(folder).filter((file) => /^(worker|api).*\.cpuprofile$/.test(file)))
    writeFileSync(
      path.join(folder, name.replace(/cpuprofile$/, 'functions.txt')),
      functionList(JSON.parse(readFileSync(path.join(folder, name), 'utf8'))),
    )
}

export function statementList(statements: Statement[]): string {
  const all = statements.reduce((sum, { totalMs }) => sum + totalMs, 0)
  return statements
    .map(
      ({ calls, totalMs, rows, walBytes, text }) =>
        `${totalMs.toFixed(0).padStart(7)} ms ${((100 * totalMs) / all).toFixed(1).padStart(5)} % ${String(calls).padStart(7)} calls ${String(rows).padStart(8)} rows ${(walBytes / 1024).toFixed(0).padStart(8)} KiB of WAL  ${text.replace(/\s+/g, ' ').slice(0, 300)}`,
    )
    .join('\n')
}

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[]
  samples: number[]
  timeDeltas: number[]
}

/** The time that each function took itself, the longest first. */
export function functionList({ nodes, samples, timeDeltas }: CpuProfile): string {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'} ${url.replace(/^.*\/(?=node_modules|dist)/, '')}${url ? `:${lineNumber + 1}` : ''}`,
    ]),
  )
  const tookUs = new Map<string, number>()
  for (const [i, id] of samples.entries()) {
    const name = names.get(id) ?? '(unknown)'
    tookUs.set(name, (tookUs.get(name) ?? 0) + (timeDeltas[i] ?? 0))
  }
  const all = timeDeltas.reduce((sum, us) => sum + us, 0)
  return [...tookUs]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 80)
    .map(
      ([name, us]) =>
        `${(us / 1000).toFixed(0).padStart(7)} ms ${((100 * us) / all).toFixed(1).padStart(5)} %  ${name}`,
    )
    .join('\n')
}
