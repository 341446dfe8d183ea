// The README and the pages in docs name what exists: every script, path, setting, link, notifier and package is looked for, and what
// exists has its place in them.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandLine } from '../src/cli/command-line.ts'
import { settings } from '../src/config/table.ts'
import { notifiers } from '../src/notifiers/index.ts'
import { allVendors } from '../src/providers/index.ts'

const root = path.join(import.meta.dirname, '..')
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
  dependencies: Record<string, string>
  optionalDependencies: Record<string, string>
  devDependencies: Record<string, string>
}
const docs = readdirSync(path.join(root, 'docs')).filter((name) => name.endsWith('.md'))
const pages = new Map(
  ['README.md', ...docs.map((name) => `docs/${name}`)].map((name) => [
    name,
    readFileSync(path.join(root, name), 'utf8'),
  ]),
)
const page = (name: string) => pages.get(name) ?? ''
const readme = page('README.md')
const all = [...pages.values()].join('\n')
/** What the recipes tell a reader to make. */
const made = [...all.matchAll(/<!-- file: (\S+) -->/g)].map((match) => match[1] ?? '')
const proseOf = (text: string) => text.replace(/```[\s\S]*?```/g, '')
/** As GitHub names the titles of a page. */
const anchors = (text = '') =>
  [...proseOf(text).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

describe('what the README and its pages name is there:', () => {
  const ticked = [...proseOf(all).matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '')

  it('npm scripts', () => {
    const named = [...all.matchAll(/npm (?:run (?:-s )?([\w:-]+)|(start|test)\b)/g)].map((m) => m[1] ?? m[2] ?? '')
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter((script) => !(script in manifest.scripts))).toEqual([])
  })

  it('files, but for those that a recipe makes', () => {
    const paths = ticked.filter((text) =>
      /^(\.env\.example|Dockerfile|docker-compose\.yml|(src|emails|sql|test|docs)\/\S+)$/.test(text),
    )
    expect(paths.length).toBeGreaterThan(10)
    expect(paths.filter((name) => !made.includes(name) && !existsSync(path.join(root, name)))).toEqual([])
  })

  it('links, to their title', () => {
    const links = [...pages].flatMap(([from, text]) =>
      [...proseOf(text).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)].map(([, to, title]) => {
        const file = to ? path.join(path.dirname(from), to) : from
        const isThere = existsSync(path.join(root, file)) && (!title || anchors(pages.get(file)).includes(title))
        return { from, to: `${to}#${title}`, isThere }
      }),
    )
    expect(links.length).toBeGreaterThan(20)
    expect(links.filter(({ isThere }) => !isThere)).toEqual([])
  })

  it('every file and folder of src in the picture of the rooms, and no other', () => {
    const rooms = /```text\nsrc\/\n([\s\S]*?)\nemails/.exec(readme)?.[1] ?? ''
    const top = [...rooms.matchAll(/^ {2}((?:[\w-]+\.ts ?)+)/gm)].flatMap((match) => (match[1] ?? '').trim().split(' '))
    const folders = [...rooms.matchAll(/^ {2}([\w-]+)\//gm)].map((match) => match[1] ?? '')
    expect([...top, ...folders].sort()).toEqual(readdirSync(path.join(root, 'src')).sort())
  })

  it('settings', () => {
    const others = ['TEST_DATABASE_URL', 'POSTGRES_PASSWORD', 'POSTHORN_URL', 'POSTHORN_API_KEY']
    const named = ticked.filter((text) => /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(text))
    expect(named.length).toBeGreaterThan(20)
    const ofRecipes = made.flatMap(
      (file) => /^src\/(?:providers|sources)\/(\w+)\//.exec(file)?.[1]?.toUpperCase() ?? [],
    )
    const isOther = (name: string) =>
      others.includes(name) || name === '_RATE' || ofRecipes.some((vendor) => name.startsWith(`${vendor}_`))
    expect(named.filter((name) => !(name in settings) && !isOther(name))).toEqual([])
  })
})

describe('what is there, the README and its pages name:', () => {
  it('every section and every page, in the README', () => {
    const contents = /^Contents: [\s\S]*?(?=\n## )/m.exec(readme)?.[0] ?? ''
    const titles = [...proseOf(readme).matchAll(/^## (.+)$/gm)].map((match) => match[1])
    expect([...contents.matchAll(/\[([^\]]+)\]\(#/g)].map((match) => match[1])).toEqual(titles)
    const table = sectionOf(readme, 'Documentation')
    expect([...table.matchAll(/^\| \[[^\]]+\]\(docs\/([\w-]+\.md)\)/gm)].map((match) => match[1]).sort()).toEqual(
      docs.sort(),
    )
  })

  it('the most important, in a README of 200 lines at most', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(200)
  })

  it('every command', () => {
    const nothing = async () => {}
    const { commands: all } = commandLine({ withSettings: nothing, start: nothing, migrate: nothing })
    const commands = all.map((command) => command.name())
    const row = /^\| `npm run posthorn -- .*$/m.exec(page('docs/operations.md'))?.[0] ?? ''
    expect(commands.length).toBeGreaterThan(3)
    expect([...row.matchAll(/-- (\w+)`/g)].map((match) => match[1])).toEqual(commands)
  })

  it('every setting, and the providers’ in the order of the routes', () => {
    const text = page('docs/settings.md')
    const named = [...text.matchAll(/`([A-Z][A-Z0-9_]+)/g)].map((match) => match[1] ?? '')
    expect(Object.keys(settings).filter((name) => !named.includes(name))).toEqual([])
    const places = allVendors.map(({ name }) => text.indexOf(`| \`${name.toUpperCase()}_`))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  it('every notifier with its event types and channels', () => {
    for (const { name, on, channels } of notifiers) {
      const shown = channels.map((channel) => (channel === 'sms' ? 'SMS' : channel)).join(', ')
      const types = on.map((type) => `\`${type}\``).join(', ')
      expect(page('docs/sending.md')).toContain(`| ${types} | \`${name}\` | ${shown} |`)
    }
  })

  it('every package, with what it is for, and no other', () => {
    const { dependencies, optionalDependencies, devDependencies } = manifest
    const groups = [dependencies, optionalDependencies, devDependencies].map((group) => Object.keys(group).sort())
    const parts = page('docs/dependencies.md')
      .split(/^(?:In production|Optional|For development).*:$/m)
      .slice(1)
    const named = parts.map((part) => [...part.matchAll(/`([^`\s/]+(?:\/[^`\s]+)?)`/g)].map((m) => m[1] ?? ''))
    const packages = named.map((names) => names.filter((name) => groups.flat().includes(name)).sort())
    expect(packages).toEqual(groups)
  })
})

function sectionOf(text: string, title: string): string {
  return text.split('\n## ').find((section) => section.startsWith(`${title}\n`)) ?? ''
}
