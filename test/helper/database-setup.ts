// Prepares one real Postgres for a test run, embedded or that of TEST_DATABASE_URL (its user must be allowed to create
// databases), with a template database that each test file clones: the whole schema and the state fence.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { freemem, tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../../src/embedded/embedded.ts'
import { openLog } from '../../src/log.ts'
import { openJobs } from '../../src/store/jobs/jobs.ts'
import { migrate } from '../../src/store/migrate.ts'
import { stateFence } from './state-fence.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    serverUrl: string
    template: string
    /** How Postgres clones it. */
    strategy: 'file_copy' | 'wal_log'
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const log = openLog('error')
  const given = process.env.TEST_DATABASE_URL
  const dataDir = await mkdtemp(path.join(await fastFolder(), 'posthorn-test-'))
  const server = given
    ? { ownerUrl: given, stop: async () => {} }
    : await startEmbedded({ dataDir, password: randomBytes(16).toString('hex'), log })
  if (!given) await tuneForTests(server.ownerUrl)
  const template = `posthorn_test_${randomBytes(4).toString('hex')}`
  await run(server.ownerUrl, `create database ${template}`)
  const url = withDatabase(server.ownerUrl, template)
  await migrate(url)
  await run(url, stateFence())
  const jobs = await openJobs({ url, poolSize: 2, log })
  await jobs.stop(0)
  project.provide('serverUrl', server.ownerUrl)
  project.provide('template', template)
  project.provide('strategy', given ? 'wal_log' : 'file_copy')
  return async () => {
    if (given) await dropAll(server.ownerUrl, template)
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

const gibibyte = 1024 ** 3

/** In memory where there is plenty: a clone has 900 files, which a file system on a disk takes ten times as long to make. */
async function fastFolder(): Promise<string> {
  const inMemory = '/dev/shm'
  const { bavail, bsize } = await statfs(inMemory).catch(() => ({ bavail: 0, bsize: 0 }))
  return bavail * bsize > 4 * gibibyte && freemem() > 8 * gibibyte ? inMemory : tmpdir()
}

/**
 * A crash of the machine may lose this server's data; statements behave as ever. It does not flush anything to the disk,
 * and starts no processes to share the reading of small tables.
 */
async function tuneForTests(url: string): Promise<void> {
  const settings = ['fsync = off', 'full_page_writes = off', `max_wal_size = '1GB'`, `checkpoint_timeout = '1h'`]
  for (const setting of [...settings, 'max_parallel_workers_per_gather = 0'])
    await run(url, `alter system set ${setting}`)
  await run(url, 'select pg_reload_conf()')
}

/** Drops the template and what is left of its clones. */
async function dropAll(url: string, template: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query('select datname from pg_database where starts_with(datname, $1)', [template])
  for (const { datname } of rows) await client.query(`drop database ${datname} with (force)`)
  await client.end()
}

export async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

export function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.toString()
}
