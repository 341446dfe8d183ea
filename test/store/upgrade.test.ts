// Upgrades: the files of sql/ that were released never change, and a database that they made is brought up to date with its data.
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { v4, v7 } from 'uuid'
import { expect, it } from 'vitest'
import { packageRoot } from '../../src/package-root.ts'
import { digestsOf } from '../../src/store/attempts/reports.ts'
import { messagesOf } from '../../src/store/attempts/rows.ts'
import { openDb, transaction } from '../../src/store/db.ts'
import { findEvent } from '../../src/store/events/load.ts'
import { migrate } from '../../src/store/migrate.ts'
import { migrationFiles } from '../../src/store/migration-files.ts'
import { searchNotifications } from '../../src/store/notifications/search.ts'
import { emptyDatabase } from '../helper/empty-database.ts'

it('a file of sql/ that was released never changes, and a new one comes after it', async () => {
  const frozen: Record<string, string> = JSON.parse(
    await readFile(path.join(packageRoot(), 'sql', 'frozen.json'), 'utf8'),
  )
  const files = await migrationFiles()
  const checksums = Object.fromEntries(files.map(({ name, checksum }) => [name, checksum]))
  expect(checksums).toMatchObject(frozen)
  const names = Object.keys(frozen).sort()
  expect(files.map(({ name }) => name).slice(0, names.length)).toEqual(names)
})

/** A database with the files of sql/ before this one. */
async function databaseBefore(
  name: string,
  cleanup: AsyncDisposableStack,
): Promise<{ url: string; client: pg.Client }> {
  const { url, drop } = await emptyDatabase()
  cleanup.defer(drop)
  const files = await mkdtemp(path.join(tmpdir(), 'posthorn-sql-'))
  cleanup.defer(() => rm(files, { recursive: true }))
  const first = (await migrationFiles()).map((file) => file.name).filter((one) => one < name)
  for (const one of first) await cp(path.join(packageRoot(), 'sql', one), path.join(files, one))
  expect(await migrate(url, { files })).toEqual(first)
  const client = new pg.Client({ connectionString: url, options: '-c search_path=posthorn' })
  await client.connect()
  return { url, client }
}

it('a database of the first release keeps its data', async () => {
  await using cleanup = new AsyncDisposableStack()
  const { url, client } = await databaseBefore('014', cleanup)
  // Ids of ours, and one of another kind, which belongs to no day.
  const ids = [v7(), v7({ msecs: new Date('2026-09-01').getTime() }), v4()]
  await client.query(
    `with event as (
       insert into events (id, source, source_id, type, source_type, status, priority, received_at, occurred_at)
       select id, 'shop', id, 'x.y', 'x.y', 'planned', 'normal', now(), now() from unnest($1::uuid[]) as id),
     body as (insert into event_bodies (event_id, raw) select id, convert_to('body of ' || id, 'UTF8') from unnest($1::uuid[]) as id),
     details as (
       insert into notification_details (id, event_id, event_type, source_type, source, fact, notifier, category, channel,
         recipient_key, locale, timezone, priority, when_unsure, created_at)
       select id, id, 'x.y', 'x.y', 'shop', id, 'order-shipped', 'transactional', 'email', 'customer', 'en', 'UTC', 'normal',
         'resend', now() from unnest($1::uuid[]) as id),
     message as (
       insert into messages (notification_id, content)
       select id, json_build_object('text', 'message of ' || id) from unnest($1::uuid[]) as id)
     insert into reports (id, provider, received_at, once, digest, raw)
     select id, 'mailgun', now(), id, 'digest of ' || id, 'raw' from unnest($1::uuid[]) as id`,
    [ids],
  )
  await client.end()

  expect((await migrate(url)).length).toBeGreaterThan(0)
  const db = openDb({ url, poolSize: 2, log: { warn: () => {} } })
  cleanup.defer(() => db.end())
  const messages = await transaction(db, (tx) => messagesOf(tx, ids))
  const digests = await transaction(db, (tx) => digestsOf(tx, 'mailgun', ids))
  expect([...digests]).toEqual(expect.arrayContaining(ids.map((id) => [id, `digest of ${id}`])))
  for (const id of ids) {
    expect(messages.get(id)).toEqual({ text: `message of ${id}` })
    expect(String((await findEvent(db, id))?.raw)).toBe(`body of ${id}`)
  }
})

it('a message that is being sent while the indexes leave it out is found by its open attempt', async () => {
  await using cleanup = new AsyncDisposableStack()
  const { url, client } = await databaseBefore('025', cleanup)
  const id = v7()
  await client.query(
    `with event as (
       insert into events (id, source, source_id, type, source_type, status, priority, received_at, occurred_at)
       values ($1::uuid, 'shop', $1, 'x.y', 'x.y', 'planned', 'normal', now(), now())),
     details as (
       insert into notification_details (id, event_id, event_type, source_type, source, fact, notifier, category, channel,
         recipient_key, locale, timezone, priority, when_unsure, created_at)
       values ($1::uuid, $1::uuid, 'x.y', 'x.y', 'shop', $1, 'order-shipped', 'transactional', 'email', 'customer', 'en', 'UTC',
         'normal', 'resend', now())),
     states as (
       insert into notification_states (id, channel, priority, created_at, state, reason_code, due_at, attempted)
       values ($1::uuid, 'email', 'normal', now(), 'sending', 'attempt_open', now(), true))
     insert into attempts (id, notification_id, number, round, provider, cause, started_at)
     values ($1::uuid, $1::uuid, 1, 1, 'resend', 'first', now())`,
    [id],
  )
  await client.end()

  expect(await migrate(url)).toContain('025-fewer-index-entries.sql')
  const db = openDb({ url, poolSize: 1, log: { warn: () => {} } })
  cleanup.defer(() => db.end())
  for (const filter of [{}, { state: 'sending' }]) {
    const found = await searchNotifications(db, filter, { limit: 10, after: null })
    expect(found.map((one) => one.id)).toEqual([id])
  }
})
