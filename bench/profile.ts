// Where the time goes: the statements of a stretch of work, and the functions of its processes, as lists beside the profiles.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { CpuProfile } from './inspector.ts'

export interface Statement {
  calls: number
  totalMs: number
  rows: number
  walBytes: number
  text: string
}

let kept = 0

/** Writes one folder for each stretch of work. */
export function keepProfiles(folder: string, statements: Statement[], profiles: Record<string, CpuProfile>): void {
  const into = path.join(folder, String(++kept))
  mkdirSync(into, { recursive: true })
  writeFileSync(path.join(into, 'statements.txt'), `${statementList(statements)}\n`)
  for (const [name, profile] of Object.entries(profiles)) {
    writeFileSync(path.join(into, `${name}.cpuprofile`), JSON.stringify(profile))
    writeFileSync(path.join(into, `${name}.functions.txt`), `${functionList(profile)}\n`)
  }
}

function statementList(statements: Statement[]): string {
  const all = statements.reduce((sum, { totalMs }) => sum + totalMs, 0)
  return statements
    .map(
      ({ calls, totalMs, rows, walBytes, text }) =>
        `${totalMs.toFixed(0).padStart(7)} ms ${((100 * totalMs) / all).toFixed(1).padStart(5)} % ${String(calls).padStart(7)} calls ${String(rows).padStart(8)} rows ${(walBytes / 1024).toFixed(0).padStart(8)} KiB of WAL  ${text.replace(/\s+/g, ' ').slice(0, 300)}`,
    )
    .join('\n')
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
