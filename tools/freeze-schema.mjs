// Records the checksums of the files of sql/, which never change from then on: `node tools/freeze-schema.mjs`. A file that was
// recorded and has changed is refused, unless `--again` says that no database has it yet.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const folder = path.join(import.meta.dirname, '..', 'sql')
const record = path.join(folder, 'frozen.json')
const before = JSON.parse(readFileSync(record, { encoding: 'utf8', flag: 'a+' }) || '{}')
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .sort()
const now = Object.fromEntries(
  files.map((name) => [
    name,
    createHash('sha256')
      .update(readFileSync(path.join(folder, name)))
      .digest('hex'),
  ]),
)
const changed = Object.keys(before).filter((name) => now[name] !== before[name])
if (changed.length > 0 && !process.argv.includes('--again')) {
  console.error(`${changed.join(', ')} was frozen and has changed: undo that, and add a file with the next number`)
  process.exit(1)
}
writeFileSync(record, `${JSON.stringify(now, null, 2)}\n`)
console.log(`${files.length} files are frozen`)
