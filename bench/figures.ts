// What a case comes to: figures with every round they are the median of, ratios of rounds that ran side by side,
// and what was checked. bench.ts prints them and writes them as JSON.

export interface Figure {
  name: string
  unit: string
  median: number
  rounds: number[]
}

export interface CaseResult {
  name: string
  /** How it was measured, a sentence or two. */
  conditions: string
  figures: Figure[]
  /** What held in every round; a case throws where it did not. */
  checks: string[]
}

export function figure(name: string, unit: string, rounds: number[]): Figure {
  return { name, unit, median: median(rounds), rounds }
}

/** How many times `these` is `those`, by rounds that ran one after the other. */
export function ratio(name: string, these: number[], those: number[]): Figure {
  return figure(
    name,
    'x',
    these.map((value, i) => value / (those[i] ?? Number.NaN)),
  )
}

/** The smallest value that this share of the values does not exceed. */
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

/** Lines for people. */
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
