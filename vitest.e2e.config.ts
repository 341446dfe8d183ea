// The tests that need a browser: npm run test:e2e. They speak to the same real service and Postgres as the others.
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    globalSetup: ['test/helper/database-setup.ts'],
    pool: 'forks',
    // As many as there are cores: a file waits for its browser and its service in turn.
    maxWorkers: availableParallelism(),
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
