// Weekly progress: what comes in over a week goes out as one email on Monday at nine where the student lives. By a clock
// that the test moves, and by alarms that it rings itself.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Ctx } from '../../src/context.ts'
import { timelineOf } from '../../src/http/answers/timeline.ts'
import weeklyProgress from '../../src/notifiers/weekly-progress.ts'
import { cancel } from '../../src/operate/cancel.ts'
import { digest } from '../../src/plan/digest.ts'
import { plan } from '../../src/plan/plan.ts'
import { overdueJobs } from '../../src/store/jobs/overdue.ts'
import { savePreferences } from '../../src/store/people/preferences.ts'
import { deliver } from '../helper/deliver.ts'
import { type Stage, startStage } from '../helper/stage.ts'

const monday = new Date('2026-11-23T14:00:00Z') // nine in New York

let stage: Stage
beforeEach(async () => {
  stage = await startStage({ DEFAULT_TIMEZONE: 'Asia/Tokyo' })
})
afterEach(() => stage.stop())

const grace = { id: 'stu_1', email: 'grace@example.org', name: 'Grace Hopper', timezone: 'America/New_York' }

const told = (data: object, recipient: object = grace, more: object = {}) =>
  stage.planned({ type: 'student.progress', recipient, data: { ...weeklyProgress.sample.data, ...data }, ...more })

async function part(data: object, recipient: object = grace, more: object = {}): Promise<string> {
  stage.clock.advance(1)
  const { ids } = await told(data, recipient, more)
  return ids.email ?? ''
}

interface Row {
  id: string
  event_id: string
  state: string
  reason_code: string
  reason_params: { digest: string } | null
  subject: string | null
  scheduled_for: Date
}

/** The digests that were made, which are those with words. */
const digests = async () =>
  (
    await stage.db.query<Row & { content: { text: string; to: string } }>(
      `select n.*, m.content from notifications n left join messages m on m.notification_id = n.id
       where n.fact like 'digest:%' order by n.id`,
    )
  ).rows

const rowOf = async (id: string): Promise<Row> => {
  const { rows } = await stage.db.query<Row>('select * from notifications where id = $1', [id])
  if (!rows[0]) throw new Error('no row')
  return rows[0]
}

const timeline = async (id: string) =>
  timelineOf(await stage.audit(id), stage.clock.now()).map(({ what, detail }) => `${what} ${detail ?? ''}`.trim())

/** Rings for every part, as their alarms would. */
async function ringAll(ctx: Ctx = stage.ctx): Promise<void> {
  const { rows } = await stage.db.query<{ id: string }>(`select id from notifications where state = 'scheduled'`)
  await Promise.all(rows.map(({ id }) => digest(ctx, id)))
}

describe('what comes in over a week', () => {
  it('waits without words, and goes out as one email: the latest of a course, its minutes added up', async () => {
    const parts = [
      await part({ completedLessons: 5, minutesSpent: 40 }),
      await part({ courseTitle: 'Bookbinding', completedLessons: 2, totalLessons: 9, minutesSpent: 30 }),
      await part({ completedLessons: 7, minutesSpent: 55 }),
      // It comes in last, and happened before the others.
      await part({ completedLessons: 4, minutesSpent: null }, grace, { timestamp: '2026-11-20T10:00:00Z' }),
    ]
    expect(await rowOf(parts[0] ?? '')).toMatchObject({
      state: 'scheduled',
      reason_code: 'collecting',
      scheduled_for: monday,
    })
    expect((await timeline(parts[0] ?? '')).join('\n')).toContain('Next: it becomes part of its digest.')
    await ringAll()
    expect(await digests()).toEqual([])

    stage.clock.set(monday)
    await ringAll()
    const [made, ...others] = await digests()
    expect(others).toEqual([])
    expect(made).toMatchObject({ state: 'pending', subject: 'Your week in 2 courses', scheduled_for: monday })
    expect(made?.content.text).toContain('7 of 12 lessons · 95 minutes')
    expect(made?.content.text).toContain('2 of 9 lessons · 30 minutes')
    expect(made?.content.text).toContain('after 125 minutes of learning')
    for (const id of parts) {
      expect(await rowOf(id)).toMatchObject({
        state: 'digested',
        reason_code: 'digested',
        reason_params: { digest: made?.id },
        subject: null,
      })
      expect(await timeline(id)).toContain(`It became part of a digest. The digest is notification ${made?.id}.`)
    }
    await deliver(stage.ctx, made?.id ?? '')
    expect((await rowOf(made?.id ?? '')).state).toBe('sent')
    expect((await timeline(made?.id ?? '')).join('\n')).toContain(`It is a digest of 4 parts.`)
  })

  it('is kept apart by person, by address and by sender', async () => {
    await part({})
    await part({}, { ...grace, id: 'stu_2' })
    await part({}, { ...grace, email: 'other@example.org' })
    const other = await stage.accepted(
      { type: 'student.progress', recipient: grace, data: weeklyProgress.sample.data },
      { source: 'school' },
    )
    await plan(stage.ctx, other)
    stage.clock.set(monday)
    await ringAll()
    expect(await digests()).toHaveLength(4)
  })

  it('is in Hindi for who reads Hindi, on Monday in Kolkata', async () => {
    const id = await part({}, { ...grace, locale: 'hi-IN', timezone: 'Asia/Kolkata' })
    expect((await rowOf(id)).scheduled_for).toEqual(new Date('2026-11-23T03:30:00Z'))
    stage.clock.set(monday)
    await ringAll()
    const [made] = await digests()
    expect(made?.subject).toBe('Practical Typography में आपका सप्ताह')
    expect(made?.content.text).toContain('12 में से 7 पाठ पूरे')
  })

  it('without a timezone goes by DEFAULT_TIMEZONE, and with a time of its own then', async () => {
    const { timezone: _, ...nowhere } = grace
    expect((await rowOf(await part({}, nowhere))).scheduled_for).toEqual(new Date('2026-11-23T00:00:00Z'))
    const sendAt = '2026-11-22T12:00:00.000Z'
    const own = await rowOf(await part({}, grace, { sendAt }))
    expect(own).toMatchObject({ state: 'scheduled', reason_code: 'collecting', scheduled_for: new Date(sendAt) })
  })
})

it('a year of Mondays: one email a week at nine in New York, of exactly that week’s parts', async () => {
  const mornings: string[] = []
  const sent = new Set<string>()
  for (let week = 0; week < 52; week++) {
    const parts = [await part({ completedLessons: week }), await part({ courseTitle: 'Bookbinding' })]
    const { scheduled_for: at } = await rowOf(parts[0] ?? '')
    stage.clock.set(new Date(at.getTime() - 1))
    await ringAll()
    stage.clock.set(at)
    await ringAll()
    mornings.push(
      at.toLocaleString('en-GB', { timeZone: grace.timezone, weekday: 'long', hour: '2-digit', minute: '2-digit' }),
    )
    const made = (await digests()).filter(({ id }) => !sent.has(id))
    expect(made).toHaveLength(1)
    for (const { id } of made) sent.add(id)
    for (const id of parts) expect((await rowOf(id)).reason_params).toEqual({ digest: made[0]?.id })
    stage.clock.advance(3 * 24 * 3600 * 1000)
  }
  expect(new Set(mornings)).toEqual(new Set([mornings[0]]))
  expect(mornings[0]).toMatch(/^Monday.*09:00$/)
  expect(new Set((await digests()).map(({ scheduled_for }) => scheduled_for.getUTCHours()))).toEqual(new Set([13, 14]))
}, 120_000)

describe('the digest is one', () => {
  it('where two workers ring for all parts at once', async () => {
    const other = await stage.another()
    for (let i = 0; i < 5; i++) await part({ courseTitle: `Course ${i}` })
    stage.clock.set(monday)
    await Promise.all([ringAll(), ringAll(other), ringAll()])
    expect(await digests()).toHaveLength(1)
    const { rows } = await stage.db.query(`select from notifications where state = 'digested'`)
    expect(rows).toHaveLength(5)
  })

  it('where a worker dies between making it and its end: nothing was done, and the sweep rings again', async () => {
    const id = await part({})
    stage.clock.set(monday)
    const dying = { ...stage.ctx, jobs: { ...stage.ctx.jobs, enqueue: () => Promise.reject(new Error('killed')) } }
    await expect(digest(dying, id)).rejects.toThrow('killed')
    expect(await digests()).toEqual([])
    expect((await rowOf(id)).state).toBe('scheduled')
    stage.clock.advance(60_000)
    const enqueued = await overdueJobs(stage.ctx.db, stage.ctx.jobs, {
      now: stage.clock.now(),
      lostAfterMs: 15_000,
      limit: 100,
    })
    expect(enqueued).toContainEqual({ stage: 'digest', priority: 'normal', id })
    await digest(stage.ctx, id)
    expect(await digests()).toHaveLength(1)
  })

  it('where a part is stored after it has gone out: that one waits for the next Monday', async () => {
    const first = await part({})
    const late = await part({ courseTitle: 'Bookbinding' })
    await stage.db.query(
      `update notification_states set state = 'cancelled', reason_code = 'cancelled', due_at = null where id = $1`,
      [late],
    )
    stage.clock.set(monday)
    await digest(stage.ctx, first)
    // As if its planner had committed only now.
    await stage.db.query(
      `update notification_states s set state = 'scheduled', reason_code = 'collecting', due_at = d.scheduled_for
       from notification_details d where d.id = s.id and s.id = $1`,
      [late],
    )
    await digest(stage.ctx, late)
    const next = new Date('2026-11-30T14:00:00Z')
    expect(await rowOf(late)).toMatchObject({ state: 'scheduled', scheduled_for: next })
    expect(await digests()).toHaveLength(1)
    stage.clock.set(next)
    await digest(stage.ctx, late)
    expect((await digests()).map(({ subject }) => subject)).toEqual([
      'Your week in Practical Typography',
      'Your week in Bookbinding',
    ])
  })
})

describe('a digest of 700 parts', () => {
  const many = Array.from({ length: 700 }, (_, i) => ({ ...grace, data: { courseTitle: `Course ${i}` } }))

  it('is composed once, of the latest 500, and shows 39 courses and the count of the others', async () => {
    const { eventId } = await stage.planned({
      type: 'student.progress',
      recipients: many,
      data: weeklyProgress.sample.data,
    })
    stage.clock.set(monday)
    const { rows } = await stage.db.query<{ id: string }>(
      `select id from notifications where event_id = $1 and state = 'scheduled'`,
      [eventId],
    )
    expect(rows).toHaveLength(700)
    const composed = vi.spyOn(weeklyProgress, 'email')
    await Promise.all(rows.slice(0, 40).map(({ id }) => digest(stage.ctx, id)))
    for (const { id } of rows.slice(40, 60)) await digest(stage.ctx, id)
    expect(composed.mock.calls.map(([data]) => data.parts.length)).toEqual([500])
    composed.mockRestore()
    const [made, ...others] = await digests()
    expect(others).toEqual([])
    expect(made?.subject).toBe('Your week in 700 courses')
    expect(made?.content.text.match(/7 of 12 lessons/g)).toHaveLength(39)
    expect(made?.content.text).toContain('And 661 more')
    const { rows: ended } = await stage.db.query(
      `select from notifications n join timeline_entries t on t.notification_id = n.id and t.code = 'digested'
       where n.state = 'digested' and n.event_id = $1`,
      [eventId],
    )
    expect(ended).toHaveLength(700)
    expect((await timeline(made?.id ?? '')).join('\n')).toContain('It is a digest of 700 parts.')
  })
})

describe('a part', () => {
  it('that a person cancels is left out', async () => {
    const kept = await part({})
    const cancelled = await part({ courseTitle: 'Bookbinding' })
    await cancel(stage.ctx, cancelled, 'operator key `ops`')
    stage.clock.set(monday)
    await digest(stage.ctx, cancelled)
    await digest(stage.ctx, kept)
    expect(await digests()).toMatchObject([{ subject: 'Your week in Practical Typography' }])
    expect((await rowOf(cancelled)).state).toBe('cancelled')
  })

  it('that has expired by then is left out', async () => {
    await part({})
    const old = await part({ courseTitle: 'Bookbinding' }, grace, { expiresAt: '2026-11-23T14:00:01Z' })
    // Nobody was there to ring in time.
    stage.clock.set(new Date(monday.getTime() + 2000))
    await ringAll()
    expect(await digests()).toMatchObject([{ subject: 'Your week in Practical Typography' }])
    expect(await rowOf(old)).toMatchObject({ state: 'expired', reason_code: 'expired' })
  })
})

it('who opted out meanwhile is not written to', async () => {
  const id = await part({})
  const no = { channel: 'email' as const, allowed: false, recipientId: 'stu_1', address: null }
  await savePreferences(stage.ctx.db, [no], 'the unsubscribe link', stage.clock.now())
  stage.clock.set(monday)
  await digest(stage.ctx, id)
  const [made] = await digests()
  await deliver(stage.ctx, made?.id ?? '')
  expect(await rowOf(made?.id ?? '')).toMatchObject({ state: 'suppressed', reason_code: 'opted_out' })
  expect((await stage.db.query('select from attempts')).rowCount).toBe(0)
})
