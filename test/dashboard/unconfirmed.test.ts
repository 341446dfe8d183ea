// Messages in doubt: settled one by one on the dashboard, and by a filter over HTTP and there, with the plan first.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { strokes } from '../../src/dashboard/kit/icons.tsx'
import { shipped } from '../helper/events.ts'
import { signedIn, type Visitor } from '../helper/visitor.ts'
import { keys, type Problem, startWorld, type World } from '../helper/world.ts'

let world: World
let operator: Visitor
beforeAll(async () => {
  world = await startWorld()
  operator = await signedIn(world)
})
afterAll(() => world.stop())

/** Notifications whose call by `lost` had no answer, held for a person; with `silent`, they prefer silence when unsure. */
let ids: { email: string; sms: string }
beforeEach(async () => {
  await world.db.query(`update notification_states set state = 'delivered' where state = 'unconfirmed'`)
  const { body } = await world.app(shipped())
  const { notifications } = await world.event(body.id)
  const idOf = (channel: string) => notifications.find((n) => n.channel === channel)?.id ?? ''
  ids = { email: idOf('email'), sms: idOf('sms') }
  await doubt(ids.email, 'resend')
  await doubt(ids.sms, 'twilio')
})

/** A call of this number has had no answer. */
async function doubt(id: string, provider: string, number = 2): Promise<void> {
  await world.db.query(
    `insert into attempts (id, notification_id, number, round, provider, cause, started_at, ended_at, outcome)
     values (gen_random_uuid(), $1, $3, 1, $2, 'retry', now(), now(), 'unknown')`,
    [id, provider, number],
  )
  await world.db.query(
    `update notification_states set state = 'unconfirmed', reason_code = 'held', reason_params = '{}', due_at = null where id = $1`,
    [id],
  )
}
const end = (id: string) => world.db.query(`update notification_states set state = 'delivered' where id = $1`, [id])

const settle = <T = { matched: number; settled: number; dryRun: boolean }>(body: unknown, key = keys.operator) =>
  world.send<T>('/v1/settlements', JSON.stringify(body), {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
  })
const stateOf = async (id: string) => (await world.notification(id)).state

describe('over HTTP', () => {
  it('settles all that match, each once, and only counts in a dry run', async () => {
    expect((await settle({ provider: 'twilio', sent: true, dryRun: true })).body).toEqual({
      matched: 1,
      settled: 0,
      dryRun: true,
    })
    expect(await stateOf(ids.sms)).toBe('unconfirmed')
    expect((await settle({ provider: 'twilio', sent: true })).body).toEqual({ matched: 1, settled: 1, dryRun: false })
    expect(await stateOf(ids.sms)).toBe('sent')
    expect(await stateOf(ids.email)).toBe('unconfirmed')
    expect((await settle({ provider: 'twilio', sent: true })).body).toEqual({ matched: 0, settled: 0, dryRun: false })
    const { timeline } = await world.notification(ids.sms)
    expect(timeline.map(({ what }) => what)).toContain('Operator key `operator` settled it as sent.')
  })

  it('settles only what was in doubt as of then, a repeated call included', async () => {
    await end(ids.sms)
    const asOf = new Date().toISOString()
    await doubt(ids.email, 'resend', 3)
    await doubt(ids.sms, 'vonage', 3)
    const about = { notifier: 'order-shipped', sent: true }
    expect((await settle({ ...about, dryRun: true })).body.matched).toBe(2)
    expect((await settle({ ...about, asOf })).body).toEqual({ matched: 1, settled: 1, dryRun: false })
    expect([await stateOf(ids.email), await stateOf(ids.sms)]).toEqual(['sent', 'unconfirmed'])
    expect((await settle({ ...about, asOf: '2020-01-01' })).body.matched).toBe(0)
    const later = new Date().toISOString()
    await world.db.query('update notification_states set restarted_after = 3 where id = $1', [ids.sms])
    await doubt(ids.sms, 'vonage', 4)
    expect((await settle({ ...about, asOf: later })).body.matched, 'a call after a person’s retry').toBe(0)
    expect((await settle<Problem>({ asOf, sent: true })).status).toBe(400)
  })

  it.each([
    [{ channel: 'email' }, 1],
    [{ channel: 'callback' }, 0],
    [{ notifier: 'order-shipped' }, 2],
    [{ notifier: 'order-shipped', channel: 'sms', provider: 'resend' }, 0],
    [{ since: '2020-01-01' }, 2],
    [{ since: '2100-01-01' }, 0],
    [{ until: '2020-01-01' }, 0],
  ])('by %o finds %i', async (filter, matched) => {
    expect((await settle({ ...filter, sent: false, dryRun: true })).body.matched).toBe(matched)
  })

  it.each([
    ['no filter', { sent: true }],
    ['no word on whether they were sent', { provider: 'twilio' }],
    ['a field that is none', { provider: 'twilio', sent: true, state: 'sent' }],
    ['a channel that is none', { channel: 'fax', sent: true }],
  ])('refuses %s', async (_name, body) => {
    expect((await settle<Problem>(body)).status).toBe(400)
  })

  it('is for operators', async () => {
    for (const key of [keys.viewer, keys.producer])
      expect((await settle<Problem>({ provider: 'twilio', sent: true }, key)).status).toBe(403)
  })
})

describe('the page', () => {
  it('says what is known of each, and settles one', async () => {
    const page = await operator.get('/dashboard/unconfirmed')
    expect(page.text).toContain('2 messages may or may not have gone out.')
    expect(page.text).toContain('Twilio may have accepted it.')
    expect(page.text).toContain('Order ORD-1001 has shipped')
    await operator.post(`/dashboard/notifications/${ids.sms}/settle`, { sent: 'true' })
    expect(await stateOf(ids.sms)).toBe('sent')
  })

  it('settles many after the plan, where the number is typed', async () => {
    const plan = await operator.get('/dashboard/unconfirmed/plan?provider=twilio&sent=true')
    expect(plan.text).toContain('Settle 1 message as sent?')
    expect(plan.text).toContain('Type 1 to go on')
    const wrong = await operator.post('/dashboard/unconfirmed/settle', {
      provider: 'twilio',
      sent: 'true',
      confirm: '2',
    })
    expect(wrong.text).toContain('Nothing was settled: 1 message matches now.')
    expect(await stateOf(ids.sms)).toBe('unconfirmed')
    const done = await operator.post('/dashboard/unconfirmed/settle', {
      provider: 'twilio',
      sent: 'true',
      confirm: '1',
    })
    expect(done.text).toContain('1 message settled as sent.')
    expect(await stateOf(ids.sms)).toBe('sent')
  })

  it('settles what the plan showed, though as many have come into doubt as have ended since', async () => {
    await end(ids.sms)
    const { html } = await operator.get('/dashboard/unconfirmed/plan?notifier=order-shipped&sent=true')
    const asOf = /name="asOf" value="([^"]+)"/.exec(html)?.[1] ?? ''
    const confirmed = { notifier: 'order-shipped', sent: 'true', confirm: '1', asOf }
    await doubt(ids.sms, 'vonage', 3)
    await end(ids.email)
    const gone = await operator.post('/dashboard/unconfirmed/settle', confirmed)
    expect(gone.text).toContain('Nothing was settled: 0 messages match now.')
    expect(await stateOf(ids.sms)).toBe('unconfirmed')
    await doubt(ids.email, 'resend', 3)
    const done = await operator.post('/dashboard/unconfirmed/settle', confirmed)
    expect(done.text).toContain('1 message settled as sent.')
    expect([await stateOf(ids.email), await stateOf(ids.sms)]).toEqual(['sent', 'unconfirmed'])
  })

  it('refuses a plan without a filter, and says why', async () => {
    const page = await operator.get('/dashboard/unconfirmed/plan?sent=true')
    expect(page.status).toBe(400)
    expect(page.text).toContain('must name at least one of provider, notifier, channel, since and until')
    expect(page.text).toContain('Settle many at once')
  })

  it.each([
    ['since', '2026-02-31', 'It must be a date, or a date and a time such as 2026-11-21 02:41.'],
    ['until', '2026-11-21 25:00', 'It must be a date, or a date and a time such as 2026-11-21 02:41.'],
  ])(
    'shows the form again where %s is %s, with the fault beside the field and what was entered',
    async (name, value, fault) => {
      const asked = { provider: 'twilio', notifier: 'order-shipped', channel: 'sms', sent: 'false', [name]: value }
      for (const settled of [false, true]) {
        if (settled)
          await world.db.query(`update notification_states set state = 'delivered' where state = 'unconfirmed'`)
        const page = await operator.get(`/dashboard/unconfirmed/plan?${new URLSearchParams(asked)}`)
        expect(page.status).toBe(400)
        expect(page.text).toContain('Nothing was settled. Correct the field that is marked below.')
        const field = new RegExp(`<input id="f-${name}"[^>]*>`).exec(page.html)?.[0]
        expect(field).toContain('aria-invalid="true"')
        expect(field).toContain(`value="${value}"`)
        expect(/<span class="fault" id="f-[a-z]+-f">.*?<\/span>/.exec(page.html)?.[0]).toContain(`f-${name}-f`)
        expect(page.text).toContain(fault)
        expect(page.html).toMatch(/<input id="f-provider"[^>]* value="twilio"/)
        expect(page.html).toMatch(/<input id="f-notifier"[^>]* value="order-shipped"/)
        expect(page.html).toMatch(/<option value="sms" selected=""/)
        expect(page.html).toMatch(/<option value="false" selected=""/)
      }
    },
  )

  it('shows a viewer what is known, masked, and no act', async () => {
    const viewer = await signedIn(world, keys.viewer)
    const page = await viewer.get('/dashboard/unconfirmed')
    expect(page.text).toContain('g***@example.org')
    expect(page.html).not.toContain('grace@example.org')
    expect(page.html).not.toMatch(/action="\/dashboard\/(notifications|unconfirmed)/)
    expect((await viewer.post('/dashboard/unconfirmed/settle', { provider: 'twilio', confirm: '1' })).status).toBe(403)
  })

  it('marks an answer that leaves it in doubt as a question, and not as a refusal', async () => {
    const { html } = await operator.get('/dashboard/unconfirmed')
    const lines = [...html.matchAll(/<li>(.*?)<\/li>/g)].map(([, line = '']) => line)
    const answered = lines.filter((line) => line.includes('may have accepted it.'))
    expect(answered.length).toBe(2)
    for (const line of answered) expect(line).toContain(strokes.ask)
  })

  it('of nothing in doubt says so', async () => {
    await world.db.query(`update notification_states set state = 'delivered' where state = 'unconfirmed'`)
    expect((await operator.get('/dashboard/unconfirmed')).text).toContain('Nothing is in doubt')
  })
})
