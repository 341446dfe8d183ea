import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The files that take longest, the longest first. */
const longest = [
  'process',
  'plan/one-payment',
  'embedded/embedded',
  'readme',
  'operate/explain',
  'dashboard/notification',
  'guard/circuit',
  'guard/rates',
  'record/receipts-order',
  'plan/many',
  'cli/commands',
  'deliver/crash',
  'deliver/deliver',
]

/** Starts the longest files first, so that none of them runs alone at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification) => {
      const rank = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`))
      return rank < 0 ? longest.length : rank
    }
    return (await super.sort(files)).sort((one, other) => rankOf(one) - rankOf(other))
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: ['test/helper/database-setup.ts'],
    // Files run in parallel, each on databases of its own. A process runs many of them and loads the program once: the
    // program holds nothing outside its context, and so neither do the tests.
    pool: 'forks',
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // One more than there are cores, as tests wait for clocks and processes; not more, as some start whole services.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
