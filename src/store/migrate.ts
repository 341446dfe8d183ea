// Brings the schema up to date: the numbered files of sql/, each once, in order, under a lock,
// so that any number of processes may start at once. Then pg-boss's own schema (jobs.ts).
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { packageRoot } from '../package-root.ts'

const lockKey = 0x706f7374 // 'post'

/** Applies what is missing and answers its names. Throws where an applied file has changed since: files are forward only. */
export async function migrate(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'posthorn migrate' })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey])
    await client.query('create schema if not exists posthorn')
    await client.query('set search_path to posthorn')
    await client.query(
      'create table if not exists migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
    )
    const { rows } = await client.query<{ name: string; checksum: string }>('select name, checksum from migrations')
    const applied = new Map(rows.map((row) => [row.name, row.checksum]))
    const fresh: string[] = []
    for (const { name, sql, checksum } of await files()) {
      const before = applied.get(name)
      if (before === checksum) continue
      if (before) throw new Error(`sql/${name} was changed after it was applied; add a new file instead`)
      await client.query(
        `begin;${sql};insert into migrations (name, checksum) values ('${name}', '${checksum}');commit`,
      )
      fresh.push(name)
    }
    return fresh
  } finally {
    await client.end()
  }
}

async function files(): Promise<{ name: string; sql: string; checksum: string }[]> {
  const folder = path.join(packageRoot(), 'sql')
  const names = (await readdir(folder)).filter((name) => /^\d{3}-[a-z-]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(path.join(folder, name), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}
