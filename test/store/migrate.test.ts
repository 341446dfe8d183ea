// The schema: brought up to date once, by however many processes, forward only.
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { expect, inject, it } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'
import { run, withDatabase } from '../helper/database-setup.ts'

it('is applied once by processes that start together, and an applied file must not change', async () => {
  const server = inject('serverUrl')
  const name = `posthorn_${randomBytes(6).toString('hex')}`
  await run(server, `create database ${name}`)
  const url = withDatabase(server, name)
  const applied = await Promise.all([migrate(url), migrate(url), migrate(url)])
  expect(applied.filter((files) => files.length > 0)).toHaveLength(1)
  expect(applied.flat()[0]).toBe('001-events.sql')
  expect(await migrate(url)).toEqual([])

  await run(url, `update posthorn.migrations set checksum = 'another' where name = '001-events.sql'`)
  await expect(migrate(url)).rejects.toThrow('sql/001-events.sql was changed after it was applied')
  await run(server, `drop database ${name}`)
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
