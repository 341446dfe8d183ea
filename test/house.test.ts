// The house rules, read from the code's own imports: arrows point one way, each tool has its room,
// and a plug-in that is not registered is found, with the mend.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const root = path.join(import.meta.dirname, '..')

interface File {
  /** From the root, `src/http/server.ts`. */
  name: string
  text: string
  code: string
  /** Files of the project, from the root. */
  imports: string[]
  /** Of them, those that are more than types. */
  runs: string[]
  packages: string[]
}

const files = ['src', 'emails', 'bench']
  .flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
  )
  .filter((name) => /\.tsx?$/.test(name))
  .map(read)
const src = files.filter((file) => file.name.startsWith('src/'))

function read(name: string): File {
  const text = readFileSync(path.join(root, name), 'utf8')
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const named = [...code.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '')
  const imports = named.filter((to) => to.startsWith('.')).map((to) => path.join(path.dirname(name), to))
  const types = [...code.matchAll(/import type[^']*from\s*'(\.[^']+)'/g)].map((match) =>
    path.join(path.dirname(name), match[1] ?? ''),
  )
  const runs = imports.filter((to) => !types.includes(to))
  return { name, text, code, imports, runs, packages: named.filter((to) => !to.startsWith('.')) }
}

const inSrc = (name: string) => `src/${name}.ts`
const nouns = [
  'event',
  'attempt',
  'notification',
  'payment',
  'receipt',
  'refund',
  'reason',
  'next-step',
  'history',
  'rounds',
  'merge',
  'attribute',
  'circuit',
  'clock',
  'mask',
  'redact',
  'money',
  'intl',
  'local-time',
  'voice',
  'sms-text',
  'standard-webhook',
  'schedule',
  'package-root',
].map(inSrc)
const stages = [
  'accept',
  'look-up',
  'plan',
  'deliver',
  'record',
  'sweep',
  'retry',
  'cancel',
  'settle',
  'replay',
  'tell',
  'fire',
  'explain',
  'digest',
  'forget',
  'inbound',
  'consent',
].map(inSrc)
/** What several stages share. */
const parts = [
  'admit',
  'alert',
  'app-prospects',
  'assess',
  'compose',
  'ctx',
  'decide',
  'drafts',
  'effects',
  'health',
  'log',
  'outlook',
  'prospects',
  'rates',
  'secrets',
  'show-notification',
  'timeline',
  'timing',
  'unsubscribe-token',
].map(inSrc)
/** What calls the stages, beside http. A schedule's hour is a caller like a webhook. */
const above = ['main', 'start', 'assemble', 'run-schedule'].map(inSrc)
const isNoun = (name: string) => nouns.includes(name)
const within = (folder: string) => (name: string) => name.startsWith(`${folder}/`)

/** Files whose imports are not all allowed, as `from -> to`. */
function strays(of: (name: string) => boolean, allowed: (to: string, from: string) => boolean): string[] {
  return files
    .filter((file) => of(file.name))
    .flatMap((file) => file.imports.filter((to) => !allowed(to, file.name)).map((to) => `${file.name} -> ${to}`))
}

describe('arrows point one way', () => {
  it('each file at the top of src has one place', () => {
    const top = src.map((file) => file.name).filter((name) => path.dirname(name) === 'src')
    expect([...nouns, ...parts, ...stages, ...above, 'src/config/config.ts'].sort()).toEqual(top.sort())
  })

  it('nouns import nouns only', () => {
    expect(strays(isNoun, isNoun)).toEqual([])
  })

  it('a plug-in imports its contract, its own parts, nouns and the types of the settings', () => {
    for (const folder of ['src/providers', 'src/sources', 'src/notifiers'])
      expect(
        strays(
          within(folder),
          (to) =>
            within(folder)(to) ||
            isNoun(to) ||
            to === 'src/config/config.ts' ||
            (folder === 'src/notifiers' && within('emails')(to)),
        ),
      ).toEqual([])
  })

  it('no plug-in imports another plug-in', () => {
    const isPlugIn = ({ name, code }: File) =>
      /defineProvider|default defineNotifier/.test(code) && !name.endsWith('/define-provider.ts')
    const plugIns = new Set([
      ...src.filter(isPlugIn).map((file) => file.name),
      'src/sources/stripe/stripe.ts',
      'src/sources/razorpay/razorpay.ts',
      'src/sources/app/app.ts',
    ])
    expect(plugIns.size).toBeGreaterThanOrEqual(13)
    expect(
      strays(
        (name) => plugIns.has(name),
        (to) => !plugIns.has(to),
      ),
    ).toEqual([])
  })

  it('the store imports nouns and itself', () => {
    expect(strays(within('src/store'), (to) => within('src/store')(to) || isNoun(to))).toEqual([])
  })

  it('a stage never imports another stage, nor what calls it; what stages share imports neither', () => {
    const isBelow = (to: string) =>
      !stages.includes(to) && !above.includes(to) && !within('src/http')(to) && !within('src/cli')(to)
    expect(strays((name) => stages.includes(name) || parts.includes(name), isBelow)).toEqual([])
  })

  it('http imports stages and below, never what starts it', () => {
    expect(
      strays(
        within('src/http'),
        (to) => !['src/start.ts', 'src/main.ts', 'src/create-context.ts'].includes(to) && !within('src/cli')(to),
      ),
    ).toEqual([])
  })

  it('emails know nothing of src', () => {
    expect(strays(within('emails'), within('emails'))).toEqual([])
  })

  it('nothing runs in a circle', () => {
    const circles: string[] = []
    const done = new Set<string>()
    const walk = (name: string, trail: string[]) => {
      if (trail.includes(name)) circles.push([...trail.slice(trail.indexOf(name)), name].join(' -> '))
      if (done.has(name) || trail.includes(name)) return
      for (const to of files.find((file) => file.name === name)?.runs ?? []) walk(to, [...trail, name])
      done.add(name)
    }
    for (const file of files) walk(file.name, [])
    expect(circles).toEqual([])
  })
})

describe('each tool has its room', () => {
  const outside = (rooms: RegExp, found: (file: File) => boolean) =>
    src.filter((file) => !rooms.test(file.name) && found(file)).map((file) => file.name)

  it('SQL stands in store/ (and sql/)', () => {
    const sql =
      /['"`]\s*(select\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|create\s+(table|index|schema|database)\s|alter\s|truncate\s)/i
    expect(outside(/^src\/store\//, (file) => sql.test(file.code))).toEqual([])
  })
  it('process.env is read in config.ts', () => {
    expect(outside(/^src\/config\.ts$/, (file) => /process\s*\.\s*env\b/.test(file.code))).toEqual([])
  })
  it('fastify is known in http/', () => {
    expect(outside(/^src\/http\//, (file) => file.packages.some((name) => /^(@?fastify)/.test(name)))).toEqual([])
  })
  it('pg-boss is known in store/jobs.ts', () => {
    expect(outside(/^src\/store\/jobs\.ts$/, (file) => file.packages.includes('pg-boss'))).toEqual([])
  })
  it('Postgres is known in store/', () => {
    expect(outside(/^src\/store\//, (file) => file.packages.includes('pg'))).toEqual([])
  })
  it('the time is read in clock.ts', () => {
    expect(outside(/^src\/clock\.ts$/, (file) => /\bDate\.now\(\)|new Date\(\)/.test(file.code))).toEqual([])
  })
})

describe('plug-ins are registered', () => {
  it.each(plugIns('notifiers', /^(_.*|index|notifier)\.ts$/))('notifiers/%s', (name) => {
    expect(registered('notifiers'), `add it to src/notifiers/index.ts: import it there and list it`).toContain(
      `src/notifiers/${name}`,
    )
    // Who tells apps alone, or nobody, has no words.
    const code = readFileSync(path.join(root, 'src/notifiers', name), 'utf8')
    if (!/^ {2}(email|sms):/m.test(code)) return
    const email = name.replace(/\.ts$/, '.tsx')
    expect(readdirSync(path.join(root, 'emails')), `a notifier has its words in emails/${email}`).toContain(email)
  })

  it.each(
    src
      .filter(
        (file) =>
          within('src/providers')(file.name) &&
          /defineProvider<?/.test(file.code) &&
          !file.name.endsWith('define-provider.ts'),
      )
      .map((file) => file.name),
  )('%s', (name) => {
    expect(registered('providers'), 'add it to src/providers/index.ts: one line in `makers`').toContain(name)
  })
})

describe('files', () => {
  it.each(files.map((file) => [file.name, file] as const))('%s begins with what it is for', (_name, file) => {
    expect(file.text).toMatch(/^\/\/ \S.{20,}/)
  })

  /** What is longer than 200 lines, and why it stays whole. */
  const defended: Record<string, string> = {
    'src/config/config.ts': 'every setting of the contract, once, in its order',
    'src/embedded/embedded.ts': 'one story: adopt, start, watch and leave a server that several processes share',
  }
  it('past 200 lines defend themselves', () => {
    const long = files.filter((file) => file.text.split('\n').length > 201).map((file) => file.name)
    expect(long.filter((name) => !(name in defended))).toEqual([])
  })
})

function plugIns(folder: string, not: RegExp): string[] {
  return readdirSync(path.join(root, 'src', folder)).filter((name) => !not.test(name))
}

function registered(folder: string): string[] {
  return files.find((file) => file.name === `src/${folder}/index.ts`)?.imports ?? []
}
