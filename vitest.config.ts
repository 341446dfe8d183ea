import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: ['test/helper/database-setup.ts'],
    // Files run in parallel, each on a database of its own.
    pool: 'forks',
    // A process runs many files, so that it loads the program once.
    isolate: false,
    // Two at least: a test waits for Postgres more than it computes.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
