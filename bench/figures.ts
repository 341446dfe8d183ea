// The results of a benchmark: figures with their rounds, ratios of alternating rounds, and the checks that held.

export interface Figure {
  name: string
  unit: string
  median: number
  rounds: number[]
}

export interface CaseResult {
  name: string
  /** How it was measured, in a sentence or two. */
  conditions: string
  figures: Figure[]
  /** Facts that held in every round; a benchmark throws where one does not. */
  checks: string[]
}

export function figure(name: string, unit: string, rounds: number[]): Figure {
  return { name, unit, median: median(rounds), rounds }
}

/** The ratio of `these` to `those`, round by round. */
export function ratio(name: string, these: number[], those: number[]): Figure {
  return figure(
    name,
    'x',
    these.map((value, i) => value / (those[i] ?? Number.NaN)),
  )
}

/** The smallest value that is at least as large as this share of the values. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN
  return (upper + lower) / 2
}

/** The result as a printable table. */
export function table({ name, conditions, figures, checks }: CaseResult): string {
  const wide = Math.max(...figures.map((f) => f.name.length))
  return [
    name,
    `  ${conditions}`,
    ...figures.map(
      ({ name, unit, median, rounds }) =>
        `  ${name.padEnd(wide)}  ${show(median).padStart(8)} ${unit.padEnd(3)} (${rounds.map(show).join(' ')})`,
    ),
    ...checks.map((check) => `  checked: ${check}`),
  ].join('\n')
}

function show(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en-US')
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2)
}
