// `npm run dev`: a change of a source, an email, an asset or the schema restarts the service with it, which shows an email as it
// is edited.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { signedIn } from './helper/visitor.ts'
import { eventually, freshDatabase } from './helper/world.ts'

const root = path.join(import.meta.dirname, '..')

let folder: string
let child: ChildProcess
let said: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'posthorn-dev-'))
  await mkdir(path.join(folder, 'tools'))
  await cp(path.join(root, 'tools/dev.mjs'), path.join(folder, 'tools/dev.mjs'))
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
})
afterEach(async () => {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM')
    await once(child, 'close')
  }
  await rm(folder, { recursive: true, force: true })
})

function dev(env: Record<string, string> = {}): void {
  said = ''
  child = spawn(process.execPath, ['tools/dev.mjs'], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
}

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
    await writeFile(path.join(folder, name), text)
  }
}

/** A program that says at its start what it was made of. */
const program = {
  'src/main.ts': `
    import { readFileSync } from 'node:fs'
    import { email } from '../emails/one.ts'
    const source: string = 'src 1'
    const files = ['assets/note', 'sql/note'].map((file) => readFileSync(file, 'utf8'))
    process.on('SIGTERM', () => process.exit(0))
    setInterval(() => {}, 60_000)
    console.log('started with ' + [source, email, ...files].join(', ') + ';')`,
  'emails/one.ts': `export const email = 'email 1'`,
  'clients/one.ts': 'export {}',
  'assets/note': 'asset 1',
  'sql/note': 'sql 1',
  'package.json': '{ "type": "module" }',
  'tsconfig.build.json': JSON.stringify({
    compilerOptions: {
      ...{ target: 'es2024', module: 'nodenext', types: ['node'], strict: true, rootDir: '.', outDir: 'dist' },
      rewriteRelativeImportExtensions: true,
    },
    include: ['src', 'emails', 'clients'],
  }),
}
const source = (text: string) => ({ 'src/main.ts': program['src/main.ts'].replace("'src 1'", text) })

it('each change restarts the program with what it is made of then', { timeout: 120_000 }, async () => {
  await write(program)
  dev()
  const shows = (text: string) => eventually(async () => said.includes(text))
  await shows('started with src 1, email 1, asset 1, sql 1;')
  await write(source("'src 2'"))
  await shows('started with src 2, email 1, asset 1, sql 1;')
  await write({ 'emails/one.ts': `export const email = 'email 2'` })
  await shows('started with src 2, email 2, asset 1, sql 1;')
  await write({ 'assets/note': 'asset 2' })
  await shows('started with src 2, email 2, asset 2, sql 1;')
  await write({ 'sql/note': 'sql 2' })
  await shows('started with src 2, email 2, asset 2, sql 2;')
  // What the types have against it is said, and does not keep it waiting.
  await write(source('3'))
  await shows('started with 3, email 2, asset 2, sql 2;')
  await shows('TS2322')
  // The one before goes on.
  await write(source('4 +'))
  await shows('It does not compile: it is tried again after the next change.')
  expect(said).not.toContain('The service ended')
  await write(source('process.argv[5] ?? process.exit(78)'))
  await shows('The service ended with 78: it is started again after the next change.')
  await write(source("'src 5'"))
  await shows('started with src 5, email 2, asset 2, sql 2;')
  child.kill('SIGTERM')
  expect(await once(child, 'close')).toEqual([0, null])
})

/** Types whose check takes minutes. */
const slowTypes = [
  "type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9'",
  ['type N = `', '{Digit}', '{Digit}', '{Digit}', '{Digit}`'].join('$'),
  ['type Turned<T> = T extends `', '{infer A}', '{infer B}` ? Extract<N, `', '{B}', '{A}`> : never'].join('$'),
  ...Array.from({ length: 40 }, (_, i) => `export const c${i}: { [K in N as \`${i}\${K}\`]: Turned<K> }[N] = '0'`),
].join('\n')

const ticksPerSecond = 100

/** Whether the compiler has been at the types for a second. */
async function checksTypes(): Promise<boolean> {
  const read = (id: string, what: string) => readFile(`/proc/${id}/${what}`, 'utf8').catch(() => '')
  for (const id of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const stat = await read(id, 'stat')
    // After the name, which may hold anything.
    const [, , parent, ...more] = stat.slice(stat.lastIndexOf(')')).split(' ')
    const isOurs = Number(parent) === child.pid && Number(more[9]) > ticksPerSecond
    if (isOurs && (await read(id, 'cmdline')).includes('--noEmit')) return true
  }
  return false
}

it.skipIf(!existsSync('/proc/self/stat'))(
  'it ends at once while the types are checked',
  { timeout: 120_000 },
  async () => {
    await write({ ...program, 'src/slow-types.ts': slowTypes })
    dev()
    await eventually(async () => said.includes('started with'))
    await eventually(checksTypes)
    child.kill('SIGTERM')
    expect(await once(child, 'close')).toEqual([0, null])
  },
)

it('the dashboard shows an email as it is edited', { timeout: 120_000 }, async () => {
  const parts = [
    'assets',
    'bench',
    'clients',
    'emails',
    'sql',
    'src',
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
  ]
  for (const one of parts) await cp(path.join(root, one), path.join(folder, one), { recursive: true })
  // Its types are checked elsewhere, and that takes far longer than all else here.
  const settings = JSON.parse(await readFile(path.join(folder, 'tsconfig.build.json'), 'utf8'))
  settings.compilerOptions.noCheck = true
  await write({ 'tsconfig.build.json': JSON.stringify(settings) })
  const database = await freshDatabase()
  const key = 'operator-key-of-developers'
  dev({ PORT: '0', DATABASE_URL: database.url, DATA_DIR: path.join(folder, 'data'), API_KEYS: `ops:operator:${key}` })
  const urls = () => [...said.matchAll(/ready at (http:\S+)/g)].map(([, url = '']) => url)
  /** Where the newest start listens. */
  const service = {
    get url() {
      return urls().at(-1) ?? ''
    },
  }
  await eventually(async () => urls().length === 1)
  const developer = await signedIn(service, key)
  const email = async () => (await developer.get('/dashboard/notifiers/order-shipped/email')).text
  expect(await email()).toContain('ORD-1001')
  const file = path.join(folder, 'emails/order-shipped.tsx')
  const edited = (await readFile(file, 'utf8')).replace("['order', orderNumber]", "['order', 'No. ' + orderNumber]")
  await writeFile(file, edited)
  await eventually(async () => (await email()).includes('No. ORD-1001'))
  child.kill('SIGTERM')
  expect(await once(child, 'close')).toEqual([0, null])
  await database.drop()
})
