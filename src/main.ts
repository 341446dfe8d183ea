// The entry point of the process: checks the version of Node, and only then loads the rest, which an older one cannot link.
import './node-version.ts'

const { run } = await import('./cli/run.ts')
await run(process.argv.slice(2))
