// What `npm start` runs. npm ci compiles src into dist by its `prepare` script; where install scripts are
// off, the first start does it, once, so that any number of starts at the same time find a whole dist.
// The story goes on in src/main.ts.
import { spawnSync } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const main = join(root, 'dist/src/main.js')

if (!existsSync(main)) compile()
await import(pathToFileURL(main).href)

function compile() {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  if (!existsSync(compiler)) {
    console.error(
      'Nothing is compiled, and there is no compiler: run npm ci with its install scripts, or with the development packages.',
    )
    process.exit(1)
  }
  console.error('Compiling once, since npm ci ran without its install scripts …')
  const draft = join(root, `dist.new-${process.pid}`)
  const options = { cwd: root, stdio: ['ignore', 2, 2] }
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', draft], options)
  if (status !== 0) process.exit(1)
  try {
    renameSync(draft, join(root, 'dist'))
  } catch (error) {
    // Another start was faster: its dist is as good.
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(main)) throw error
  }
}
