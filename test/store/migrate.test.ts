// The schema: brought up to date once, by however many processes, forward only.
import pg from 'pg'
import { expect, inject, it } from 'vitest'
import { openLog } from '../../src/log.ts'
import { openJobs } from '../../src/store/jobs/jobs.ts'
import { migrate } from '../../src/store/migrate.ts'
import { isUnusable } from '../../src/store/unusable.ts'
import { run, withDatabase } from '../helper/database-setup.ts'
import { emptyDatabase, failureOf } from '../helper/empty-database.ts'

it('is applied once by processes that start together', async () => {
  const { url, drop } = await emptyDatabase()
  const applied = await Promise.all([migrate(url), migrate(url), migrate(url)])
  expect(applied.filter((files) => files.length > 0)).toHaveLength(1)
  expect(applied.flat()[0]).toBe('001-events.sql')
  expect(await migrate(url)).toEqual([])
  await drop()
})

it('a process that waits for another one’s migration says so', async () => {
  const { url, drop } = await emptyDatabase()
  const other = new pg.Client({ connectionString: url })
  await other.connect()
  const { rows } = await other.query('select pg_advisory_lock(0x706f7374)')
  expect(rows).toHaveLength(1)
  const said = Promise.withResolvers<string>()
  const migrating = migrate(url, { log: { info: (_, text) => said.resolve(text) } })
  expect(await said.promise).toBe('another process is migrating the schema; waiting for it')
  await other.end()
  expect(await migrating).not.toEqual([])
  await drop()
})

it('a schema of another version is left as it is, and the fix is named, for DATABASE_URL and for DATA_DIR', async () => {
  const { url, drop } = await emptyDatabase()
  await migrate(url)
  await run(url, `update posthorn.migrations set checksum = 'another' where name = '001-events.sql'`)
  const changed = await failureOf(migrate(url))
  expect(isUnusable(changed)).toBe(true)
  expect(changed.message).toBe(
    'DATABASE_URL names a database whose schema posthorn was made by another version of Posthorn (sql/001-events.sql was changed after it was applied): start that version, or drop that schema to begin with an empty one',
  )
  await run(url, `update posthorn.migrations set name = '000-earlier.sql' where name = '001-events.sql'`)
  const earlier = await failureOf(migrate(url, { folder: '/srv/posthorn/postgres' }))
  expect(isUnusable(earlier)).toBe(true)
  expect(earlier.message).toBe(
    'DATA_DIR holds a database that was made by another version of Posthorn (it has sql/000-earlier.sql, which this version does not have): start that version, or remove the folder /srv/posthorn/postgres to begin with an empty one',
  )
  await drop()
})

it('a schema to which a newer version has added files serves a process of this one, which may restart while the newer one is rolled out', async () => {
  const { url, drop } = await emptyDatabase()
  await migrate(url)
  await run(url, `insert into posthorn.migrations (name, checksum) values ('900-later.sql', '')`)
  expect(await migrate(url)).toEqual([])
  await drop()
})

it('a role that may create no schema works in those that are made for it, and the error names them if they are missing', async () => {
  const { name, url, drop } = await emptyDatabase()
  const role = `role_of_${name}`
  await run(url, `create role ${role} login password 'secret'`)
  const its = new URL(url)
  its.username = role
  its.password = 'secret'
  const refused = await failureOf(migrate(its.href))
  expect(isUnusable(refused)).toBe(true)
  expect(refused.message).toBe(
    'DATABASE_URL names a role that lacks a privilege: give it schemas of its own (create schema posthorn authorization …; create schema posthorn_jobs authorization …)',
  )
  await run(url, `create schema posthorn authorization ${role}; create schema posthorn_jobs authorization ${role}`)
  expect(await migrate(its.href)).not.toEqual([])
  const jobs = await openJobs({ url: its.href, poolSize: 2, log: openLog('silent') })
  await jobs.stop(0)
  await drop()
  await run(inject('serverUrl'), `drop role ${role}`)
})

it('names each constraint as the rule it keeps', async () => {
  const client = new pg.Client({ connectionString: withDatabase(inject('serverUrl'), inject('template')) })
  await client.connect()
  const { rows } = await client.query(
    `select conname from pg_constraint join pg_namespace on pg_namespace.oid = connamespace
     where nspname = 'posthorn' and contype in ('c', 'u')`,
  )
  await client.end()
  expect(rows.length).toBeGreaterThan(15)
  expect(rows.map((row) => row.conname).filter((conname) => /_(check|key)\d*$/.test(conname))).toEqual([])
})
