// The page of an event: what came of it, why the rest did not, and its replay with the plan first.
import { describe, expect, it } from 'vitest'
import { useDesk } from '../helper/desk.ts'
import { ordered, paymentIntent, shipped, stripeEvent } from '../helper/events.ts'
import { keys } from '../helper/world.ts'

const desk = useDesk()

async function told(event: unknown): Promise<string> {
  const { body } = await desk.world.app(event)
  await desk.world.event(body.id)
  return body.id
}

describe('the page', () => {
  it('says what came of it, and why the rest did not', async () => {
    const id = await told(ordered({ recipient: { id: 'cus_1', email: 'ada@example.org' } }))
    const page = await desk.operator.get(`/dashboard/events/${id}`)
    expect(page.text).toContain('1 message went to the sandbox, which sends nothing.')
    expect(page.text).toContain('1 message that could be expected was not made; why is below.')
    expect(page.text).toContain('order-confirmation SMS No address is known for this channel.')
    expect(page.text).toContain('"orderNumber": "ORD-1001"')
  })

  it('marks a test event, and no other', async () => {
    const live = await told(shipped())
    const test = (
      await desk.world.stripe({ ...stripeEvent('payment_intent.succeeded', paymentIntent()), livemode: false })
    ).body
    await desk.world.event(test.id)
    expect((await desk.operator.get(`/dashboard/events/${test.id}`)).html).toContain('>a test event</span>')
    expect((await desk.operator.get(`/dashboard/events/${live}`)).html).not.toContain('a test event')
    const list = await desk.operator.get('/dashboard/events')
    expect(list.text.match(/, a test\b/g)).toHaveLength(1)
  })

  it('shows the beginning of a long body, and says where the rest is', async () => {
    const id = await told(shipped({ data: { ...(shipped().data as object), note: 'x'.repeat(30_000) } }))
    const page = await desk.operator.get(`/dashboard/events/${id}`)
    expect(page.text).toContain('This is the beginning, 20,000 characters.')
    expect(page.text).toContain(`GET /v1/events/${id}`)
    expect(page.text.length).toBeLessThan(25_000)
  })

  it('says why nobody was told', async () => {
    const page = await desk.operator.get(`/dashboard/events/${await told({ type: 'order.shiped', data: {} })}`)
    expect(page.text).toContain('Nobody was notified, on purpose. No notifier handles this event type.')
    expect(page.html).toContain('Did you mean <code>order.shipped</code>?')
  })

  it('does not say that an event of which nothing is left had told nobody', async () => {
    const id = crypto.randomUUID()
    await desk.world.db.query(
      `insert into events (id, source, source_id, type, source_type, status, priority, occurred_at, received_at, forgotten_at)
       select $1::uuid, 'shop', $1::uuid::text, 'order.shipped', 'order.shipped', 'planned', 'normal', at, at, now()
       from (select now() - interval '400 days' as at) as long_ago`,
      [id],
    )
    const { body } = await desk.world.get<object>(`/v1/events/${id}`, keys.operator)
    expect(body).toMatchObject({ status: 'planned', counts: {}, notifications: [], body: null })
    const page = await desk.operator.get(`/dashboard/events/${id}`)
    expect(page.text).toContain('None of its messages is left. If it made any, they were removed')
    expect(page.text).not.toContain('It only concerns other events.')
  })

  it('says what it starts later', async () => {
    const due = {
      type: 'payment.pending',
      recipient: { email: 'b@example.org' },
      data: { amount: { amount: 100, currency: 'eur' } },
    }
    const { body } = await desk.world.app(due)
    await desk.world.event(body.id, ({ timers }) => timers.length > 0)
    expect((await desk.operator.get(`/dashboard/events/${body.id}`)).text).toMatch(/payment\.timed_out Due in \d days/)
  })

  it('shows what the source sent as text', async () => {
    const evil = '<script>alert(1)</script>'
    const id = await told(ordered({ reference: evil, data: { ...(ordered().data as object), note: evil } }))
    const { html } = await desk.operator.get(`/dashboard/events/${id}`)
    expect(html).not.toContain('<script>alert')
    expect(html).toContain('&lt;script&gt;alert(1)')
  })

  it('masks addresses for a viewer until it asks, which is recorded', async () => {
    const id = await told(shipped())
    const masked = await desk.viewer.get(`/dashboard/events/${id}`)
    expect(masked.html).not.toContain('grace@example.org')
    expect(masked.text).toContain('g***@example.org')
    const shown = await desk.viewer.post(`/dashboard/events/${id}/reveal`)
    expect(shown.html).toContain('grace@example.org')
    const { rows } = await desk.world.db.query('select subject from access_log where subject = $1', [`event ${id}`])
    expect(rows).toHaveLength(1)
  })

  it('of an id that there is not says so', async () => {
    expect((await desk.operator.get(`/dashboard/events/${crypto.randomUUID()}`)).text).toContain(
      'No event has this id.',
    )
  })
})

describe('a replay', () => {
  const sentOf = async (id: string) => {
    const text =
      'select count(*)::integer as n from attempts a join notifications n on n.id = a.notification_id where n.event_id = $1'
    return (await desk.world.db.query(text, [id])).rows[0].n
  }

  it('shows its plan first and does nothing', async () => {
    const id = await told(shipped())
    const page = await desk.operator.get(`/dashboard/events/${id}/replay`)
    expect(page.text).toContain('A replay would send nothing')
    expect(page.text).toContain('2 messages were already sent and are not sent again.')
    const forced = await desk.operator.get(`/dashboard/events/${id}/replay?force=true`)
    expect(forced.text).toContain('Send 2 messages again?')
    await desk.world.quiet()
    expect(await sentOf(id)).toBe(2)
    const { body } = await desk.world.get<{ timeline?: unknown }>(`/v1/events/${id}`)
    expect(JSON.stringify(body)).not.toContain('replay')
  })

  it('is done when it is confirmed, by the key’s name', async () => {
    const id = await told(shipped())
    await desk.operator.get(`/dashboard/events/${id}/replay?force=true`)
    const page = await desk.operator.post(`/dashboard/events/${id}/replay`, { force: 'true' })
    expect(page.path).toBe(`/dashboard/events/${id}`)
    expect(page.text).toContain('It is replayed: 2 messages will be sent.')
    await desk.world.quiet()
    expect(await sentOf(id)).toBe(4)
    const { notifications } = await desk.world.event(id)
    const { timeline } = await desk.world.notification(notifications[0]?.id ?? '')
    expect(timeline.map(({ what }) => what)).toContain('Operator key `operator` replayed its event.')
  })

  it('is no viewer’s to do, nor to plan', async () => {
    const id = await told(shipped())
    expect((await desk.viewer.get(`/dashboard/events/${id}`)).html).not.toContain(`/dashboard/events/${id}/replay`)
    expect((await desk.viewer.get(`/dashboard/events/${id}/replay`)).status).toBe(403)
    expect((await desk.viewer.post(`/dashboard/events/${id}/replay`, { force: 'true' })).status).toBe(403)
  })
})
