// Accepted answers, which are closed by one statement: what it leaves alone.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { transaction } from '../../src/store/db.ts'
import { attemptsOf } from '../helper/deliver.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { eventually } from '../helper/world.ts'

let stage: Stage

beforeEach(async () => {
  stage = await startStage({
    RESEND_API_KEY: 're_of_tests',
    RESEND_BASE_URL: 'http://127.0.0.1:9',
    RESEND_RATE: '1000',
  })
  // A rate begins with no token.
  await stage.db.query('update provider_health set tokens = 5, tokens_at = clock_timestamp()')
})
afterEach(() => stage.stop())

async function opened(): Promise<string> {
  const { ids } = await stage.planned(shipped({ recipient: { email: `${crypto.randomUUID()}@example.org` } }))
  const notificationId = ids.email ?? ''
  const one = { notificationId, now: stage.clock.now(), token: null, mayBeLarge: false }
  expect(await attemptsOf(stage.ctx).open(one)).toMatchObject({ kind: 'opened' })
  return notificationId
}

const accept = (notificationId: string, number = 1) =>
  attemptsOf(stage.ctx).close({
    ...{ notificationId, number, provider: 'resend', endedAt: stage.clock.now() },
    outcome: { kind: 'accepted', ref: `e-${notificationId}`, statusCode: 200 },
  })
const stateOf = async (id: string) => {
  const { notification, attempts } = await stage.audit(id)
  return [notification.state, ...attempts.map(({ outcome }) => outcome)]
}

it('one answer that is written twice is the same answer', async () => {
  const id = await opened()
  expect(await accept(id)).toEqual({ kind: 'closed', state: 'sent' })
  expect(await accept(id)).toEqual({ kind: 'closed', state: 'sent' })
  const { notification } = await stage.audit(id)
  expect(notification).toMatchObject({ provider: 'resend', sentAt: stage.clock.now(), dueAt: null, reasonCode: null })
})

it('an answer without an id keeps the id by which the provider is known to have the message', async () => {
  const id = await opened()
  await stage.db.query(`update notification_states set provider_message_id = 'known' where id = $1`, [id])
  await attemptsOf(stage.ctx).close({
    ...{ notificationId: id, number: 1, provider: 'resend', endedAt: stage.clock.now() },
    outcome: { kind: 'accepted', ref: null, statusCode: 200 },
  })
  expect((await stage.audit(id)).notification).toMatchObject({ state: 'sent', providerMessageId: 'known' })
})

it('answers that come together each get their own, whatever the others are', async () => {
  const [first, refused, unknown, last] = await Promise.all([opened(), opened(), crypto.randomUUID(), opened()])
  const refuse = attemptsOf(stage.ctx).close({
    ...{ notificationId: refused, number: 1, provider: 'resend', endedAt: stage.clock.now() },
    outcome: { kind: 'rejected', blame: 'message', code: 'x', text: 'no' },
  })
  expect(await Promise.allSettled([accept(first), refuse, accept(unknown), accept(last)])).toMatchObject([
    { value: { kind: 'closed', state: 'sent' } },
    { value: { kind: 'closed', state: 'failed' } },
    { reason: new Error('the attempt to close does not exist') },
    { value: { kind: 'closed', state: 'sent' } },
  ])
})

it('an attempt that is given up while the answer waits for the lock is not closed by it, nor is the call that follows', async () => {
  const id = await opened()
  const { answered } = await transaction(stage.db, async (tx) => {
    await tx.query('select from posthorn.notification_states where id = $1 for update', [id])
    await tx.query(
      `update posthorn.attempts set outcome = 'unknown', ended_at = now(), error_code = 'worker_lost' where notification_id = $1`,
      [id],
    )
    await tx.query(
      `insert into posthorn.attempts (id, notification_id, number, round, provider, cause, started_at)
       values (gen_random_uuid(), $1, 2, 1, 'resend', 'repeat', now())`,
      [id],
    )
    await tx.query('update posthorn.notification_states set due_at = now() where id = $1', [id])
    const answered = accept(id)
    await eventually(async () => {
      const { rowCount } = await tx.query(
        'select from pg_stat_activity where datname = current_database() and pg_backend_pid() = any(pg_blocking_pids(pid))',
      )
      return rowCount === 1
    })
    return { answered }
  })
  expect(await answered).toEqual({ kind: 'late' })
  expect(await stateOf(id)).toEqual(['sending', 'unknown', null])
  expect(await accept(id, 2)).toEqual({ kind: 'closed', state: 'sent' })
})
