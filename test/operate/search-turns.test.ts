// Searches of bodies take turns; what an erase searches under its locks waits for none of them.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { contentsNaming, textsNaming } from '../../src/operate/texts-naming.ts'
import { personFinder } from '../../src/privacy/person-finder.ts'
import { personPatterns } from '../../src/privacy/person-pattern.ts'
import type { Reader } from '../../src/store/db.ts'
import { eventBodies } from '../../src/store/people/texts.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage({})
})
afterAll(() => stage.stop())

it('the contents of messages are searched while a search of bodies has the turn', async () => {
  const { ids } = await stage.planned(shipped({ recipient: { email: 'ada@example.com', name: 'Zebediah' } }))
  const finder = personFinder([], ['ada@example.com'], ['Zebediah'])
  const patterns = personPatterns([], ['ada@example.com'], ['Zebediah'])
  const begun = Promise.withResolvers<void>()
  /** Answers until a body is to be read, which never ends. */
  const hanging = {
    query(sql: { text: string; values: unknown[] }) {
      if (!sql.text.includes('as bytes from (')) return stage.db.query(sql)
      begun.resolve()
      return new Promise(() => {})
    },
  } as unknown as Reader
  void textsNaming(hanging, eventBodies, { finder, patterns, known: [] })
  await begun.promise
  expect(await contentsNaming(stage.db, Object.values(ids), { finder, patterns })).toEqual([ids.email])
})
