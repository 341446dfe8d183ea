// An erase that has to wait says so before it searches all bodies, and searches nothing long while it holds its locks.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { erase } from '../../src/operate/erase.ts'
import { exportPerson } from '../../src/operate/export-person.ts'
import { plan } from '../../src/plan/plan.ts'
import { recordAccess } from '../../src/store/people/access-log.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

const by = { name: 'ops', text: 'operator key `ops`' }
const lesson = { courseTitle: 'Analysis', contentTitle: 'Limits', url: 'https://learn.example.com/1' }
const crowd = (many: number, last: object) => ({
  type: 'content.published',
  recipients: [...Array.from({ length: many }, (_, i) => ({ id: `r${i}`, email: `r${i}@example.org` })), last],
  data: lesson,
})
const late = { id: 'late', email: 'late@example.org' }

let stage: Stage
beforeEach(async () => {
  stage = await startStage({})
})
afterEach(() => stage.stop())

/** A context that notes its statements, with those of transactions apart. `before` is done before each transaction. */
function noting(before: () => Promise<unknown> = async () => {}) {
  const [outside, inside]: [string[], string[]] = [[], []]
  const textOf = (one: unknown) => (typeof one === 'string' ? one : (one as { text: string }).text)
  const { ctx } = stage
  const noted = <T extends { query: unknown }>(client: T, into: string[]): T =>
    Object.create(client, {
      query: {
        value: (...args: [unknown]) => {
          into.push(textOf(args[0]))
          return (client.query as (...args: unknown[]) => unknown).apply(client, args)
        },
      },
      ...('release' in client && { release: { value: (client.release as () => void).bind(client) } }),
    })
  const connect = async () => {
    await before()
    return noted(await ctx.db.connect(), inside)
  }
  const db = Object.create(noted(ctx.db, outside), { connect: { value: connect } })
  return { ctx: { ...ctx, db }, outside, inside }
}

it('is refused at once while a large event that names the person is being planned', async () => {
  const eventId = await stage.accepted(crowd(120, late))
  // Its first part: they are not in it.
  await plan(stage.ctx, eventId)
  await stage.planned(shipped({ recipient: late }))
  await stage.db.query(
    `update notification_states set state = 'sent', due_at = null where state in ('pending', 'scheduled')`,
  )
  const { ctx, outside, inside } = noting()
  expect(await erase(ctx, 'late', by)).toEqual({
    kind: 'refused',
    detail: expect.stringContaining('1 of their events being planned: repeat this in a minute'),
    isShort: true,
  })
  expect(outside.filter((sql) => sql.includes('report_bodies'))).toEqual([])
  expect(inside).toEqual([])
  while ((await stage.db.query(`select from events where status = 'accepted'`)).rowCount === 1)
    await plan(stage.ctx, eventId)
  await stage.db.query(
    `update notification_states set state = 'sent', due_at = null where state in ('pending', 'scheduled')`,
  )
  expect(await erase(stage.ctx, 'late', by)).toMatchObject({ kind: 'done', events: 2 })
})

it('reads no body, and of the access log only the latest entries, once it has locked', async () => {
  await stage.planned(crowd(2, late))
  await stage.db.query(`update notification_states set state = 'sent', due_at = null`)
  const access = { at: stage.clock.now(), keyName: 'see', what: 'searched', subject: 'notifications' }
  await recordAccess(stage.db, { ...access, whose: [`name: ${late.email}`] })
  await stage.db.query(
    `insert into access_log (at, key_name, what, subject, whose)
     select now(), 'see', 'searched', 'notifications', '{another}' from generate_series(1, 2000)`,
  )
  await recordAccess(stage.db, { ...access, whose: [late.email] })
  // Searched by somebody between the search and the locks.
  const { ctx, inside } = noting(() => recordAccess(stage.db, { ...access, whose: ['late'] }))
  expect(await erase(ctx, 'late', by)).toMatchObject({ kind: 'done' })
  const { rows } = await stage.db.query<{ whose: string[] }>(`select whose from access_log where whose <> '{another}'`)
  expect(rows.flatMap(({ whose }) => whose).filter((one) => one.includes('late'))).toEqual([])
  expect(rows.length).toBeGreaterThan(3)
  expect(inside.filter((sql) => /sha256|select event_id as id, raw/.test(sql))).toEqual([])
})

it('is refused where another erase has cut a body meanwhile, although it is as long as it was', async () => {
  const { eventId } = await stage.planned(crowd(2, late))
  await stage.db.query(`update notification_states set state = 'sent', due_at = null`)
  const { ctx } = noting(() => stage.db.query('update event_bodies set cuts = cuts + 1 where event_id = $1', [eventId]))
  expect(await erase(ctx, 'late', by)).toMatchObject({ kind: 'refused', isShort: true })
  expect(await erase(stage.ctx, 'r1', by)).toMatchObject({ kind: 'done' })
  const { rows } = await stage.db.query('select cuts from event_bodies where event_id = $1', [eventId])
  expect(rows).toEqual([{ cuts: 2 }])
  expect(await exportPerson(stage.ctx, 'r1', 'ops')).toMatchObject({ exported: { person: { eventIds: [] } } })
})
