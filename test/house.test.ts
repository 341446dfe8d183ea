// The rules of the house, read from the code itself: each names the files that break it.
import { expect, it } from 'vitest'
import { type File, files, folders, foldersReached, reached, vendors } from './helper/code-files.ts'

/** A room imports itself and the rooms before it, types included. Those that share a floor never import each other. */
const floors = `clock|node-version|package-root domain i18n policy wire store privacy log guard observe settings emails
  sources|notifiers|providers show config embedded context copy accept|plan|deliver|record|consent schedule|operate http dashboard create-context start cli main`
const belowPlugIns = 'clock package-root domain i18n policy wire privacy settings'
/** All that these rooms import beside themselves. Of the policy, the store knows types alone, because it decides nothing. */
const narrow: Record<string, string> = {
  ...{ emails: '', store: 'package-root domain policy:type' },
  ...{ sources: belowPlugIns, notifiers: `${belowPlugIns} emails`, providers: belowPlugIns },
}
/** What the plug-ins of a kind share: its contract and its tools. */
const shared = /^(kit|_.*|(index|provider|receipt-reader|account|source|mapping|notifier)\.ts)$/

const floorOf = (room: string) => floors.split(/\s+/).findIndex((rooms) => rooms.split('|').includes(room))
const isPlugIn = ({ room, part }: File) => /^(sources|notifiers|providers)$/.test(room) && !shared.test(part)

function mayImport(from: File, to: File | undefined, isType: boolean): boolean {
  if (!to?.room || !from.room) return true
  if (from.room === to.room) return !isPlugIn(to) || from.part === to.part || from.part === 'index.ts'
  const known = narrow[from.room]?.split(' ') ?? [to.room]
  const isKnown = known.includes(to.room) || (isType && known.includes(`${to.room}:type`))
  return isKnown && floorOf(to.room) < floorOf(from.room)
}

/** What stands in its home only, comments included. */
const homes: Record<string, [text: RegExp, home: RegExp]> = {
  SQL: [
    /['"`]\s*(select|with\s+\w+\s+as|insert\s+into|update\s+\w+\s+set|delete\s+from|create\s+(table|index|schema|database)|alter|truncate)\s/i,
    /^src\/store/,
  ],
  'a transaction': [/\btransaction\w*\s*[<(]/, /^src\/(store\/db\.ts|(?!store))/],
  'a row as Postgres names it': [/\{ rows\b.*\} = await [\w.]+\.query|\.rows\b|\.query</, /^src\/store\/db\.ts/],
  'the English of a code': [
    /'(\.\.\/)+show\//,
    /^src\/(show|operate|http|dashboard|cli|accept\/own-alert|record\/notify-apps)/,
  ],
  'process.env': [/process\s*(\.\s*env\b|\[\s*['"]env)|\benv\b.*from ['"]node:process/, /^src\/config/],
  'the time': [/\bDate\.now\(\)|new Date\(\)/, /^src\/clock/],
  Fastify: [/['"]@?fastify/, /^src\/http/],
  pg: [/['"]pg['"]/, /^src\/store/],
  'pg-boss': [/['"]pg-boss['"]/, /^src\/store\/jobs/],
  undici: [/['"]undici/, /^src\/wire/],
  fetch: [/(?<![.\w])fetch\(/, /^src\/cli/],
  'a client or a bench': [/['"](\.\.\/)+(bench|clients)\//, /^src\/cli/],
  nodemailer: [/['"]nodemailer/, /^src\/providers\/smtp/],
  'a package of a vendor': [/['"](resend|twilio|stripe)['"/]/, /^src\/\w+\/(resend|twilio|stripe)\//],
  'a provider’s name': vendors('providers'),
  'a source’s name': vendors('sources'),
}
/** In quotes, a provider’s name is also a word of ours: what to do with a message in doubt. SMTPUTF8 is a standard’s name. */
const withoutOurs = (text: string) =>
  (/when_?unsure/i.test(text) ? text.replace(/(['`])resend\1/g, '') : text).replaceAll('SMTPUTF8', '')

const rules: Record<string, (file: File) => unknown> = {
  'imports rooms before its own, and no more than it need know': (file) =>
    file.imports.every(({ to, type }) => mayImport(file, files.get(to), type !== undefined)),
  'does not import itself in a circle, types included': ({ name }) => !reached(name).has(name),
  'of src stands in a room of the order': ({ name, room }) => !name.startsWith('src/') || floorOf(room) >= 0,
  'at the top of src is one of at most eight': ({ room, part }) =>
    part || !room || [...files.values()].filter((one) => one.room && !one.part).length <= 8,
  'of a plug-in is listed by the index.ts of its kind': (file) =>
    !isPlugIn(file) ||
    files.get(`src/${file.room}/index.ts`)?.imports.some(({ to }) => files.get(to)?.part === file.part),
  'of a notifier that writes to people has its words in emails, or its own texts': (file) =>
    file.room !== 'notifiers' ||
    !isPlugIn(file) ||
    !/^ {2}(email|sms):/m.test(file.text) ||
    /^ {2}texts:/m.test(file.text) ||
    files.has(`emails/${file.part}x`),
  'begins with a sentence that says what it is for': ({ text }) =>
    /^\/\/ \S.{20,}(\n\/\/ .*)*(?<=[.?"])\n(?!\/\/)/.test(text),
  'is at most 200 lines long': ({ text }) => text.split('\n').length <= 201,
}
for (const [what, [pattern, home]] of Object.entries(homes))
  rules[`of src has ${what} only in its home`] = ({ name, text }) =>
    !name.startsWith('src/') || home.test(name) || !pattern.test(withoutOurs(text))

it.each(Object.entries(rules))('a file %s', (_rule, keeps) => {
  expect([...files.values()].filter((file) => !keeps(file)).map(({ name }) => name)).toEqual([])
})

it('a folder of a room does not import itself in a circle of folders', () => {
  const named = [...folders.keys()].filter((folder) => folder !== undefined)
  expect(named.filter((folder) => foldersReached(folder).has(folder))).toEqual([])
})
