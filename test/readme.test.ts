// The snippets of the README and the pages in docs are run against a running service, and the recipes are compiled into a copy of the
// checkout and used, so that the documentation stays true.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { notifiers } from '../src/notifiers/index.ts'
import { signedApp } from './helper/signed.ts'
import { startVendor } from './helper/vendor.ts'
import { type EventAudit, eventually, freshDatabase, keys, shopSecret, startWorld, type World } from './helper/world.ts'

const root = path.join(import.meta.dirname, '..')
const docs = readdirSync(path.join(root, 'docs')).filter((name) => name.endsWith('.md'))
const pages = ['README.md', ...docs.map((name) => `docs/${name}`)]
const readme = pages.map((name) => readFileSync(path.join(root, name), 'utf8')).join('\n')

interface Block {
  use: string
  what: string
  code: string
}

/** The fenced blocks that a comment before them marks: `run: sh`, `file: src/x.ts`, `diff: src/y.ts`. */
const blocks: Block[] = [...readme.matchAll(/<!-- (run|file|diff): (\S+) -->\n```\w+\n([\s\S]*?)\n```/g)].map(
  ([, use = '', what = '', code = '']) => ({ use, what, code }),
)
const marked = (use: string, what?: string) => blocks.filter((b) => b.use === use && (!what || b.what === what))
const files = marked('file')

/** How each language of a snippet that sends an event is run; `needs` are the programs that this machine may lack. */
const runners: Record<string, { needs: string[]; command: string[]; stdin?: boolean; file?: string }> = {
  sh: { needs: ['curl', 'openssl'], command: ['sh', '-ec'] },
  node: { needs: [], command: [process.execPath, '--input-type=module', '-e'] },
  python3: { needs: ['python3'], command: ['python3', '-c'] },
  php: { needs: ['php'], command: ['php'], stdin: true },
  ruby: { needs: ['ruby'], command: ['ruby', '-e'] },
  go: { needs: ['go'], command: ['go', 'run'], file: 'send.go' },
  java: { needs: ['java'], command: ['java'], file: 'SendEvent.java' },
}

const versionFlag = (program: string) => (['openssl', 'go'].includes(program) ? 'version' : '--version')
const isThere = (program: string) => spawnSync(program, [versionFlag(program)]).status === 0

/** What curl and Python would take a proxy for, if this machine has one. */
const direct = { no_proxy: '127.0.0.1', NO_PROXY: '127.0.0.1' }

/** Runs a snippet in the checkout, as a reader would, and answers what it printed. */
async function run(
  { what, code }: Block,
  env: Record<string, string>,
  { cwd = root }: { cwd?: string } = {},
): Promise<string> {
  const { command, stdin, file } = runners[what] ?? { command: ['sh', '-ec'] }
  const [program = '', ...args] = command
  const saved = file && path.join(mkdtempSync(path.join(tmpdir(), 'snippet-')), file)
  if (saved) writeFileSync(saved, code)
  const given = stdin ? args : [...args, saved ?? code]
  const child = spawn(program, given, { cwd, env: { ...process.env, ...direct, ...env } })
  child.stdin.end(stdin ? code : '')
  let printed = ''
  let complaints = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  child.stderr.on('data', (chunk) => {
    complaints += chunk
  })
  const [status] = await once(child, 'close')
  if (saved) rmSync(path.dirname(saved), { recursive: true })
  if (status !== 0) throw new Error(`it ended with ${status}: ${complaints}`)
  return printed
}

describe('the snippets', () => {
  let world: World
  let env: Record<string, string>

  beforeAll(async () => {
    world = await startWorld({ env: { APP_WEBHOOK_SECRETS: `demo=${shopSecret}` } })
    env = { URL: world.url, SECRET: shopSecret, KEY: keys.operator }
  })
  afterAll(() => world.stop())

  const senders = blocks.filter(({ use, what }) => use === 'run' && what in runners)
  it('are there in each language', () => {
    expect(senders.map(({ what }) => what)).toEqual(['sh', 'node', 'python3', 'php', 'ruby', 'go', 'java', 'sh'])
  })

  it.for(senders.map((block) => ({ ...block, title: `${block.what}, ${block.code.match(/\w+-ORD-\d+/)?.[0]}` })))(
    'sends an event that is accepted and goes out: $title',
    async (block, { skip }) => {
      const missing = runners[block.what]?.needs.filter((program) => !isThere(program)) ?? []
      if (missing.length > 0) skip(`${missing.join(', ')} is not installed here`)
      const answer = JSON.parse(await run(block, env))
      expect(answer).toEqual({ id: expect.any(String), duplicate: false, status: 'accepted' })
      const { notifications } = await world.event(answer.id)
      expect(notifications.map(({ channel, state }) => `${channel} ${state}`)).toContain('email sent')
    },
  )

  /** What the one snippet of this name prints. */
  async function printedBy(name: string, more: Record<string, string> = {}): Promise<string> {
    const [block, ...others] = marked('run', name)
    if (!block || others.length > 0) throw new Error(`there must be one snippet named ${name}`)
    return run(block, { ...env, ...more })
  }

  it('that call the service are all run', () => {
    const ran = blocks.map(({ code }) => code)
    const calling = [...readme.matchAll(/```sh\n([\s\S]*?)\n```/g)].map(([, code = '']) => code)
    expect(calling.filter((code) => /\bcurl\b/.test(code) && !ran.includes(code))).toEqual([])
  })

  it('that asks what became of an order finds its notifications', async ({ skip }) => {
    if (!isThere('curl')) skip('curl is not installed here')
    const sent = await world.send('/v1/events', shippedBody, bearer(keys.producer))
    const event = await world.event(sent.body.id)
    const found = JSON.parse(await printedBy('first-question')) as { data: { id: string }[] }
    expect(found.data.map(({ id }) => id)).toEqual(expect.arrayContaining(event.notifications.map(({ id }) => id)))
  })

  it('that asks gets an answer to each question', async ({ skip }) => {
    if (!isThere('curl')) skip('curl is not installed here')
    const sent = await world.send('/v1/events', shippedBody, bearer(keys.producer))
    const event = await world.event(sent.body.id)
    const printed = await printedBy('questions')
    const [ofOrder, ofPerson, inDoubt, givenUp, one, failed, whole, kinds, ...preview] = printed.trimEnd().split('\n')
    const answered = (line = '') => JSON.parse(line)
    expect(answered(ofOrder).data).toContainEqual(expect.objectContaining({ reference: 'ORD-1001' }))
    expect(answered(ofPerson).data).toContainEqual(expect.objectContaining({ channel: 'sms', to: '+14155550123' }))
    expect(answered(inDoubt).data).toEqual([])
    expect(answered(givenUp).data).toEqual([])
    expect(event.notifications.map(({ id }) => id)).toContain(answered(one).id)
    expect(answered(one)).toMatchObject({ attempts: [{ number: 1 }], message: expect.anything() })
    expect(answered(failed).data).toEqual([])
    expect(answered(whole)).toMatchObject({ id: event.id, body: shippedBody })
    expect(answered(kinds).data.length).toBe(notifiers.length)
    expect(preview.join('\n')).toContain('ORD-1001 has shipped')
  })

  it('that acts counts first, replays one event, and runs through a window', async ({ skip }) => {
    if (!isThere('curl')) skip('curl is not installed here')
    const sent = await world.send('/v1/events', shippedBody, bearer(keys.producer))
    const event = await world.event(sent.body.id, ({ counts }) => counts.sent === 2)
    const printed = await printedBy('acts', { EVENT: event.id })
    const [cancellation, settlement, replay, planned, attempted] = printed
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(cancellation).toEqual({ matched: 0, cancelled: 0, timers: 0, planning: 0, dryRun: true })
    expect(settlement).toEqual({ matched: 0, settled: 0, dryRun: true })
    expect(replay).toMatchObject({ id: event.id, counts: { willSend: 0, alreadySent: 2 } })
    expect(planned).toMatchObject({ dryRun: true, plan: { wouldSend: 0 } })
    expect(attempted).toMatchObject({ id: expect.any(String), plan: planned.plan })
  })

  it('that changes wording drafts it, previews it, publishes it, and reverts it', async ({ skip }) => {
    if (!isThere('curl')) skip('curl is not installed here')
    const printed = await printedBy('words')
    const [drafted, ...rest] = printed.trimEnd().split('\n')
    const [published, reverted] = rest.slice(-2)
    expect(JSON.parse(drafted ?? '')).toMatchObject({ draft: { faults: [] }, published: null })
    expect(rest.slice(0, -2).join('\n')).toContain('Su pedido ORD-1001 ya salió')
    expect(JSON.parse(published ?? '')).toMatchObject({ published: { version: 1 }, draft: null })
    expect(JSON.parse(reverted ?? '')).toMatchObject({ published: null, versions: [{ state: 'reverted' }] })
  })

  it('that shows and pauses providers pauses one and resumes it', async ({ skip }) => {
    if (!isThere('curl')) skip('curl is not installed here')
    const [shown, paused, resumed] = (await printedBy('providers')).trimEnd().split('\n')
    expect(JSON.parse(shown ?? '').data).toContainEqual(expect.objectContaining({ name: 'sandbox', paused: null }))
    expect(JSON.parse(paused ?? '')).toMatchObject({ name: 'sandbox', paused: { at: expect.any(String) } })
    expect(JSON.parse(resumed ?? '')).toMatchObject({ name: 'sandbox', paused: null })
  })

  it('that sets a preference answers what holds', async ({ skip }) => {
    if (!isThere('curl')) skip('curl is not installed here')
    expect(JSON.parse(await printedBy('preferences'))).toEqual({ product: { email: false, sms: true } })
  })

  it('that suppresses an address shows it and lifts it', async ({ skip }) => {
    if (!isThere('curl')) skip('curl is not installed here')
    const [put, shown, removed] = (await printedBy('suppressions')).split('\n')
    expect(JSON.parse(put ?? '')).toMatchObject({ address: 'grace@example.com', reason: 'asked on the phone' })
    expect(JSON.parse(shown ?? '')).toEqual(JSON.parse(put ?? ''))
    expect(removed).toBe('')
  })

  it('name every call of the API, and no other', async () => {
    const { paths } = (await (await fetch(`${world.url}/openapi.json`)).json()) as { paths: Record<string, object> }
    const described = Object.entries(paths).flatMap(([url, calls]) =>
      Object.keys(calls).map((method) => `${method.toUpperCase()} ${url}`),
    )
    const api = readFileSync(path.join(root, 'docs/api.md'), 'utf8')
    const named = [...api.matchAll(/`((?:GET|POST|PUT|DELETE) \/[^`?\s]*)`/g)].map((match) => match[1] ?? '')
    expect(described).not.toEqual([])
    expect([...new Set(named)].sort()).toEqual(described.sort())
  })
})

const shippedBody = JSON.stringify({
  type: 'order.shipped',
  recipient: { id: 'cus_42', email: 'ada@example.com', phone: '+14155550123' },
  data: { orderNumber: 'ORD-1001', carrier: 'DHL', trackingNumber: 'JD014600' },
  reference: 'ORD-1001',
})
const bearer = (key: string) => ({ authorization: `Bearer ${key}`, 'content-type': 'application/json' })

describe('the recipes, in a copy of the checkout', () => {
  const copy = mkdtempSync(path.join(tmpdir(), 'posthorn-readme-'))
  const ofOrderReady = 'src/notifiers/order-ready.ts'

  beforeAll(() => {
    for (const name of [
      'src',
      'emails',
      'clients',
      'sql',
      'assets',
      'tools/posthorn.mjs',
      'package.json',
      'tsconfig.json',
      'tsconfig.build.json',
    ])
      cpSync(path.join(root, name), path.join(copy, name), { recursive: true })
    symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'))
    for (const { what, code } of files) {
      mkdirSync(path.dirname(path.join(copy, what)), { recursive: true })
      writeFileSync(path.join(copy, what), `${code}\n`)
    }
    for (const { what, code } of marked('diff')) if (what !== ofOrderReady) change(path.join(copy, what), code)
    build()
  })
  afterAll(() => rmSync(copy, { recursive: true, force: true }))

  function build(): void {
    const compiler = path.join(root, 'node_modules/typescript/bin/tsc')
    // The second time, only what has changed is compiled.
    const options = ['-p', 'tsconfig.build.json', '--incremental', '--tsBuildInfoFile', 'dist/.tsbuildinfo']
    const built = spawnSync(process.execPath, [compiler, ...options], { cwd: copy, encoding: 'utf8' })
    const recipes = [...files, ...marked('diff')].map(({ what }) => what)
    expect(built.stdout.split('\n').filter((fault) => recipes.some((file) => fault.startsWith(file)))).toEqual([])
  }

  /** Starts the service of the copy with these settings and no others, for as long as `use` takes. */
  async function withService(settings: Record<string, string>, use: (url: string) => Promise<void>): Promise<void> {
    const database = await freshDatabase()
    const env = serviceEnv({ DATABASE_URL: database.url, DATA_DIR: path.join(copy, 'data'), ...settings })
    const service = spawn(process.execPath, ['dist/src/main.js', 'start'], {
      cwd: copy,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      await use(await readyAt(service.stdout))
    } finally {
      service.kill('SIGTERM')
      if (service.exitCode === null) await once(service, 'exit')
      await database.drop()
    }
  }

  /** The event, once `done` says so. */
  const eventAt = (url: string, id: string, done: (event: EventAudit) => boolean) =>
    eventually(async () => {
      const answer = await fetch(`${url}/v1/events/${id}`, { headers: bearer(keys.operator) })
      const seen = (await answer.json()) as EventAudit
      return done(seen) && seen
    })

  /** Sends an order.ready to the service of the copy, which notifies by email and SMS; returns the email's text. */
  async function orderReady(url: string): Promise<string> {
    const recipient = { email: 'ada@example.com', phone: '+14155550123' }
    const body = {
      type: 'order.ready',
      recipient,
      data: { orderNumber: 'ORD-1', place: 'Bristol', until: '2026-11-28' },
    }
    const headers = bearer(keys.operator)
    const sent = await fetch(`${url}/v1/events`, { method: 'POST', headers, body: JSON.stringify(body) })
    const { id } = (await sent.json()) as { id: string }
    const event = await eventAt(url, id, ({ counts }) => counts.sent === 2)
    expect(event.notifications.map(({ notifier }) => notifier)).toEqual(['order-ready', 'order-ready'])
    const email = event.notifications.find(({ channel }) => channel === 'email')
    const answer = await fetch(`${url}/v1/notifications/${email?.id}?include=message`, { headers })
    const { message } = (await answer.json()) as { message: { text: string } }
    return message.text
  }

  it('a new notification, which is one file and its entry in the list, is sent by email and SMS', () =>
    withService({}, async (url) => {
      const text = await orderReady(url)
      expect(text).toContain('ORD-1 is ready at Bristol.')
      expect(text).not.toContain('Until')
    }))

  describe('a layout of its own', () => {
    beforeAll(() => {
      for (const { code } of marked('diff', ofOrderReady)) change(path.join(copy, ofOrderReady), code)
      build()
    })

    it('is drawn once the notifier names it', () =>
      withService({}, async (url) => expect(await orderReady(url)).toContain('Until: November 28, 2026')))
  })

  it('a new provider, the only one there is, carries what a signed event brings about', async () => {
    const pigeon = await startVendor({ json: { id: 'coo-1' } })
    const settings = { PIGEON_API_KEY: 'key-of-pigeon', PIGEON_BASE_URL: pigeon.url }
    await withService({ ...settings, APP_WEBHOOK_SECRETS: `shop=${shopSecret}` }, async (url) => {
      const { payload, headers } = signedApp(JSON.parse(shippedBody), { secret: shopSecret })
      const sent = await fetch(`${url}/webhooks/apps/shop`, { method: 'POST', headers, body: new Uint8Array(payload) })
      const { id } = (await sent.json()) as { id: string }
      const [request] = await pigeon.waitForRequests(1)
      expect(request).toMatchObject({ path: '/messages', headers: { authorization: 'Bearer key-of-pigeon' } })
      expect(request?.json()).toMatchObject({ to: '+14155550123', text: expect.stringContaining('ORD-1001') })
      const event = await eventAt(url, id, ({ counts }) => counts.sent === 1)
      // No provider carries email then, and the sandbox must not seem to.
      expect(event.notifications.map(({ channel, state, provider }) => ({ channel, state, provider }))).toEqual(
        expect.arrayContaining([
          { channel: 'sms', state: 'sent', provider: 'pigeon' },
          { channel: 'email', state: 'suppressed', provider: null },
        ]),
      )
    })
    await pigeon.close()
  })

  it('a new source takes a webhook that is signed as its recipe says, and people are notified', async ({ skip }) => {
    if (!isThere('curl') || !isThere('openssl')) skip('curl or openssl is not installed here')
    const [signed] = marked('run', 'source')
    if (!signed) throw new Error('the recipe of a source signs no webhook')
    const secret = { ACMEPAY_WEBHOOK_SECRET: 'secret-of-acmepay' }
    await withService(secret, async (url) => {
      const answer = JSON.parse(await run(signed, { URL: url, ...secret }))
      expect(answer).toEqual({ id: expect.any(String), duplicate: false, status: 'accepted' })
      const event = await eventAt(url, answer.id, ({ counts }) => counts.sent === 1)
      expect(event).toMatchObject({ source: 'acmepay', type: 'payment.received', reference: 'ORD-1001' })
      expect(event.notifications).toContainEqual(
        expect.objectContaining({ notifier: 'payment-received', to: 'ada@example.com', provider: 'sandbox' }),
      )
      expect(JSON.parse(await run(signed, { URL: url, ACMEPAY_WEBHOOK_SECRET: 'another' }))).toMatchObject({
        status: 401,
      })
    })
  })

  it('the secrets of the examples are found as the README says', async () => {
    const [secrets] = marked('run', 'secrets')
    if (!secrets) throw new Error('the README does not say where the secrets are')
    const show = { ...secrets, code: `${secrets.code}\necho "$URL $SECRET $KEY"` }
    const printed = await run(
      show,
      { DATA_DIR: path.join(copy, 'secrets'), API_KEYS: '', APP_WEBHOOK_SECRETS: '' },
      { cwd: copy },
    )
    expect(printed).toMatch(/^http:\/\/127\.0\.0\.1:3000 whsec_\S+ phk_\S+\n$/)
  })
})

/** Makes a diff's change: imports go before the others; other new lines behind, or instead of, those that stand before them. */
function change(file: string, diff: string): void {
  const lines = diff.split('\n').map((line) => ({ sign: line.charAt(0), text: `${line.slice(1)}\n` }))
  const isImport = (line: string) => line.startsWith('import ')
  const added = lines.flatMap(({ sign, text }) => (sign === '+' ? [text] : []))
  const linesBefore = lines.filter(({ sign }) => sign !== '+')
  const place = linesBefore.map(({ text }) => text).join('')
  const kept = linesBefore.flatMap(({ sign, text }) => (sign === '-' ? [] : [text])).join('')
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(place)
  const changed = text.replace(place, () => `${kept}${added.filter((line) => !isImport(line)).join('')}`)
  writeFileSync(file, changed.replace(/^import /m, `${added.filter(isImport).join('')}import `))
}

/** What a service of the copy needs, and nothing that this machine has set for another. */
function serviceEnv(env: Record<string, string>): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env
  return { PATH, HOME, PORT: '0', API_KEYS: `backend:operator:${keys.operator}`, ...env }
}

async function readyAt(stdout: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stdout })) {
    const ready = /^Posthorn is ready at (\S+)$/.exec(line)
    if (ready?.[1]) {
      stdout.resume()
      return ready[1]
    }
  }
  throw new Error('the service ended before it was ready')
}
