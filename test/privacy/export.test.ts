// An export of a person with much: it is read in parts, as fast as it is taken.
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { exportPerson } from '../../src/operate/export-person.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { keys, startWorld } from '../helper/world.ts'

const many = 160
const recipient = { id: 'cus_many', email: 'many@example.org' }

/** Copies of the one event of the person and of its notification, with their content. */
const copies = `
  with made as materialized (
    select n, (left(first_id_at(now())::text, 13) || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id
    from generate_series(2, $1) n),
  event as (
    insert into events select (jsonb_populate_record(e, jsonb_build_object('id', m.id, 'source_id', m.id))).*
    from events e cross join made m),
  body as (insert into event_bodies select m.id, b.raw from event_bodies b cross join made m),
  details as (
    insert into notification_details
    select (jsonb_populate_record(d, jsonb_build_object('id', m.id, 'event_id', m.id, 'fact', m.id))).*
    from notification_details d cross join made m),
  states as (
    insert into notification_states select (jsonb_populate_record(s, jsonb_build_object('id', m.id))).*
    from notification_states s cross join made m)
  insert into messages select m.id, content from messages cross join made m`

let stage: Stage
beforeEach(async () => {
  stage = await startStage({})
})
afterEach(() => stage.stop())

it('reads no more than the next part before what it has read is taken', async () => {
  await stage.planned(shipped({ recipient }))
  await stage.db.query(copies, [many])
  let read = 0
  const { db } = stage.ctx
  const counting = new Proxy(db, {
    get: (pool, name) => {
      const value = Reflect.get(pool, name)
      if (name === 'connect' || name === 'query') read++
      return typeof value === 'function' ? value.bind(pool) : value
    },
  })
  const result = await exportPerson({ ...stage.ctx, db: counting }, recipient.id, 'ops')
  const found = result.kind === 'done' ? result.exported : null
  expect(found?.person).toMatchObject({ notificationIds: { length: many }, eventIds: { length: many } })
  read = 0
  const [notifications, events] = [Readable.from(found?.notifications ?? []), Readable.from(found?.events ?? [])]
  expect(await notifications.iterator({ destroyOnReturn: false }).next()).toMatchObject({ done: false })
  expect(await events.iterator({ destroyOnReturn: false }).next()).toMatchObject({ done: false })
  expect(read).toBeLessThanOrEqual(6)
  expect([await notifications.toArray(), await events.toArray()].map(({ length }) => length)).toEqual([
    many - 1,
    many - 1,
  ])
  expect(read).toBeGreaterThan(6)
})

it('is one JSON document with each notification and event once, the oldest first, and is read by a GET only', async () => {
  const world = await startWorld()
  const { body } = await world.app(shipped({ recipient }))
  await world.event(body.id)
  await world.quiet()
  await world.db.query(copies, [many])
  const { body: exported } = await world.get<Record<'notifications' | 'events', { id: string }[]>>(
    `/v1/recipients/${recipient.id}/export`,
    keys.operator,
  )
  for (const list of [exported.notifications, exported.events]) {
    const ids = list.map(({ id }) => id)
    expect(new Set(ids).size).toBe(many)
    expect(ids).toEqual(ids.toSorted())
  }
  expect(exported.notifications.at(-1)).toMatchObject({ to: recipient.email, message: { text: expect.any(String) } })
  expect(exported.events.at(-1)).toMatchObject({ body: expect.stringContaining(recipient.email) })
  const url = `${world.url}/v1/recipients/nobody/export`
  const head = await fetch(url, { method: 'HEAD', headers: { authorization: `Bearer ${keys.operator}` } })
  expect([head.status, head.headers.get('allow')]).toEqual([405, 'GET'])
  const nobody = await world.get<object>('/v1/recipients/nobody/export', keys.operator)
  expect(nobody.body).toEqual({
    ...{
      ids: ['nobody'],
      addresses: [],
      notifications: [],
      events: [],
      suppressions: [],
      preferences: [],
      payments: [],
    },
    accesses: [expect.objectContaining({ what: 'exported a person' })],
  })
  await world.stop()
})
