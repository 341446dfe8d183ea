// Measures contenders side by side: every round runs each of them once, and begins with another one.
import { type ContenderResult, figuresOf, type Kind, type Measure } from './figures.ts'

export interface Contender {
  name: string
  kind: Kind
  run(): Promise<Measure[]>
}

export async function contest(
  contenders: Contender[],
  rounds: number,
  report: (text: string) => void,
): Promise<ContenderResult[]> {
  const runs = contenders.map(() => [] as Measure[][])
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < contenders.length; turn++) {
      const at = (round + turn) % contenders.length
      const contender = contenders[at]
      if (!contender) continue
      const measured = await contender.run()
      runs[at]?.push(measured)
      const [first] = measured
      report(`round ${round + 1} of ${rounds}, ${contender.name}: ${first?.value.toFixed(1)} ${first?.unit}`)
    }
  return contenders.map(({ name, kind }, at) => ({ name, kind, figures: figuresOf(runs[at] ?? []) }))
}
