// The rules of the house, read from the code itself: imports point downwards, each tool has its room, plug-ins are listed.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const root = path.join(import.meta.dirname, '..')

/** A room imports itself and the rooms before it, types included. Those that share a place never import each other. */
const order = `clock|package-root domain i18n policy wire store privacy log guard settings emails
  sources|notifiers|providers show config embedded context copy accept|plan|deliver|record|consent schedule|operate http create-context start cli main`
const belowPlugIns = 'clock package-root domain i18n policy wire privacy settings'
/** What these rooms import beside themselves. Of the policy the store knows types alone: it decides nothing. */
const narrow: Record<string, string> = {
  emails: '',
  store: 'package-root domain',
  sources: belowPlugIns,
  notifiers: `${belowPlugIns} emails`,
  providers: belowPlugIns,
}
/** Parts that the plug-ins of a room share: its contract and its tools. */
const shared = /^(kit|_.*|(provider|receipt-reader|source|mapping|notifier)\.ts)$/
const homes: Record<string, RegExp> = {
  '@?fastify.*': /^src\/http\//,
  pg: /^src\/store\//,
  'pg-boss': /^src\/store\/jobs\//,
  undici: /^src\/wire\//,
  nodemailer: /^src\/providers\/smtp\//,
  resend: /^src\/providers\/resend\//,
  twilio: /^src\/providers\/twilio\//,
  stripe: /^src\/sources\/stripe\//,
}
const sql =
  /['"`]\s*(select\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|create\s+(table|index|schema|database)\s|alter\s|truncate\s)/i

const files = ['src', 'emails', 'bench'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => read(path.join(folder, name))),
)
const src = files.filter(({ name }) => name.startsWith('src/'))

function read(name: string) {
  const text = readFileSync(path.join(root, name), 'utf8')
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const named = [...code.matchAll(/(import type [^']*)?\b(?:from|import)\s*\(?\s*'([^']+)'/g)]
  const imports = named.map(([, isType, to = '']) => ({
    to: to.startsWith('.') ? path.join(path.dirname(name), to) : to,
    isType: isType !== undefined,
  }))
  return { name, text, code, imports }
}

/** The parts of `src/providers/twilio/send.ts`: `providers` is its room, `twilio` its plug-in. */
function placeOf(name: string): { room: string; part: string } {
  const [folder = '', room = '', part = ''] = name.replace(/^emails/, 'src/emails').split('/')
  return { room: folder === 'src' ? room.replace(/\.ts$/, '') : '', part }
}
const floors = order.split(/\s+/).map((floor) => floor.split('|'))
const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room))

/** What is wrong with an import; null where nothing is. */
function faultOf(from: string, to: string, isType: boolean): string | null {
  const [a, b] = [placeOf(from), placeOf(to)]
  if (Object.entries(homes).some(([name, home]) => from.startsWith('src/') && isOf(to, name) && !home.test(from)))
    return 'a package away from its room'
  if (a.room === '' || b.room === '') return null
  if (a.room === b.room) {
    const isFree = !/^(sources|notifiers|providers)$/.test(a.room) || a.part === 'index.ts'
    return isFree || a.part === b.part || shared.test(b.part) ? null : 'from one plug-in to another'
  }
  if (floorOf(b.room) >= floorOf(a.room)) return 'not downwards'
  const isTypeOfPolicy = a.room === 'store' && b.room === 'policy' && isType
  return isTypeOfPolicy || (narrow[a.room]?.split(' ').includes(b.room) ?? true) ? null : 'more than it need know'
}
const isOf = (to: string, name: string) => new RegExp(`^${name}($|/)`).test(to)

const faults = files.flatMap(({ name, imports }) =>
  imports.flatMap(({ to, isType }) => {
    const fault = faultOf(name, to, isType)
    return fault ? [`${name} -> ${to}: ${fault}`] : []
  }),
)

it('a room imports the rooms before it, types included; plug-ins and the store know no more than they need', () => {
  expect(faults).toEqual([])
})

it('at most eight files stand at the top of src, and every other file in a room of the order', () => {
  expect(readdirSync(path.join(root, 'src')).filter((name) => name.endsWith('.ts')).length).toBeLessThanOrEqual(8)
  expect(src.filter(({ name }) => floorOf(placeOf(name).room) < 0).map(({ name }) => name)).toEqual([])
})

it('rows hold codes, and their English is made where people read it', () => {
  const reads = /^(show|operate|http)$/
  const others = src.filter(({ name, imports }) => {
    const tells = reads.test(placeOf(name).room) || /^src\/(accept\/own-alert|record\/notify-apps)\.ts$/.test(name)
    return !tells && imports.some(({ to }) => to.startsWith('src/show/'))
  })
  expect(others.map(({ name }) => name)).toEqual([])
})

it('nothing imports in a circle, types included', () => {
  const imports = new Map(files.map((file) => [file.name, file.imports.map(({ to }) => to)]))
  const circles: string[] = []
  const done = new Set<string>()
  const walk = (name: string, trail: string[]) => {
    if (trail.includes(name)) circles.push([...trail.slice(trail.indexOf(name)), name].join(' -> '))
    if (done.has(name) || trail.includes(name)) return
    for (const to of imports.get(name) ?? []) walk(to, [...trail, name])
    done.add(name)
  }
  for (const { name } of files) walk(name, [])
  expect(circles).toEqual([])
})

it.each([
  ['SQL', sql, /^src\/store\//],
  ['process.env', /process\s*\.\s*env\b/, /^src\/config\//],
  ['the time', /\bDate\.now\(\)|new Date\(\)/, /^src\/clock\.ts$/],
])('%s has its room', (_what, text, home) => {
  expect(src.filter(({ name, code }) => text.test(code) && !home.test(name)).map(({ name }) => name)).toEqual([])
})

it.each(['providers', 'sources'])(
  'a vendor in %s is named in its folder and in the list, and nowhere else, comments included',
  (room) => {
    const isVendor = (name: string) => existsSync(path.join(root, 'src', room, name, 'index.ts'))
    const vendors = readdirSync(path.join(root, 'src', room))
      .filter(isVendor)
      .join('|')
    expect(vendors).toContain('|')
    const named = new RegExp(vendors, 'i')
    const home = new RegExp(`^src/${room}/(index.ts|(${vendors})/)`)
    // In quotes it is also a word of ours: what to do with a message in doubt.
    const others = (text: string) => (/when_?unsure/i.test(text) ? text.replace(/(['`])resend\1/g, '') : text)
    // A notifier may listen to what one source alone tells of, under the source's own name for it.
    const events = (name: string) => (name.startsWith('src/notifiers/') ? /'[a-z]+:[a-z_.]+'/g : /$^/)
    expect(
      src
        .filter((file) => !home.test(file.name) && named.test(others(file.text).replace(events(file.name), '')))
        .map(({ name }) => name),
    ).toEqual([])
  },
)

it.each(['sources', 'notifiers', 'providers'])('what stands in %s is listed in its index.ts', (room) => {
  const index = src.find(({ name }) => name === `src/${room}/index.ts`)
  const listed = index?.imports.map(({ to }) => placeOf(to).part) ?? []
  const plugIns = readdirSync(path.join(root, 'src', room)).filter((name) => !shared.test(name) && name !== 'index.ts')
  const unlisted = plugIns.filter((name) => !listed.includes(name))
  expect(unlisted, `import it in src/${room}/index.ts and list it there`).toEqual([])
})

it('a notifier that writes to people has its words in emails', () => {
  const notifiers = src.filter(({ name }) => placeOf(name).room === 'notifiers' && !shared.test(placeOf(name).part))
  const writers = notifiers.filter(({ code }) => /^ {2}(email|sms):/m.test(code))
  const emails = writers.map(({ name }) => `emails/${path.basename(name)}x`)
  expect(emails.filter((name) => !existsSync(path.join(root, name)))).toEqual([])
})

it('a file begins with a sentence that says what it is for', () => {
  const first = /^\/\/ \S.{20,}(\n\/\/ .*)*(?<=[.?"])\n(?!\/\/)/
  expect(files.filter(({ text }) => !first.test(text)).map(({ name }) => name)).toEqual([])
})

it('no file is longer than 200 lines', () => {
  expect(files.filter(({ text }) => text.split('\n').length > 201).map(({ name }) => name)).toEqual([])
})
