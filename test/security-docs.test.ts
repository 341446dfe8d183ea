// The list of threats names tests, and each of them exists under its title.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const root = path.join(import.meta.dirname, '..')
const page = readFileSync(path.join(root, 'docs/security.md'), 'utf8')
const rows = [...page.matchAll(/^\| (?!attack|---)(.+) \| (.+) \| (.+) \|$/gm)].map(
  ([, attack = '', , tests = '']) => ({
    attack,
    named: [...tests.matchAll(/`([^`]+)` "([^"]+)"/g)].map(([, file = '', title = '']) => ({ file, title })),
  }),
)

it.each(rows)('docs/security.md names tests that exist: $attack', ({ named }) => {
  expect(named.length).toBeGreaterThan(0)
  for (const { file, title } of named)
    expect(readFileSync(path.join(root, file), 'utf8').includes(title), `${file} "${title}"`).toBe(true)
})

it('docs/security.md has a row for each line of its tables', () => {
  const lines = page.split('\n').filter((line) => /^\| (?!attack|---)/.test(line))
  expect(rows).toHaveLength(lines.length)
  expect(rows.length).toBeGreaterThan(45)
})
