// docs/reasons.md is what support staff read: it says what src/domain/reason.ts says, code by code and word by word.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { reasons } from '../src/domain/reason.ts'

const page = readFileSync(path.join(import.meta.dirname, '../docs/reasons.md'), 'utf8')

it('docs/reasons.md has every reason code with its sentence, in the order of the code', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, code, sentence]) => [code, sentence])
  expect(rows).toEqual(Object.entries(reasons))
})

it.each([
  ['`unconfirmed`', 'quiet_hours'],
  ['`failed`', 'no_provider'],
])('docs/reasons.md says of %s that it can have the reason %s too', (state, code) => {
  const section = page.split('\n## ').find((text) => text.startsWith(`${state}\n`))
  expect(section).toMatch(new RegExp(`^And \`${code}\`, `, 'm'))
})
