// What an erase must leave of others, and what it must find however it is written.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { erase as eraseIn } from '../../src/operate/erase.ts'
import { digest } from '../../src/plan/digest.ts'
import { plan } from '../../src/plan/plan.ts'
import { shipped } from '../helper/events.ts'
import { startStage } from '../helper/stage.ts'
import { keys, startWorld, type World } from '../helper/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const call: World['call'] = (...asked) => world.call(...asked)

async function posted(event: object): Promise<string> {
  const { body } = await call('POST', '/v1/events', event)
  await world.event(body.id)
  await world.quiet()
  return body.id
}

const erase = (key: string) => call('DELETE', `/v1/recipients/${encodeURIComponent(key)}`)
const lesson = { courseTitle: 'Analysis', contentTitle: 'Limits', url: 'https://learn.example.com/1' }
const other = { id: 'other', email: 'other@example.com', name: 'Alan Other' }

describe('an event for many', () => {
  it('keeps the words of the others where the name of the one is part of them', async () => {
    for (const name of ['a', 'An', 'Lim']) {
      const one = { id: `one-${name}`, email: `one-${name}@example.org`, name }
      const id = await posted({ type: 'content.published', recipients: [one, other], data: lesson })
      expect((await erase(one.id)).status).toBe(200)
      const { body, notifications } = await world.event(id)
      expect(JSON.parse(body), name).toEqual({ type: 'content.published', recipients: [other], data: lesson })
      const theirs = await world.notification(notifications.find(({ to }) => to === other.email)?.id ?? '')
      expect(theirs.subject, name).toContain('Limits')
    }
  })

  it('loses the one also in what was left out for them', async () => {
    const one = { id: 'left-out-one', email: 'left.out@example.org' }
    const id = await posted({ type: 'content.published', recipients: [one, one, other, other], data: lesson })
    expect((await erase(one.id)).status).toBe(200)
    const { rows } = await world.db.query<{ key: string }>(
      'select recipient_key as key from omissions where event_id = $1',
      [id],
    )
    expect(rows.filter(({ key }) => key.includes(other.id))).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toMatch(/left-out-one|left.out@/)
  })
})

it('an id is found in bodies in any script and in any spelling that JSON allows', async () => {
  for (const id of ['Ünal-Ågren', 'клиент-7', 'say "hi" \\o/', '😀-9', 'Shop@Example.org']) {
    const event = { type: 'warehouse.moved', data: { customer: { id } } }
    const plain = await posted(event)
    const escaped = await fetch(`${world.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${keys.operator}`, 'content-type': 'application/json' },
      body: JSON.stringify(event).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
    })
    expect(escaped.status).toBe(200)
    await posted(shipped({ recipient: { id, email: `person-${id.length}@example.org` } }))
    expect((await erase(id)).body, id).toMatchObject({ events: 3 })
    expect((await world.event(plain)).body, id).toBeNull()
  }
})

it('a key that cannot be stored is refused, not a fault', async () => {
  for (const key of ['\0', 'a\0b']) {
    expect((await erase(key)).status).toBe(400)
    expect((await call('GET', `/v1/recipients/${encodeURIComponent(key)}/export`)).status).toBe(400)
  }
})

const by = { name: 'operator', text: 'operator' }

it('a digest of somebody else that has a part of an event of theirs loses its content', async () => {
  const stage = await startStage({})
  const told = (recipients: object[], courseTitle: string) =>
    stage.planned({ type: 'student.progress', recipients, data: { courseTitle, completedLessons: 1, totalLessons: 2 } })
  const one = { id: 'tutor', email: 'tutor@example.org', name: 'Rosalind Tutor' }
  await told([other], 'Analysis')
  stage.clock.advance(1)
  await told([one, other], 'Knots with Rosalind Tutor')
  stage.clock.set(new Date('2026-11-24T12:00:00Z'))
  const { rows } = await stage.db.query<{ id: string }>(`select id from notifications where state = 'scheduled'`)
  for (const { id } of rows) await digest(stage.ctx, id)
  await stage.db.query(
    `update notification_states set state = 'sent' where state = 'pending'
       and id in (select id from notification_details where address = $1)`,
    [other.email],
  )
  const theirs = async () => {
    const { rows } = await stage.db.query<{ content: { text: string } | null }>(
      `select m.content from notifications n left join messages m on m.notification_id = n.id
       where n.fact like 'digest:%' and n.address = $1`,
      [other.email],
    )
    return rows.map(({ content }) => content?.text ?? null)
  }
  expect(await theirs()).toEqual([expect.stringContaining('Rosalind Tutor')])
  expect(await eraseIn(stage.ctx, 'tutor', by)).toMatchObject({ kind: 'done' })
  expect(await theirs()).toEqual([null])
  const { rows: parts } = await stage.db.query(`select from digest_parts where content::text like '%Rosalind%'`)
  expect(parts).toEqual([])
  await stage.stop()
})

it('a body that changes while it is searched is not replaced: the erase is refused, and its repeat is done', async () => {
  const stage = await startStage({})
  const recipients = [{ id: 'early', email: 'early@example.org' }, other]
  const { eventId } = await stage.planned({ type: 'content.published', recipients, data: lesson })
  await stage.db.query(`update notification_states set state = 'sent', due_at = null`)
  const db = Object.create(stage.ctx.db, {
    connect: {
      value: async (...args: []) => {
        if (args.length === 0)
          await stage.db.query(`update event_bodies set raw = raw || ' ' where event_id = $1`, [eventId])
        return stage.ctx.db.connect(...args)
      },
    },
  })
  expect(await eraseIn({ ...stage.ctx, db }, 'early', by)).toEqual({
    kind: 'refused',
    detail: expect.stringContaining('changed meanwhile: repeat this'),
    isShort: true,
  })
  const { rows } = await stage.db.query<{ address: string }>(
    `select from notifications where address = 'early@example.org'`,
  )
  expect(rows).toHaveLength(1)
  expect(await eraseIn(stage.ctx, 'early', by)).toMatchObject({ kind: 'done', notifications: 1 })
  await stage.stop()
})

describe('what is not sent yet', () => {
  it('keeps its message where it goes to others, and the erase is refused until then', async () => {
    const stage = await startStage({})
    const recipients = [{ id: 'author', email: 'author@example.org', name: 'Grace Author' }, other]
    const data = { ...lesson, contentTitle: 'By Grace Author' }
    const eventId = await stage.accepted({ type: 'content.published', recipients, data })
    await plan(stage.ctx, eventId)
    const result = await eraseIn(stage.ctx, 'author', by)
    const detail = expect.stringContaining('1 to others, not sent yet')
    expect(result).toEqual({ kind: 'refused', detail, isShort: false })
    const read = () =>
      stage.db.query(
        `select address, state, exists (select from messages m where m.notification_id = n.id) as has_message
         from notifications n where event_id = $1 order by address nulls first, state`,
        [eventId],
      )
    expect((await read()).rows).toMatchObject([
      { state: 'cancelled' },
      { address: other.email, state: 'pending', has_message: true },
    ])
    await stage.db.query(`update notification_states set state = 'sent' where state = 'pending'`)
    expect((await eraseIn(stage.ctx, 'author', by)).kind).toBe('done')
    expect((await read()).rows).toMatchObject([
      { address: null, has_message: false },
      { address: other.email, state: 'sent', has_message: false },
    ])
    await stage.stop()
  })

  it('is cancelled also where it was planned while the person was being found', async () => {
    const stage = await startStage({})
    const eventId = await stage.accepted(shipped({ recipient: { id: 'raced', email: 'raced@example.org' } }))
    const db = Object.create(stage.ctx.db, {
      connect: {
        value: async (...args: []) => {
          if (args.length === 0) await plan(stage.ctx, eventId)
          return stage.ctx.db.connect(...args)
        },
      },
    })
    expect(await eraseIn({ ...stage.ctx, db }, 'raced', by)).toMatchObject({ kind: 'done', notifications: 1 })
    const { rows } = await stage.db.query('select state, address, recipient_id from notifications')
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows)
      expect(row).toMatchObject({ state: expect.stringMatching(/cancelled|suppressed/), address: null })
    await stage.stop()
  })
})
