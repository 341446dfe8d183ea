// Runs the compiled command line, or says in one line that it is not compiled: `npm start`, `npm run posthorn`.
import { existsSync } from 'node:fs'

const main = new URL('../dist/src/main.js', import.meta.url)
if (existsSync(main)) await import(main)
else {
  console.error('dist/ is missing, so there is nothing to run: npm run build compiles it, and so does npm ci.')
  process.exitCode = 1
}
