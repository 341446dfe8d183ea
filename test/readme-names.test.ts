// Names in the README are names of something: every script, path, setting, link, notifier and package is looked for.
// Its snippets are run by readme.test.ts.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { notifiers } from '../src/notifiers/index.ts'
import { settings } from '../src/settings/table.ts'

const root = path.join(import.meta.dirname, '..')
const readme = readFileSync(path.join(root, 'README.md'), 'utf8')
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
  dependencies: Record<string, string>
  optionalDependencies: Record<string, string>
  devDependencies: Record<string, string>
}
/** What the recipes tell a reader to make. */
const made = [...readme.matchAll(/<!-- file: (\S+) -->/g)].map((match) => match[1] ?? '')

describe('what the README names is there:', () => {
  const prose = readme.replace(/```[\s\S]*?```/g, '')
  const ticked = [...prose.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '')

  it('npm scripts', () => {
    const named = [...readme.matchAll(/npm (?:run (?:-s )?([\w:-]+)|(start|test)\b)/g)].map((m) => m[1] ?? m[2] ?? '')
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter((script) => !(script in manifest.scripts))).toEqual([])
  })

  it('files, but for those that a recipe makes', () => {
    const linked = [...prose.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map((match) => match[1] ?? '')
    const paths = ticked.filter((text) =>
      /^(\.env\.example|Dockerfile|docker-compose\.yml|(src|emails|sql|test|docs)\/\S+)$/.test(text),
    )
    const missing = [...linked, ...paths].filter((name) => !made.includes(name) && !existsSync(path.join(root, name)))
    expect(paths.length).toBeGreaterThan(10)
    expect(missing).toEqual([])
  })

  it('files in the picture of the rooms', () => {
    const rooms = /```text\nsrc\/\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
    const top = [...rooms.matchAll(/^ {2}((?:[\w-]+\.ts ?)+)/gm)].flatMap((match) => (match[1] ?? '').trim().split(' '))
    const folders = [...rooms.matchAll(/^ {2}([\w-]+\/)/gm)].map((match) => match[1] ?? '')
    expect(top.length).toBeGreaterThan(10)
    expect([...top, ...folders].filter((name) => !existsSync(path.join(root, 'src', name)))).toEqual([])
  })

  it('settings', () => {
    const others = ['TEST_DATABASE_URL', 'POSTGRES_PASSWORD']
    const named = ticked.filter((text) => /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(text))
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((name) => !(name in settings) && !others.includes(name) && name !== '_RATE')).toEqual([])
  })

  it('links within the page', () => {
    const titles = [...readme.matchAll(/^#+ (.+)$/gm)].map((m) => (m[1] ?? '').toLowerCase().replaceAll(' ', '-'))
    const targets = [...prose.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1] ?? '')
    expect(targets.filter((target) => !titles.includes(target))).toEqual([])
  })
})

describe('what is there, the README names:', () => {
  it('every notifier with its event types and channels', () => {
    for (const { name, on, channels } of notifiers) {
      const shown = channels.map((channel) => (channel === 'sms' ? 'SMS' : channel)).join(', ')
      expect(readme).toContain(`| ${on.map((type) => `\`${type}\``).join(', ')} | \`${name}\` | ${shown} |`)
    }
  })

  it('every package, with what it is for, and no other', () => {
    const section = /## Dependencies\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? ''
    const { dependencies, optionalDependencies, devDependencies } = manifest
    const groups = [dependencies, optionalDependencies, devDependencies].map((group) => Object.keys(group).sort())
    const parts = section.split(/^(?:In production|Optional|For development).*:$/m).slice(1)
    const named = parts.map((part) => [...part.matchAll(/`([^`\s/]+(?:\/[^`\s]+)?)`/g)].map((m) => m[1] ?? ''))
    const packages = named.map((names) => names.filter((name) => groups.flat().includes(name)).sort())
    expect(packages).toEqual(groups)
  })
})
