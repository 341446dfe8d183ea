// What an event says must not become another text in a mail program that decodes it (RFC 2047).
import { afterAll, beforeAll, expect, it } from 'vitest'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage({})
})
afterAll(() => stage.stop())

it('a subject with an encoded word in it is not decoded', async () => {
  const data = { orderNumber: '=?UTF-8?B?c3VwcG9ydEBiYW5r?=', carrier: 'DHL', trackingNumber: 'JD014600' }
  const { ids } = await stage.planned(shipped({ data }))
  const { rows } = await stage.db.query<{ subject: string; content: { subject: string } }>(
    `select n.subject, m.content from notification_details n join messages m on m.notification_id = n.id where n.id = $1`,
    [ids.email],
  )
  expect(rows[0]?.subject).toBe('Order = ?UTF-8?B?c3VwcG9ydEBiYW5r?= has shipped')
  expect(rows[0]?.content.subject).toBe(rows[0]?.subject)
})
