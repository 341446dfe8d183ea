// Prints results: a case as a table, and the comparison of two result files as ratios.
import type { CaseResult, Figure } from './figures.ts'

/** The result as a printable table. Figures of a whole run follow the contenders' names; each has its runs in brackets. */
export function table({ name, conditions, contenders, ratios, skipped, lines = [] }: CaseResult): string {
  const figures = contenders.flatMap((one) => one.figures)
  const wide = Math.max(0, ...figures.map((one) => one.name.length))
  return [
    `${name}: ${conditions}`,
    ...contenders.flatMap((one) => [`  ${one.name} (${one.kind})`, ...one.figures.map((f) => `    ${line(f, wide)}`)]),
    ...ratios.map(
      (ratio) =>
        `  ${line(ratio, 0)}${ratio.goal === undefined ? '' : `, goal ${ratio.goal}${ratio.median >= ratio.goal ? '' : ': MISSED'}`}`,
    ),
    ...skipped.map((text) => `  skipped: ${text}`),
    ...lines.map((text) => `  ${text}`),
  ].join('\n')
}

function line({ name, unit, median, runs }: Figure, wide: number): string {
  return `${name.padEnd(wide)}  ${show(median).padStart(8)} ${unit.padEnd(3)} (${runs.map(show).join(' ')})`
}

export interface ResultFile {
  commit: string
  at: string
  cases: CaseResult[]
}

/** Every figure and ratio that both files have, the new median divided by the old one. */
export function compare(now: ResultFile, before: ResultFile): string {
  const lines = now.cases.flatMap(({ name, contenders, ratios }) => {
    const old = before.cases.find((one) => one.name === name)
    if (!old) return [`${name}: not in the other file`]
    const changes = [
      ...contenders.flatMap((one) => {
        const same = old.contenders.find((other) => other.name === one.name)
        return same ? changesOf(one.figures, same.figures).map((text) => `${one.name}: ${text}`) : []
      }),
      ...changesOf(ratios, old.ratios),
    ]
    return [name, ...changes.map((text) => `  ${text}`)]
  })
  return [`${now.commit} of ${now.at} against ${before.commit} of ${before.at}`, ...lines].join('\n')
}

function changesOf(figures: Figure[], old: Figure[]): string[] {
  return figures.flatMap(({ name, unit, median }) => {
    const same = old.find((one) => one.name === name && one.unit === unit)
    return same
      ? [`${name}  ${show(median / same.median)}x (${show(same.median)} ${unit} -> ${show(median)} ${unit})`]
      : []
  })
}

function show(value: number): string {
  if (Number.isNaN(value)) return '-'
  const size = Math.abs(value)
  if (size >= 1000) return Math.round(value).toLocaleString('en-US')
  return size >= 100 ? value.toFixed(0) : value.toFixed(size >= 10 ? 1 : 2)
}
