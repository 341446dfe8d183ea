// The database of DATABASE_URL at the start: waited for where that helps, and refused in one line where it never will.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { isDatabaseAway } from '../../src/store/db.ts'
import { isUnusable } from '../../src/store/unusable.ts'
import { waitForDatabase } from '../../src/store/wait-for-database.ts'
import { run, withDatabase } from '../helper/database-setup.ts'
import { startPooler } from '../helper/pooler.ts'
import { startTcpProxy } from '../helper/tcp-proxy.ts'
import { freshDatabase } from '../helper/world.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const silent = { warn: () => {} }

/** What one try ends with, null where the database will do. */
function tried(url: string): Promise<Error | null> {
  return waitForDatabase(url, { withinMs: 0, log: silent }).then(
    () => null,
    (error: Error) => error,
  )
}

function changed(change: (url: URL) => void): string {
  const url = new URL(database.url)
  change(url)
  return url.href
}

it('a server that is away is logged at the first try, with the setting’s name, and waited for', async () => {
  const proxy = await startTcpProxy()
  const url = proxy.through(database.url)
  await proxy.cut()
  const logged = Promise.withResolvers<{ fields: object; text: string }>()
  const log = { warn: (fields: object, text: string) => logged.resolve({ fields, text }) }
  const waiting = waitForDatabase(url, { withinMs: 60_000, log })
  expect(await logged.promise).toEqual({
    fields: { error: 'ECONNREFUSED' },
    text: 'no database answers at DATABASE_URL; waiting up to 60 s',
  })
  await proxy.restore()
  await waiting
  await proxy.close()
})

it('a server that takes the connection and says nothing is away', async () => {
  const mute = createServer((socket) => void socket.on('error', () => {})).listen(0, '127.0.0.1')
  await once(mute, 'listening')
  const { port } = mute.address() as AddressInfo
  const error = await tried(`postgres://u:p@127.0.0.1:${port}/x`)
  expect(error?.message).toBe('no database answered at DATABASE_URL within 0 s: timeout expired')
  mute.close()
})

it('a server behind a Unix socket that is not there is away, a file that is not there is no such thing', async () => {
  const error = await tried('postgres:///x?host=/nowhere/at/all')
  expect(error?.cause).toMatchObject({ code: 'ENOENT' })
  expect(isDatabaseAway(error?.cause)).toBe(true)
  expect(isDatabaseAway(await readFile('/nowhere/at/all').catch((reason: unknown) => reason))).toBe(false)
})

it.each<[string, string, (url: URL) => void]>([
  ['a wrong password', 'password authentication failed', (url) => Object.assign(url, { password: 'wrong' })],
  ['a database that is not there', 'does not exist', (url) => Object.assign(url, { pathname: '/nothing' })],
  [
    'TLS that the server does not speak',
    'does not support SSL',
    (url) => url.searchParams.set('sslmode', 'verify-full'),
  ],
])('%s is not waited for', async (_, says, change) => {
  const error = await waitForDatabase(changed(change), { withinMs: 60_000, log: silent }).catch((reason) => reason)
  expect(isUnusable(error)).toBe(true)
  expect(error.message).toBe('DATABASE_URL names a database that refuses the connection')
  expect(error.cause.message).toContain(says)
})

it('a database that may lose what it commits is a warning in the log, and no other is', async () => {
  const name = new URL(database.url).pathname.slice(1)
  const warned = async () => {
    const texts: string[] = []
    await waitForDatabase(database.url, { withinMs: 0, log: { warn: (_, text) => void texts.push(text) } })
    return texts.join('\n')
  }
  for (const value of ['on', 'local']) {
    await run(database.url, `alter database ${name} set synchronous_commit = ${value}`)
    expect(await warned()).toBe('')
  }
  await run(database.url, `alter database ${name} set synchronous_commit = off`)
  expect(await warned()).toContain('synchronous_commit off: a crash of its server may lose')
  await run(database.url, `alter database ${name} reset synchronous_commit`)
})

it('a database of another encoding than UTF8 is refused: it cannot hold every name', async () => {
  const server = inject('serverUrl')
  const name = `posthorn_${randomBytes(6).toString('hex')}`
  await run(server, `create database ${name} encoding 'LATIN1' locale 'C' locale_provider libc template template0`)
  const error = await tried(withDatabase(server, name))
  expect(isUnusable(error)).toBe(true)
  expect(error?.message).toBe('DATABASE_URL names a database with the encoding LATIN1: use one with the encoding UTF8')
  await run(server, `drop database ${name}`)
})

it.each(['refuses options', 'drops options', 'shares a session'] as const)(
  'a pooler that %s is recognised and refused',
  async (mode) => {
    const pooler = await startPooler(database.url, mode)
    const error = await tried(pooler.url)
    expect(isUnusable(error)).toBe(true)
    expect(error?.message).toMatch(/^DATABASE_URL names a connection pooler .* use the address of Postgres itself$/)
    await pooler.close()
  },
)
