// Reports that arrive at the same time share transactions, and each still gets its own answer.
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Receipt } from '../../src/domain/receipt.ts'
import { makeRecord } from '../../src/record/record.ts'
import { deliver } from '../helper/deliver.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await startStage({})
})
afterEach(() => stage.stop())

/** Emails that have been sent, each with its attempt. */
async function sentEmails(count: number): Promise<{ id: string; attemptId: string }[]> {
  const emails: { id: string; attemptId: string }[] = []
  for (let i = 0; i < count; i++) {
    const { ids } = await stage.planned(shipped())
    await deliver(stage.ctx, ids.email ?? '')
    const { rows } = await stage.db.query('select id from attempts where notification_id = $1', [ids.email])
    emails.push({ id: ids.email ?? '', attemptId: rows[0].id })
  }
  return emails
}

function deliveredOf({ attemptId }: { attemptId: string }, once: string | null = null, more = '') {
  const receipt: Receipt = {
    ...{ key: `delivered ${attemptId}`, kind: 'delivered', at: stage.clock.now(), providerMessageId: null },
    ...{ notificationId: null, attemptId, address: null, suppress: null, code: null, text: null },
  }
  return { provider: 'sandbox', raw: Buffer.from(attemptId + more), receipts: [receipt], once }
}

const statesOf = (emails: { id: string }[]) =>
  Promise.all(emails.map(async ({ id }) => (await stage.audit(id)).notification.state))
/** How many transactions wrote the rows of a table that are new since the emails were sent. */
const transactionsOf = async (sql: string) => (await stage.db.query(`select distinct xmin::text from ${sql}`)).rowCount

it('they are stored in one transaction and applied in another', async () => {
  const emails = await sentEmails(6)
  const record = makeRecord(stage.ctx)
  const reports = emails.map((email) => deliveredOf(email))
  const [again] = reports
  expect(await Promise.all([...reports, ...(again ? [again] : [])].map(record))).toEqual([1, 1, 1, 1, 1, 1, 0])
  expect(await statesOf(emails)).toEqual(emails.map(() => 'delivered'))
  expect(await transactionsOf('reports')).toBe(1)
  expect(await transactionsOf('receipts')).toBe(1)
  expect(await transactionsOf(`notification_states where state = 'delivered'`)).toBe(1)
  const { rowCount } = await stage.db.query('select from reports')
  expect(rowCount, 'a repeated report is not kept').toBe(6)
})

it('one that the database refuses fails alone', async () => {
  const emails = await sentEmails(3)
  const refused = emails[1]?.attemptId
  await stage.db.query(
    `alter table receipts add constraint refused_by_a_test check (key <> 'delivered ${refused}') not valid`,
  )
  const record = makeRecord(stage.ctx)
  const ends = await Promise.allSettled(emails.map((email) => record(deliveredOf(email))))
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(await statesOf(emails)).toEqual(['delivered', 'sent', 'delivered'])
})

it('one that cannot be applied is stored, and the others are applied', async () => {
  const emails = await sentEmails(3)
  const blocked = emails[1]?.id
  await stage.db.query(
    `alter table notification_states add constraint refused_by_a_test
       check (id <> '${blocked}' or state <> 'delivered') not valid`,
  )
  const record = makeRecord(stage.ctx)
  expect(await Promise.all(emails.map((email) => record(deliveredOf(email))))).toEqual([1, 1, 1])
  expect(await statesOf(emails)).toEqual(['delivered', 'sent', 'delivered'])
  const { rows } = await stage.db.query('select notification_id as id from receipts where applied_at is null')
  expect(rows).toEqual([{ id: blocked }])
})

it('of two with one token, the same body is a repeat and another body is forged', async () => {
  const emails = await sentEmails(1)
  const [email = { attemptId: '' }] = emails
  const record = makeRecord(stage.ctx)
  const reports = [deliveredOf(email, 'token'), deliveredOf(email, 'token'), deliveredOf(email, 'token', ' forged')]
  expect(await Promise.all(reports.map(record))).toEqual([1, 0, null])
  expect(await statesOf(emails)).toEqual(['delivered'])
})
