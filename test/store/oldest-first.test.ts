// Few sessions of a pool do most of the work: those that have been open longest.
import { expect, it } from 'vitest'
import { openLog } from '../../src/log.ts'
import { openDb } from '../../src/store/db.ts'
import { freshDatabase } from '../helper/world.ts'

it('a pool gives out its oldest idle connection, in whatever order they came back', async () => {
  await using cleanup = new AsyncDisposableStack()
  const database = await freshDatabase()
  cleanup.defer(() => database.drop())
  const db = openDb({ url: database.url, poolSize: 3, log: openLog('silent') })
  cleanup.defer(() => db.end())
  const [first, second, third] = [await db.connect(), await db.connect(), await db.connect()]
  for (const client of [first, third, second]) client.release()
  const again = [await db.connect(), await db.connect(), await db.connect()]
  expect(again.map((client) => [first, second, third].indexOf(client))).toEqual([0, 1, 2])
  for (const client of again) client.release()
})
