// PgBouncer itself in front of Postgres, where it is installed: it does not keep our sessions, and is refused at the start.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { expect, inject, it } from 'vitest'
import { freePort } from '../../src/embedded/cluster.ts'
import { isUnusable } from '../../src/store/unusable.ts'
import { waitForDatabase } from '../../src/store/wait-for-database.ts'
import { failureOf } from '../helper/empty-database.ts'
import { eventually } from '../helper/world.ts'

const program = '/usr/sbin/pgbouncer'

it.skipIf(!existsSync(program)).each([
  ['transaction', ''],
  ['transaction', 'ignore_startup_parameters = options'],
  ['session', ''],
  ['session', 'ignore_startup_parameters = options'],
])(`${program} in %s mode, with "%s", is recognised and refused`, async (mode, setting) => {
  await using cleanup = new AsyncDisposableStack()
  const server = new URL(inject('serverUrl'))
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
  const error = await failureOf(waitForDatabase(url, { withinMs: 0, log: { warn: () => {} } }))
  expect(isUnusable(error)).toBe(true)
  expect(error.message).toBe(
    'DATABASE_URL names a connection pooler that does not keep one session for each connection, such as PgBouncer in transaction mode: use the address of Postgres itself',
  )
})
