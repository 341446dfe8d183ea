// After an erase nothing of a person is left in what concerns others too, in no encoding that a mask knows.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { leaks, spellings } from '../helper/planted.ts'
import { mailgunCallback } from '../helper/receipts.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { eventually, keys, startWorld, type World } from '../helper/world.ts'

const signingKey = 'mailgun_signing_key_of_tests'
const ada = { email: 'noor.q+x@veiled.example.org', phone: '+31612345678', national: '612345678' }
const person = { id: 'noor', email: ada.email, phone: ada.phone, name: 'Noor Q' }
const other = { id: 'bob', email: 'bob@shown.example.com', name: 'Bob Shown' }
/** In texts that are too short for the longest encodings. */
const short = spellings(ada).filter((text) => text.length <= 90)

let world: World
let mailgun: Vendor
beforeAll(async () => {
  mailgun = await startVendor(accepting.mailgun)
  world = await startWorld({
    env: {
      MAILGUN_API_KEY: 'key_of_tests',
      MAILGUN_DOMAIN: 'mg.acme.example',
      MAILGUN_BASE_URL: mailgun.url,
      MAILGUN_SIGNING_KEY: signingKey,
    },
  })
})
afterAll(async () => {
  await world.stop()
  await mailgun.close()
})

const call = (method: string, path: string, body?: object) =>
  fetch(world.url + path, {
    method,
    headers: { authorization: `Bearer ${keys.operator}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })

async function posted(event: object): Promise<string> {
  const response = await call('POST', '/v1/events', event)
  const { id } = (await response.json()) as { id: string }
  expect(response.status).toBe(200)
  return id
}

/** Every row of every table in which an address can be read, in any encoding. */
async function found(): Promise<string[]> {
  const { rows: tables } = await world.db.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  const all: string[] = []
  for (const { name } of tables) {
    const { rows } = await world.db.query<{ row: string }>(
      `select row::text as row from (select t.*, case when to_jsonb(t) ? 'raw' then
         convert_from(decode(substr(to_jsonb(t)->>'raw', 3), 'hex'), 'UTF8') end as read from ${name} t) row`,
    )
    for (const { row } of rows) {
      // Bytes are read above, and would be read as hexadecimal once more.
      const leaked = leaks(row.replace(/\\+x[0-9a-f]{100,}/g, ''), [ada])
      if (leaked.length > 0) all.push(`${name}: ${leaked} in ${row.slice(0, 300)}`)
    }
  }
  return all
}

it('a person is in no table after an erase, however events for others, their messages and references name them', async () => {
  const lesson = { courseTitle: 'Analysis', contentTitle: 'Limits', url: 'https://learn.example.com/1' }
  const data = { ...lesson, said: spellings(ada), [`by ${ada.email}`]: { deep: [spellings(ada).join(' ')] } }
  await posted({ type: 'content.published', recipients: [person, { ...other, data: { note: data.said } }], data })
  for (let i = 0; i < short.length; i += 12)
    await posted({
      type: 'content.published',
      reference: short[i],
      recipients: [person, other],
      data: { ...lesson, contentTitle: `By ${short[i + 1] ?? person.name}` },
    })
  await world.quiet()
  await eventually(async () => {
    const { rowCount } = await world.db.query(`select from notifications where state in ('pending', 'sending')`)
    return rowCount === 0
  })
  const { rows } = await world.db.query<{ id: string }>(`select id from notifications where address = $1`, [ada.email])
  for (const [index, text] of short.slice(0, 8).entries()) {
    const event = {
      ...{ event: 'failed', severity: 'temporary', timestamp: Date.now() / 1000, id: text, recipient: ada.email },
      ...{ reason: ada.email, 'delivery-status': { message: `to ${text}`, code: ada.email } },
      'user-variables': { notification_id: rows[index]?.id },
    }
    const { path, payload, headers } = mailgunCallback(event, { signingKey })
    expect((await world.send(path, payload, headers)).status).toBe(200)
  }
  for (const [index, text] of short.entries())
    await call('PUT', `/v1/suppressions/email/${index}@shown.example.com`, {
      reason: `lives with ${person.name}, ${text}`,
    })
  expect((await found()).length).toBeGreaterThan(40)
  for (const key of [ada.email, person.id]) {
    const answer = await call('DELETE', `/v1/recipients/${encodeURIComponent(key)}`)
    expect(await answer.json()).toMatchObject({ events: expect.any(Number) })
  }
  expect((await found()).slice(0, 10)).toEqual([])
  const { rows: left } = await world.db.query<{ n: number }>(
    `select count(*)::integer as n from notifications where address = $1 and state = 'sent'`,
    [other.email],
  )
  expect(left[0]?.n).toBe(Math.ceil(short.length / 12) + 1)
  const { rows: reasons } = await world.db.query<{ reason: string }>(
    `select reason from suppressions where address like '%@shown.example.com'`,
  )
  expect(reasons).toHaveLength(short.length)
  for (const { reason } of reasons) expect(reason).toMatch(/^lives with/)
  expect(JSON.stringify(reasons)).not.toContain(person.name)
})

function isPackedNumber(text: string): boolean {
  if (!/^[\w+/-]{8,}={0,2}$/.test(text)) return false
  const read = [text, text.slice(1)].flatMap((run) => [Buffer.from(run, 'base64'), Buffer.from(run, 'hex')])
  return read.some((bytes) => /^(?=.*[ (-])(?:\{"to":")?[\p{N} ()-]+(?:"\})?$/u.test(bytes.toString()))
}

it('is found in every encoding also in events that are not theirs, by each address that was written to', async () => {
  const known = { id: 'wim', email: 'wim-9@hidden.example.net', phone: '+4745678912', national: '45678912' }
  const { email, phone } = known
  await posted({
    type: 'order.shipped',
    recipient: { id: known.id, email, phone },
    data: { orderNumber: 'A-1', carrier: 'DHL', trackingNumber: 'T-1' },
  })
  await world.quiet()
  // Of numbers in base64 or hexadecimal, only those without separators are looked for everywhere.
  const texts = spellings(known).filter((text) => !isPackedNumber(text))
  const ids = await Promise.all(texts.map((text) => posted({ type: 'warehouse.moved', data: { log: text } })))
  const apart = ['wim-9@else.example.net', 'tim-9@hidden.example.net', '4567891200', 'order 1945678912', '%61%62%63']
  const others = await Promise.all(apart.map((text) => posted({ type: 'warehouse.moved', data: { log: text } })))
  expect((await call('DELETE', `/v1/recipients/${known.id}`)).status).toBe(200)
  const { rows } = await world.db.query<{ id: string; read: string }>(
    `select event_id as id, convert_from(raw, 'UTF8') as read from event_bodies where event_id = any($1)`,
    [[...ids, ...others]],
  )
  expect(rows.filter(({ id }) => ids.includes(id)).map(({ read }) => read)).toEqual([])
  expect(rows).toHaveLength(others.length)
})
