// The program from outside: settings it refuses, a start with nothing set, a kill, a stop, several at once, the demo.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { startEmbedded } from '../src/embedded/embedded.ts'
import { openLog } from '../src/log.ts'
import { startCollector } from './helper/collector.ts'
import { run as sql } from './helper/database-setup.ts'
import { emptyDatabase } from './helper/empty-database.ts'
import { shipped } from './helper/events.ts'
import { compile, olderNode, type Program, run } from './helper/process.ts'
import { signedApp } from './helper/signed.ts'
import { asServer, startTcpProxy } from './helper/tcp-proxy.ts'
import { startVendor } from './helper/vendor.ts'
import { type EventAudit, eventually, freshDatabase } from './helper/world.ts'

/** Each test starts whole services, with a database of their own where none is given. */
const slow = { timeout: 120_000 }

let folder: string
let programs: Program[]

beforeAll(compile)
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'posthorn-process-'))
  programs = []
})
afterEach(async () => {
  for (const { child } of programs) if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
  await Promise.all(programs.map((program) => program.ended))
  await rm(folder, { recursive: true, force: true })
})

function start(env: Record<string, string> = {}, args = ['start']): Program {
  const program = run(args, { PORT: '0', ...env }, folder)
  programs.push(program)
  return program
}

async function secrets(): Promise<{ apiKey: string; demoSecret: string; databasePassword: string }> {
  return JSON.parse(await readFile(path.join(folder, '.data/secrets.json'), 'utf8'))
}

/** The embedded database that an ended service has left in the folder. */
async function startOwnDatabase() {
  const { databasePassword: password } = await secrets()
  return startEmbedded({ dataDir: path.join(folder, '.data'), password, log: openLog('silent') })
}

async function post(url: string, id: string): Promise<{ id: string; duplicate: boolean }> {
  const { demoSecret } = await secrets()
  const { payload, headers } = signedApp(shipped(), { secret: demoSecret, id })
  const response = await fetch(`${url}/webhooks/apps/demo`, { method: 'POST', headers, body: payload })
  return (await response.json()) as { id: string; duplicate: boolean }
}

async function sent(url: string, id: string): Promise<EventAudit> {
  const { apiKey } = await secrets()
  return eventually(async () => {
    const response = await fetch(`${url}/v1/events/${id}`, { headers: { authorization: `Bearer ${apiKey}` } })
    const event = (await response.json()) as EventAudit
    return event.counts.sent === 2 ? event : null
  })
}

const older = olderNode()
if (!older) console.log('There is no Node older than 24 on the PATH, so that it is refused is not tried.')
it.skipIf(!older).each(['start', '--version'])('an older Node ends %s with one line and 78', async (command) => {
  const program = run([command], {}, folder, { node: older ?? '' })
  expect(await program.ended).toBe(78)
  expect(program.stderr()).toMatch(/^Posthorn requires Node 24; this is [^\n]*\n$/)
})

describe('wrong settings', slow, () => {
  it('end the start with 78 and a line a fault, all of them, without a secret’s value', async () => {
    const program = start({
      PORT: 'eighty',
      RESEND_API_KEY: 're_a_secret_value',
      EMAIL_PROVIDERS: 'pigeon',
      APP_WEBHOOK_SECRETS: 'shop=whsec_tooshort',
      RETENTION_DAYS: '-1',
    })
    expect(await program.ended).toBe(78)
    const lines = program.stderr().trim().split('\n')
    for (const name of ['PORT', 'EMAIL_FROM', 'EMAIL_PROVIDERS', 'APP_WEBHOOK_SECRETS', 'RETENTION_DAYS'])
      expect(
        lines.filter((line) => line.startsWith(name)),
        name,
      ).toHaveLength(1)
    expect(program.stderr()).not.toMatch(/re_a_secret_value|tooshort/)
    expect(await readdir(folder), 'and nothing was made').toEqual([])
  })

  it('that only show while it starts are named in what it says', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const database = await freshDatabase()
    const { port } = taken.address() as AddressInfo
    for (const [env, says] of [
      [{ PORT: String(port) }, `PORT ${port} cannot be listened on`],
      [{ HOST: '192.0.2.1' }, 'HOST 192.0.2.1 cannot be listened on'],
    ] as const) {
      const program = start({ DATABASE_URL: database.url, ...env })
      expect(await program.ended).toBe(1)
      expect(program.stderr()).toContain(says)
    }
    taken.close()
    await database.drop()
  })

  it('end it with 78 and one line where the database can never be used: one of a wrong password, one of another version', async () => {
    const refused = new URL(inject('serverUrl'))
    refused.password = 'a-wrong-one'
    const wrong = start({ DATABASE_URL: refused.href })
    expect(await wrong.ended).toBe(78)
    expect(wrong.stderr()).toMatch(/^DATABASE_URL .*: password authentication failed.*\n$/)
    expect(wrong.stderr()).not.toContain('a-wrong-one')

    expect(await start({}, ['migrate']).ended).toBe(0)
    const embedded = await startOwnDatabase()
    await sql(embedded.ownerUrl, `update posthorn.migrations set checksum = '' where name = '001-events.sql'`)
    await embedded.stop()
    for (const command of ['start', 'migrate']) {
      const other = start({}, [command])
      expect(await other.ended).toBe(78)
      expect(other.stderr()).toMatch(/^DATA_DIR .*another version of Posthorn .*\n$/)
      expect(other.stderr()).toContain(`remove the folder ${path.join(folder, '.data/postgres')} to begin`)
      expect(await readdir(path.join(folder, '.data/postgres')), 'Postgres has stopped').not.toContain('postmaster.pid')
    }
  })
})

describe('a database that is not Postgres', slow, () => {
  it.each(['start', 'migrate'])('ends `%s` with 78 and one line, before anything is made in it', async (command) => {
    const database = await emptyDatabase()
    const proxy = await startTcpProxy({ answers: asServer('CockroachDB CCL v26.1.2 (x86_64-pc-linux-gnu)') })
    const program = start({ DATABASE_URL: proxy.through(database.url), DATABASE_BACKEND: 'cockroachdb' }, [command])
    expect(await program.ended).toBe(78)
    expect(program.stderr()).toMatch(
      /^DATABASE_URL names a server of CockroachDB, which lacks [^\n]+ Use Postgres, or Citus\n$/,
    )
    await sql(database.url, 'create schema posthorn; create schema posthorn_jobs')
    await proxy.close()
    await database.drop()
  })
})

describe('with nothing set', slow, () => {
  it('it makes its database and keys, works, and SIGTERM stops it all with 0; a kill -9 loses nothing', async () => {
    const program = start()
    const url = await program.ready
    const { id } = await post(url, 'msg_1')
    await sent(url, id)
    program.child.kill('SIGTERM')
    expect(await program.ended).toBe(0)
    expect(await readdir(path.join(folder, '.data/postgres')), 'Postgres has stopped').not.toContain('postmaster.pid')

    const again = start()
    expect(await post(await again.ready, 'msg_1'), 'its data is there').toMatchObject({ id, duplicate: true })
    const { id: last } = await post(await again.ready, 'msg_2')
    again.child.kill('SIGKILL')
    await again.ended
    const afterKill = await start().ready
    expect(await post(afterKill, 'msg_2')).toMatchObject({ id: last, duplicate: true })
    await sent(afterKill, last)
  })

  it('SIGQUIT, SIGHUP and SIGINT stop it all with 0 as SIGTERM does', async () => {
    for (const signal of ['SIGQUIT', 'SIGHUP', 'SIGINT'] as const) {
      const program = start()
      await program.ready
      program.child.kill(signal)
      expect(await program.ended, signal).toBe(0)
      expect(program.stdout()).toContain(`"signal":"${signal}"`)
      expect(await readdir(path.join(folder, '.data/postgres')), 'Postgres has stopped').not.toContain('postmaster.pid')
    }
  })

  it('several processes start at once from one folder, on one database', async () => {
    const urls = await Promise.all([start().ready, start().ready, start({ POSTHORN_ROLES: 'worker' }).ready])
    const { id } = await post(urls[0] ?? '', 'msg_3')
    expect(await post(urls[1] ?? '', 'msg_3')).toMatchObject({ id, duplicate: true })
    await sent(urls[1] ?? '', id)
  })
})

describe('on a given database', slow, () => {
  it('one takes webhooks and another works them; an api alone leaves the work', async () => {
    const database = await freshDatabase()
    const env = { DATABASE_URL: database.url }
    const api = start({ ...env, POSTHORN_ROLES: 'api' })
    const url = await api.ready
    const { id } = await post(url, 'msg_4')
    const worker = start({ ...env, POSTHORN_ROLES: 'worker' })
    await worker.ready
    await sent(url, id)
    for (const program of [api, worker]) program.child.kill('SIGTERM')
    expect(await Promise.all([api.ended, worker.ended])).toEqual([0, 0])
    await database.drop()
  })

  it('SIGTERM ends it with 0 though somebody holds a connection that no request was sent on', async () => {
    const database = await freshDatabase()
    const api = start({ DATABASE_URL: database.url, POSTHORN_ROLES: 'api' })
    const { hostname, port } = new URL(await api.ready)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    socket.on('error', () => {})
    api.child.kill('SIGTERM')
    expect(await api.ended).toBe(0)
    await database.drop()
  })

  it('SIGTERM ends it with 0 within the grace though a request is not sent to its end', async () => {
    const database = await freshDatabase()
    const program = start({ DATABASE_URL: database.url, SHUTDOWN_GRACE_SECONDS: '4' })
    const { hostname, port } = new URL(await program.ready)
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {})
    await once(socket, 'connect')
    socket.write(
      'POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"ty',
    )
    await fetch(`${await program.ready}/healthz`)
    program.child.kill('SIGTERM')
    expect(await program.ended).toBe(0)
    await database.drop()
  })

  it('a signal that is repeated, as npm and a terminal repeat it, or that follows a closed terminal, changes nothing: the call in flight is finished', async () => {
    const answered = Promise.withResolvers<void>()
    const vendor = await startVendor({ status: 202, headers: { 'x-message-id': 'm-1' }, after: answered.promise })
    const program = start({ SENDGRID_API_KEY: 'SG.1', SENDGRID_BASE_URL: vendor.url, EMAIL_FROM: 'shop@example.com' })
    const { id } = await post(await program.ready, 'msg_signals')
    await vendor.waitForRequests(1)
    for (const signal of ['SIGHUP', 'SIGTERM', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGINT', 'SIGHUP'] as const) {
      program.child.kill(signal)
      await eventually(async () => program.stdout().includes('stop requested'))
    }
    answered.resolve()
    expect(await program.ended).toBe(0)
    expect(program.stdout()).toContain('"msg":"stopped"')
    expect(await readdir(path.join(folder, '.data/postgres')), 'Postgres has stopped').not.toContain('postmaster.pid')

    const again = start({ POSTHORN_ROLES: 'api' })
    const { apiKey } = await secrets()
    const answer = await fetch(`${await again.ready}/v1/events/${id}`, {
      headers: { authorization: `Bearer ${apiKey}` },
    })
    const { notifications } = (await answer.json()) as EventAudit
    expect(notifications.filter(({ channel }) => channel === 'email')).toMatchObject([{ state: 'sent' }])
    await vendor.close()
  })

  it('SIGTERM ends it with 0 while it waits for a database that does not answer', async () => {
    const silent = createServer((socket) => void socket.on('error', () => {})).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const program = start({ DATABASE_URL: `postgres://u:p@127.0.0.1:${port}/x`, SHUTDOWN_GRACE_SECONDS: '2' })
    await eventually(async () => program.stdout().includes('no database answers at DATABASE_URL'))
    program.child.kill('SIGTERM')
    expect(await program.ended).toBe(0)
    silent.close()
  })

  it('migrate brings the schema up to date and ends', async () => {
    const database = await freshDatabase()
    const program = start({ DATABASE_URL: database.url }, ['migrate'])
    expect(await program.ended).toBe(0)
    expect(program.stdout()).toContain('The schema is up to date.')
    await database.drop()
  })
})

describe('traces', slow, () => {
  /** Says on stderr what of OpenTelemetry the process loads; the package of metrics always loads its API. */
  const watched = {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`
      import { registerHooks } from 'node:module'
      registerHooks({
        load(url, context, next) {
          if (/@opentelemetry.(?!api.)/.test(url)) process.stderr.write('loaded ' + url + '\\n')
          return next(url, context)
        },
      })`)}`,
  }

  let database: Awaited<ReturnType<typeof freshDatabase>>
  beforeEach(async () => {
    database = await freshDatabase()
  })
  afterEach(() => database.drop())

  /** Starts it, has a webhook's messages sent, and stops it. */
  async function story(env: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
    const program = start({ ...watched, DATABASE_URL: database.url, ...env })
    const url = await program.ready
    await sent(url, (await post(url, 'msg_traced')).id)
    program.child.kill('SIGTERM')
    return { code: await program.ended, stderr: program.stderr() }
  }

  it('load nothing more where no collector is set', async () => {
    expect(await story({ OTEL_SERVICE_NAME: 'shop' })).toEqual({ code: 0, stderr: '' })
  })

  it('load the rest where one is set, and a SIGTERM sends it what is left', async () => {
    const collector = await startCollector()
    const { code, stderr } = await story({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
    expect(code).toBe(0)
    expect(stderr).toMatch(/^loaded file:.*@opentelemetry\/sdk-trace/m)
    const names = collector.spans().map(({ name }) => name)
    const steps = ['POST /webhooks/apps/:app', 'process plan', 'send sandbox', 'send sandbox']
    expect(names.toSorted()).toEqual(steps)
    await collector.close()
  })

  it('go to a collector that never answers, and neither messages nor a SIGTERM wait for it', async () => {
    const collector = await startCollector()
    collector.answer('nothing')
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, SHUTDOWN_GRACE_SECONDS: '4' }
    expect(await story(env)).toMatchObject({ code: 0 })
    expect(collector.requests.length).toBeGreaterThan(0)
    await collector.close()
  })
})

describe('the demo', slow, () => {
  it('shows webhooks in and notifications out, and ends with 0 when told to; what waits in the service’s own database stays there', async () => {
    const service = start({
      RESEND_API_KEY: 're_of_tests',
      EMAIL_FROM: 'shop@example.com',
      RESEND_BASE_URL: 'http://127.0.0.1:9',
    })
    const { id } = await post(await service.ready, 'before-the-demo')
    service.child.kill('SIGTERM')
    expect(await service.ended).toBe(0)

    const demo = start({}, ['demo', '--exit'])
    expect(await demo.ended).toBe(0)
    const shown = demo.stdout()
    expect(shown).toMatch(/POST \/webhooks\/stripe +200/)
    expect(shown).toMatch(/POST \/webhooks\/apps\/demo +401/)
    expect(shown).toContain('duplicate, not processed again')
    expect(shown.match(/The sandbox accepted it/g)).toHaveLength(7)
    expect(demo.stderr()).toBe('')
    expect(shown).toMatch(/^ {2}start it again +npm run demo/m)
    expect(shown, 'and nothing that a newcomer must wonder about').not.toContain('"level"')

    const embedded = await startOwnDatabase()
    const client = new pg.Client({ connectionString: embedded.ownerUrl })
    await client.connect()
    const { rows } = await client.query('select channel, provider from posthorn.notifications where event_id = $1', [
      id,
    ])
    await client.end()
    await embedded.stop()
    expect(rows.map(({ channel }) => channel).sort()).toEqual(['email', 'sms'])
    expect(rows.map(({ provider }) => provider)).not.toContain('sandbox')
  })

  it('calls nobody, whatever is set on this machine', async () => {
    const outside = await startVendor({ status: 200 })
    const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`
    const env = {
      STRIPE_API_KEY: 'rk_live_of_somebody',
      STRIPE_API_BASE: outside.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: outside.url,
      APP_WEBHOOK_SECRETS: `demo=${secret}`,
      APP_CALLBACKS: `demo=${outside.url}`,
      CALLBACKS_ALLOW_PRIVATE: 'true',
      EMAIL_FROM: 'shop@example.com',
      RESEND_API_KEY: 're_of_somebody',
      RESEND_BASE_URL: outside.url,
      PGSSLMODE: 'require',
    }
    const program = start(env, ['demo'])
    await eventually(async () => program.stdout().includes('Still running at'))
    const [url] = /http:\S+(?=\. Ctrl-C)/.exec(program.stdout()) ?? []
    const { apiKey } = await secrets()
    const answer = await fetch(`${url}/v1/notifications?channel=callback`, {
      headers: { authorization: `Bearer ${apiKey}` },
    })
    expect(await answer.json()).toMatchObject({ data: [] })
    program.child.kill('SIGTERM')
    expect(await program.ended).toBe(0)
    expect(outside.requests).toEqual([])
    await outside.close()
  })
})

describe('the command line', slow, () => {
  it('names its commands where it is given another', async () => {
    const program = start({}, ['fly'])
    expect(await program.ended).toBe(64)
    expect(program.stderr()).toMatch(
      /^Unknown command 'fly'\.\nCommands: start, migrate, demo, secrets, .*\bexplain\b.*\. /,
    )
  })

  it('without dist says in one line what compiles it', async () => {
    await mkdir(path.join(folder, 'tools'))
    const entry = path.join(folder, 'tools/posthorn.mjs')
    await copyFile(path.join(import.meta.dirname, '../tools/posthorn.mjs'), entry)
    const { status, stdout, stderr } = spawnSync(process.execPath, [entry, 'start'], { encoding: 'utf8' })
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^dist\/ is missing[^\n]*: npm run build compiles it, and so does npm ci\.\n$/)
  })

  it.skipIf(spawnSync('script', ['--version']).error)(
    'has colours on a terminal, and none in a pipe or with NO_COLOR',
    async () => {
      const piped = start({}, ['doctor'])
      await piped.ended
      expect(piped.stdout()).toContain('settings values')
      expect(piped.stdout()).not.toContain('\u001b')
      const onTerminal = (env: Record<string, string>) =>
        spawnSync('script', ['-qec', piped.child.spawnargs.join(' '), '/dev/null'], {
          cwd: folder,
          encoding: 'utf8',
          env: { PATH: process.env.PATH, TERM: 'xterm', PORT: '0', ...env },
        }).stdout
      expect(onTerminal({})).toContain('\u001b[32m')
      expect(onTerminal({ NO_COLOR: '1' })).toContain('settings values')
      expect(onTerminal({ NO_COLOR: '1' })).not.toContain('\u001b[3')
    },
  )
})
