// Every Stripe event that is read comes to the same as a thin event: messages, and what it does to others without one.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { enrich } from '../../src/plan/enrich.ts'
import { plan } from '../../src/plan/plan.ts'
import { samples } from '../../src/sources/stripe/samples.ts'
import { types } from '../../src/sources/stripe/translate.ts'
import { eventsOf, waitingOf } from '../helper/invoice-parts.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { refusal, type StripeVendor, startStripe } from '../helper/stripe-vendor.ts'

let stripe: StripeVendor
let stage: Stage
let keyless: Stage
beforeAll(async () => {
  stripe = await startStripe()
  const operator = { OPERATOR_EMAIL: 'ops@fernwood.example' }
  stage = await startStage({ ...operator, STRIPE_API_KEY: 'rk_test_of_the_thin_types', STRIPE_API_BASE: stripe.url })
  keyless = await startStage(operator)
})
afterAll(async () => {
  await stage.stop()
  await keyless.stop()
  await stripe.close()
})

interface Snapshot {
  id: string
  type: string
  created: number
  data: { object: { id?: string } }
}

/** The thin event of a snapshot, which Stripe then has. */
function thinOf(snapshot: Snapshot): object {
  const { id, type, created, data } = snapshot
  stripe.objects.set(id, snapshot)
  return {
    ...{
      id: `${id}_thin`,
      object: 'v2.core.event',
      type: `v1.${type}`,
      created: new Date(created * 1000).toISOString(),
    },
    ...{ livemode: false, snapshot_event: id },
    related_object: { id: data.object.id ?? 'none', type: 'whatever', url: `/v1/things/${data.object.id ?? 'none'}` },
  }
}

/** Its id, once it was planned, and enriched if it had to be. */
async function come(to: Stage, event: object): Promise<string> {
  const raw = Buffer.from(JSON.stringify(event))
  const of = { source: 'stripe', sourceId: crypto.randomUUID(), raw, reportsFaultsToSender: false }
  const id = await to.accepted(event, of)
  await plan(to.ctx, id)
  await enrich(to.ctx, id)
  await plan(to.ctx, id)
  return id
}

let run = 0
function sampleOf(type: string): Snapshot {
  run += 1
  const about = { email: `ada${run}@example.com`, phone: null, customer: `cus_${run}`, run: `of${run}of` }
  const sample = samples[type as keyof typeof samples]
  const event = JSON.stringify(sample({ ...about, nowMs: stage.clock.now().getTime() }))
  return JSON.parse(event.replaceAll('sub_sample', `sub_${about.run}`))
}

/** What became of an event, without the number of the run. */
async function endOf(to: Stage, id: string) {
  const { rows: events } = await to.db.query(
    `select type, status, reason_code, reason_params, reference, reference_names, mentions, fact, stopped from events where id = $1`,
    [id],
  )
  const { rows: notifications } = await to.db.query(
    'select notifier, channel, address, subject from notification_details where event_id = $1 order by notifier, channel',
    [id],
  )
  const { rows: omissions } = await to.db.query(
    'select notifier, channel, reason_code from omissions where event_id = $1',
    [id],
  )
  return JSON.parse(JSON.stringify({ events, notifications, omissions }).replaceAll(/of\d+of|(?<=ada|cus_)\d+/g, 'N'))
}

it.each(types)('%s comes to the same as its snapshot', async (type) => {
  const byThin = await endOf(stage, await come(stage, thinOf(sampleOf(type))))
  const bySnapshot = await endOf(stage, await come(stage, sampleOf(type)))
  expect(byThin).toEqual(bySnapshot)
  expect(['planned', 'ignored']).toContain(bySnapshot.events[0].status)
})

it.each(types)('%s says without a key that its content is missing', async (type) => {
  const { events } = await endOf(keyless, await come(keyless, thinOf(sampleOf(type))))
  expect(events).toMatchObject([{ type: expect.any(String), status: 'failed', reason_code: 'no_content' }])
  expect(events[0].reason_params.detail).toContain('STRIPE_API_KEY')
})

it('a payment that waits for its link is planned as soon as the link was fetched', async () => {
  const events = eventsOf(stage, { a: 5000, b: 2500 }) as Record<string, Snapshot>
  const of = (name: string) => events[name] as Snapshot
  const other = eventsOf(stage, { c: 100 }) as Record<string, Snapshot>
  await come(stage, thinOf(other.C as Snapshot))
  // Stripe does not say it of the payment and the invoice themselves.
  stripe.answer(refusal(403, 'invalid_request_error'))
  await come(stage, of('V'))
  const part = await come(stage, of('a'))
  stripe.answers()
  expect(await waitingOf(stage, [part])).toEqual([part])
  const dueAt = async () =>
    (await stage.db.query<{ due: Date }>('select due_at as due from events where id = $1', [part])).rows[0]?.due
  expect(await dueAt()).not.toEqual(stage.clock.now())
  await come(stage, thinOf(of('A')))
  expect(await dueAt()).toEqual(stage.clock.now())
  await plan(stage.ctx, part)
  expect(await endOf(stage, part)).toMatchObject({
    events: [{ status: 'planned' }],
    notifications: [],
    omissions: expect.arrayContaining([expect.objectContaining({ reason_code: 'already_notified' })]),
  })
})
