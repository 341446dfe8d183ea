// An event for many with much data: refused where it is too much, and what is common is looked at once a turn, however far
// its plan has got.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Ctx } from '../../src/context.ts'
import newContent from '../../src/notifiers/new-content.ts'
import { explain } from '../../src/operate/explain.ts'
import { plan } from '../../src/plan/plan.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await startStage({})
})
afterEach(() => stage.stop())

const { recipient: _, ...lesson } = newContent.sample
const forMany = (count: number, own?: (i: number) => object) => ({
  ...lesson,
  // Too late for words, which cost most of the time.
  expiresAt: '2026-01-01T00:00:00Z',
  recipients: Array.from({ length: count }, (_, i) => ({ email: `student-${i}@example.com`, ...own?.(i) })),
})

/** A planner that counts how often the title of the course is checked, and how many candidates are made. */
function counting() {
  const counts = { checks: 0, candidates: 0 }
  const courseTitle = z.string().refine(() => {
    counts.checks += 1
    return true
  })
  const notifier: typeof newContent = {
    ...newContent,
    schema: z.looseObject({ courseTitle, contentTitle: z.string() }),
    whenUnsure(channel) {
      counts.candidates += 1
      return newContent.whenUnsure(channel)
    },
  }
  const ctx: Ctx = { ...stage.ctx, notifiersFor: () => [notifier] }
  return { ctx, counts }
}

async function turnsOf(ctx: Ctx, counts: object, id: string): Promise<object[]> {
  const turns: object[] = []
  let before = { ...counts }
  for (;;) {
    await plan(ctx, id)
    turns.push(Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, n - Reflect.get(before, name)])))
    before = { ...counts }
    const { rows } = await stage.db.query(`select from events where id = $1 and status = 'accepted'`, [id])
    if (rows.length === 0) return turns
  }
}

describe('the turns of an event for 800', () => {
  it('each check the common data once and make candidates of their own recipients alone', async () => {
    const { ctx, counts } = counting()
    const id = await stage.accepted(forMany(800))
    const turn = { checks: 1, candidates: 250 }
    expect(await turnsOf(ctx, counts, id)).toEqual([{ checks: 1, candidates: 50 }, turn, turn, turn])
  })

  it('check the data of recipients in the fields that are their own', async () => {
    const { ctx, counts } = counting()
    const id = await stage.accepted(
      forMany(300, (i) => ({ data: i % 100 === 0 ? { courseTitle: 'Mine' } : { other: i } })),
    )
    // Everybody's before the first part, and then those of the turn: of recipients 100 and 200.
    expect(await turnsOf(ctx, counts, id)).toEqual([
      { checks: 4, candidates: 50 },
      { checks: 3, candidates: 250 },
    ])
  })
})

describe('who is named twice', () => {
  it('has one notification, in whichever turns that was, and in a replay too', async () => {
    const event = forMany(600)
    const again = [event.recipients[3], event.recipients[299], event.recipients[598], event.recipients[3]]
    const { eventId } = await stage.planned({ ...event, recipients: [...event.recipients, ...again] })
    const rows = async (sql: string) => (await stage.db.query(sql, [eventId])).rows
    expect(await rows('select count(*)::integer as n from notifications where event_id = $1')).toEqual([{ n: 600 }])
    const omitted = 'select recipient_key, reason_code from omissions where event_id = $1 order by recipient_key'
    expect(await rows(omitted)).toHaveLength(3)
    await stage.db.query(
      `update events set status = 'accepted', planned_up_to = 0, replayed_at = $2, due_at = $2 where id = $1`,
      [eventId, stage.clock.now()],
    )
    stage.clock.advance(1000)
    for (let turn = 0; turn < 4; turn++) await plan(stage.ctx, eventId)
    expect(await rows('select status from events where id = $1')).toEqual([{ status: 'planned' }])
    expect(await rows('select count(*)::integer as n from notifications where event_id = $1')).toEqual([{ n: 600 }])
    expect(await rows(omitted)).toHaveLength(3)
  })

  it('is not who has an id with another one’s id and address in it', async () => {
    const recipients = [
      { id: 'a|b@example.com', email: 'c@example.com' },
      { id: 'a', email: 'c@example.com' },
      { id: 'a|', email: 'c@example.com' },
    ]
    const { eventId } = await stage.planned({ ...forMany(0), recipients })
    const { rows } = await stage.db.query('select from notifications where event_id = $1', [eventId])
    expect(rows).toHaveLength(3)
  })
})

describe('too much common data for so many', () => {
  const large = (count: number) => ({ ...forMany(count), data: { ...lesson.data, more: 'x'.repeat(65_000) } })

  it('is refused with the limit, stored and explained alike', async () => {
    const refused = {
      ok: false,
      code: 'event_too_much',
      detail: 'The event is too much work.',
      errors: [{ path: 'data', message: expect.stringContaining('64 MiB') }],
    }
    await expect(stage.accepted(large(1100))).rejects.toThrow('64 MiB')
    const raw = Buffer.from(JSON.stringify(large(1100)))
    const translation = await stage.ctx.sources.named('shop').translate(raw)
    const incoming = { source: 'shop', sourceId: 'e1', raw, translation, reportsFaultsToSender: true }
    expect(await explain(stage.ctx, incoming)).toMatchObject(refused)
  })

  it('that was stored while nobody listened ends as failed', async () => {
    const deaf: Ctx = { ...stage.ctx, notifiersFor: () => [] }
    const id = await stage.accepted(large(1100), {}, deaf)
    await stage.db.query(`update events set status = 'accepted', due_at = now() where id = $1`, [id])
    await plan(stage.ctx, id)
    const { rows } = await stage.db.query('select status, reason_code, reason_params from events where id = $1', [id])
    expect(rows).toMatchObject([
      {
        status: 'failed',
        reason_code: 'bad_data',
        reason_params: { path: 'data', message: expect.stringContaining('64 MiB') },
      },
    ])
  })

  it('may just be enough', async () => {
    const id = await stage.accepted(large(1000))
    expect(id).toEqual(expect.any(String))
  })
})
