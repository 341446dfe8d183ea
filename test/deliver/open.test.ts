// Opening attempts together: what one of a batch takes, and what becomes of it where the batch fails by another's fault.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeAttempts } from '../../src/deliver/attempts.ts'
import { attemptsOf } from '../helper/deliver.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage

beforeEach(async () => {
  stage = await startStage({
    ...{ RESEND_API_KEY: 're_of_tests', RESEND_BASE_URL: 'http://127.0.0.1:9', RESEND_RATE: '1' },
    ...{ SENDGRID_API_KEY: 'SG.of-tests', SENDGRID_BASE_URL: 'http://127.0.0.1:9' },
  })
  // A rate begins with no token, and a fast test would come before the first.
  await stage.db.query(
    `update provider_health set tokens = 5, tokens_at = clock_timestamp() where provider = 'sendgrid'`,
  )
})
afterEach(() => stage.stop())

const email = async () =>
  (await stage.planned(shipped({ recipient: { email: `${crypto.randomUUID()}@example.org` } }))).ids.email ?? ''
/** One that cannot be opened: its message is not there. */
async function broken(): Promise<string> {
  const id = await email()
  await stage.db.query('delete from messages where notification_id = $1', [id])
  return id
}
const oneToken = () =>
  stage.db.query(`update provider_health set tokens = 1, tokens_at = clock_timestamp() where provider = 'resend'`)
const toOpen = (id: string) => ({ notificationId: id, now: stage.clock.now(), token: null, mayBeLarge: false })
const open = (id: string) => attemptsOf(stage.ctx).open(toOpen(id))
/** Asked at once, so that they share a batch. */
const together = (...ids: string[]) => Promise.allSettled(ids.map(open))

describe('where a batch fails by one of them, the others open alone', () => {
  const failed = { status: 'rejected', reason: new Error('the notification to send has no message') }

  it('and the permit to probe is not lost', async () => {
    await stage.db.query(
      `update provider_health set circuit = 'open', opened_at = now(), next_probe_at = now() where provider = 'resend'`,
    )
    await stage.ctx.health.refresh()
    await stage.ctx.health.claimProbe('resend')
    const [probe, other] = await together(await email(), await broken())
    expect(probe).toMatchObject({ value: { kind: 'opened', attempt: { provider: 'resend', probe: true } } })
    expect(other).toEqual(failed)
    const [next] = await together(await email())
    expect(next, 'it was for one').toMatchObject({ value: { kind: 'opened', attempt: { provider: 'sendgrid' } } })
  })

  it('and no token of a rate is lost', async () => {
    const ids = [await broken(), await email()]
    await oneToken()
    const [other, first] = await together(...ids)
    expect(other).toEqual(failed)
    expect(first).toMatchObject({ value: { kind: 'opened', attempt: { provider: 'resend' } } })
  })
})

it('of two jobs of one notification at once, one opens an attempt and the other finds it open', async () => {
  const id = await email()
  await oneToken()
  const [first, second] = await together(id, id)
  expect(first).toMatchObject({ value: { kind: 'opened', attempt: { number: 1 } } })
  expect(second).toMatchObject({ value: { kind: 'skipped', why: 'an attempt is open' } })
})

it('what opening decides without a call is written by one transaction with its job', async () => {
  const id = await email()
  await oneToken()
  await open(id)
  // Its worker has died: the attempt is unknown, and is settled later.
  stage.clock.advance(60_000)
  // The first batch of a process has its writes go with the COMMIT, unless there are jobs.
  const step = await makeAttempts(stage.ctx).open(toOpen(id))
  expect(step).toMatchObject({ kind: 'moved', state: 'unconfirmed' })
  const { rows } = await stage.db.query(
    `select s.xmin = j.xmin as one from notification_states s
     join posthorn_jobs.job j on j.data->'ids' ? s.id::text where s.id = $1 order by j.created_on desc limit 1`,
    [id],
  )
  expect(rows).toEqual([{ one: true }])
})
