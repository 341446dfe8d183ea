// The results of a benchmark: figures with the value of every run, their medians, and ratios between contenders.

export interface Figure {
  name: string
  unit: string
  median: number
  /** One value a run, in the order of the runs. */
  runs: number[]
}

export interface Ratio extends Figure {
  /** What the ratio should reach. */
  goal?: number
}

/** `ours`: this build. `other`: another build of it. `ceiling`: what limits it. `peer`: what is used in its place. `model`: what was computed. */
export type Kind = 'ours' | 'other' | 'ceiling' | 'peer' | 'model'

export interface ContenderResult {
  name: string
  kind: Kind
  figures: Figure[]
}

export interface CaseResult {
  name: string
  /** How it was measured, in a sentence or two. */
  conditions: string
  contenders: ContenderResult[]
  ratios: Ratio[]
  /** What was left out, and why. */
  skipped: string[]
  /** What is said beside the figures, line by line. */
  lines?: string[]
}

/** What one run of a contender measured. */
export interface Measure {
  name: string
  unit: string
  value: number
}

export const measure = (name: string, unit: string, value: number): Measure => ({ name, unit, value })

export function figure(name: string, unit: string, runs: number[]): Figure {
  return { name, unit, median: median(runs), runs }
}

/** The runs of one contender as figures, in the order in which the first run has them. */
export function figuresOf(runs: Measure[][]): Figure[] {
  const [first = []] = runs
  return first.map(({ name, unit }) =>
    figure(
      name,
      unit,
      runs.map((run) => run.find((one) => one.name === name)?.value ?? Number.NaN),
    ),
  )
}

/** Two contenders' figures of one name, divided run by run. Null where a contender or the figure is missing. */
export function ratioOf(
  contenders: ContenderResult[],
  [above, below]: [string, string],
  figureName: string,
  goal?: number,
): Ratio | null {
  const runsOf = (name: string) =>
    contenders.find((one) => one.name === name)?.figures.find((one) => one.name === figureName)?.runs
  const over = runsOf(above)
  const under = runsOf(below)
  if (!over || !under) return null
  const runs = over.map((value, i) => value / (under[i] ?? Number.NaN))
  return { ...figure(`${figureName}: ${above} / ${below}`, 'x', runs), ...(goal !== undefined && { goal }) }
}

/** The smallest value that is at least as large as this share of the values. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN
  return (upper + lower) / 2
}
