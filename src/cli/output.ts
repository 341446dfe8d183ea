// What the commands print: tables, lines and failures. Text from senders is printed without control characters.
import { stripVTControlCharacters } from 'node:util'
import { dim, red } from './styles.ts'

/** An expected failure, which is printed without a stack. */
export interface Failure {
  text: string
  /** The exit code; default 1. */
  code?: number
}

/** EX_USAGE of sysexits.h. */
export const badUsage = 64
/** EX_NOINPUT of sysexits.h. */
export const noInput = 66

export function isFailure(value: object): value is Failure {
  return 'text' in value
}

export function print(line: string): void {
  console.log(line)
}

export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2))
}

export function fail({ text, code = 1 }: Failure): void {
  console.error(text)
  process.exitCode = code
}

/** Lines with aligned columns, below their titles. */
export function table(titles: string[], rows: (string | null)[][]): string[] {
  const cells = rows.map((row) => row.map((cell) => clean(cell ?? '')))
  const widths = titles.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]?.length ?? 0)))
  const line = (row: string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()
  return [dim(line(titles)), ...cells.map(line)]
}

/** Text that others wrote, on one line and without control characters, which a terminal would obey. */
export function clean(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
}

/** `2026-11-30 09:12:33`, in UTC. */
export function shortTime(at: string): string {
  return at.slice(0, 19).replace('T', ' ')
}

/** Where an answer is bad news, it is red on a terminal. */
export function stateText(state: string): string {
  return ['failed', 'undelivered', 'expired', 'unconfirmed'].includes(state) ? red(state) : state
}
