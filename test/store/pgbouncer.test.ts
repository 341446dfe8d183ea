// PgBouncer itself in front of Postgres, where it is installed: it does not keep our sessions or their options, and is refused at
// the start, unless it keeps the sessions and the database itself has the options.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { describe, expect, inject, it } from 'vitest'
import { freePort } from '../../src/embedded/cluster.ts'
import { isUnusable } from '../../src/store/unusable.ts'
import { waitForDatabase } from '../../src/store/wait-for-database.ts'
import { run } from '../helper/database-setup.ts'
import { emptyDatabase, failureOf } from '../helper/empty-database.ts'
import { eventually } from '../helper/world.ts'

const program = '/usr/sbin/pgbouncer'
const isInstalled = existsSync(program)

/** A URL of the database through a PgBouncer of its own. */
async function startPgBouncer(
  cleanup: AsyncDisposableStack,
  databaseUrl: string,
  mode: string,
  setting: string,
): Promise<string> {
  const server = new URL(databaseUrl)
  const folder = await mkdtemp(path.join(tmpdir(), 'posthorn-pgbouncer-'))
  cleanup.defer(() => rm(folder, { recursive: true }))
  await chmod(folder, 0o755)
  const port = await freePort()
  const target = `host=${server.hostname} port=${server.port} user=${server.username} password=${decodeURIComponent(server.password)}`
  const config = path.join(folder, 'pgbouncer.ini')
  await writeFile(
    config,
    `[databases]\n* = ${target}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =
auth_type = any\npool_mode = ${mode}\n${setting}\n`,
  )
  // It refuses to run as root.
  const user = process.geteuid?.() === 0 ? ['-u', 'nobody'] : []
  const child = spawn(program, [...user, config], { stdio: 'ignore' })
  cleanup.defer(async () => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  })
  const url = `postgres://anybody@127.0.0.1:${port}${server.pathname}`
  await eventually(async () => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.end()
    return true
  })
  return url
}

const refusal = (fault: string) =>
  `DATABASE_URL names a connection pooler that does not ${fault}: use the address of Postgres itself`
const noOptions = refusal('pass on the options of a session, such as PgBouncer in transaction or session mode')
const noSessions = refusal('keep one session for each connection, such as PgBouncer in transaction mode')
const ignoring = 'ignore_startup_parameters = options'
const check = (url: string) => waitForDatabase(url, { withinMs: 0, log: { warn: () => {} } })

it.skipIf(!isInstalled).each([
  ['transaction', ''],
  ['transaction', ignoring],
  ['session', ''],
  ['session', ignoring],
])(`${program} in %s mode, with "%s", is recognised and refused`, async (mode, setting) => {
  await using cleanup = new AsyncDisposableStack()
  const error = await failureOf(check(await startPgBouncer(cleanup, inject('serverUrl'), mode, setting)))
  expect(isUnusable(error)).toBe(true)
  expect(error.message).toBe(noOptions)
})

describe.skipIf(!isInstalled)(`${program}, where the database itself has the options of our sessions`, () => {
  it.each([
    ['session', 'search_path = posthorn', null],
    ['session', 'search_path = public', noOptions],
    ['transaction', 'search_path = posthorn', noSessions],
  ])('in %s mode, with %s', async (mode, setting, fault) => {
    expect(await faultWith(mode, [setting])).toBe(fault)
  })

  it.each([
    ["datestyle = 'German, DMY'"],
    ["default_transaction_isolation = 'serializable'"],
    ["intervalstyle = 'iso_8601'"],
    ['standard_conforming_strings = off'],
  ])('in session mode, but with %s, is refused', async (setting) => {
    expect(await faultWith('session', ['search_path = posthorn', setting])).toBe(noOptions)
  })
})

/** Null if the database can be used through PgBouncer. */
async function faultWith(mode: string, settings: string[]): Promise<string | null> {
  await using cleanup = new AsyncDisposableStack()
  const { name, url: direct, drop } = await emptyDatabase()
  cleanup.defer(drop)
  for (const setting of settings) await run(direct, `alter database ${name} set ${setting}`)
  const url = await startPgBouncer(cleanup, direct, mode, ignoring)
  return await check(url).then(
    () => null,
    (error: Error) => error.message,
  )
}
