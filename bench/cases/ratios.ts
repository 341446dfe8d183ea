// The ratios of a case: ours against everything that was measured beside it.
import { type ContenderResult, type Ratio, ratioOf } from '../figures.ts'

/** Ours divided by each contender that was measured, by the figure of this name; the values are the goals. */
export function ratios(
  results: ContenderResult[],
  figureName: string,
  goals: Record<string, number | undefined>,
  ours = 'ours',
): Ratio[] {
  return Object.entries(goals).flatMap(([name, goal]) => ratioOf(results, [ours, name], figureName, goal) ?? [])
}
