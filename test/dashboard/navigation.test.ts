// The counts in the navigation: what waits for a person, read on every page.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ordered } from '../helper/events.ts'
import { signedIn, type Visitor } from '../helper/visitor.ts'
import { keys, type NotificationShown, startWorld, type World } from '../helper/world.ts'

let world: World
let viewer: Visitor
beforeAll(async () => {
  world = await startWorld()
  viewer = await signedIn(world, keys.viewer)
})
afterAll(() => world.stop())

/** The navigation's items that have a count. */
async function counted(path = '/dashboard/events'): Promise<string[]> {
  const { html } = await viewer.get(path)
  const items = [
    ...html.matchAll(/<a href="[^"]*"[^>]*><svg.*?<\/svg>([^<]+)<span class="count (\w+)"[^>]*>([^<]+)<span/g),
  ]
  return items.map(([, name, tone, n]) => `${name} ${tone} ${n}`)
}

async function put(state: string, reason: string): Promise<string> {
  const { body } = await world.app(ordered({ recipient: { email: `${state}@example.org` } }))
  const { notifications } = await world.event(body.id)
  const id = notifications[0]?.id ?? ''
  await world.db.query(
    `update notification_states set state = $2, reason_code = $3, reason_params = '{}' where id = $1`,
    [id, state, reason],
  )
  return id
}

describe('the navigation', () => {
  it('of a calm service counts nothing', async () => {
    expect(await counted()).toEqual([])
  })

  it('counts what is in doubt, what was given up lately, and providers that are not called', async () => {
    const inDoubt = await put('unconfirmed', 'held')
    const settling = await put('unconfirmed', 'settling')
    await put('failed', 'tries_used_up')
    const old = await put('failed', 'tries_used_up')
    await world.db.query(`update notification_states set given_up_at = now() - interval '25 hours' where id = $1`, [
      old,
    ])
    await world.db.query(
      `insert into provider_health (provider, circuit, opened_at, next_probe_at) values ('carrier', 'open', now(), now())`,
    )
    await world.db.query(
      `update provider_health set circuit = 'open', opened_at = now(), next_probe_at = now() + interval '1 hour' where provider = 'sandbox'`,
    )
    expect(await counted(), 'a provider that is on no route is called by nobody').toEqual([
      'Unconfirmed ask 1',
      'Given up bad 1',
      'Providers bad 1',
    ])
    await world.db.query(`update notification_states set state = 'sent', reason_code = null where id = any($1)`, [
      [inDoubt, settling],
    ])
    expect(await counted('/dashboard/nothing')).toEqual(['Given up bad 1', 'Providers bad 1'])
  })

  it('counts what was given up by when it was, as the list behind the number and the overview have it', async () => {
    await world.db.query(
      `update provider_health set circuit = 'closed', opened_at = null, next_probe_at = null where provider = 'sandbox'`,
    )
    const madeLongAgo = await put('failed', 'delivery_failed')
    await world.db.query(
      `update notification_states set created_at = created_at - interval '3 days', given_up_at = now() where id = $1`,
      [madeLongAgo],
    )
    expect(await counted()).toContain('Given up bad 2')
    const { html, text: overview } = await viewer.get('/dashboard')
    const [, to = ''] = /<a href="([^"]*)"[^>]*><svg[^<]*(?:<[^>]*>)*?Given up/.exec(html) ?? []
    expect(to).toMatch(/^\/dashboard\/notifications\?state=failed&amp;givenUpSince=/)
    const list = await viewer.get(to.replace('&amp;', '&'))
    expect(list.html.match(/<tr><td class="top1">/g)).toHaveLength(2)
    expect(list.html.indexOf(madeLongAgo), 'the latest given up stands first').toBe(
      list.html.indexOf('/dashboard/notifications/0') + '/dashboard/notifications/'.length,
    )
    expect(overview).toContain('failed 2 messages')
    const since = new Date(Date.now() - 3_600_000).toISOString()
    const { body } = await world.get<{ data: NotificationShown[] }>(
      `/v1/notifications?state=failed&givenUpSince=${since}`,
    )
    const [latest] = body.data
    expect(latest?.id).toBe(madeLongAgo)
    expect(latest?.givenUpAt && latest.givenUpAt >= since, 'and it shows when that was').toBe(true)
    expect(list.html.toLowerCase()).toContain(`datetime="${latest?.givenUpAt}"`.toLowerCase())
  })

  it('counts a provider that a person has paused, which the overview and the page of providers name too', async () => {
    await world.db.query(
      `update provider_health set paused_at = now(), paused_by = 'somebody' where provider = 'sandbox'`,
    )
    expect(await counted()).toContain('Providers ask 1')
    expect((await viewer.get('/dashboard')).text).toContain('paused The sandbox')
    expect((await viewer.get('/dashboard/providers')).text).toContain('The sandbox is not called now.')
    await world.db.query('update provider_health set paused_at = null, paused_by = null')
  })

  it('counts as unconfirmed what the page behind it says', async () => {
    for (const reason of ['held', 'held', 'settling']) await put('unconfirmed', reason)
    expect(await counted()).toContain('Unconfirmed ask 2')
    expect((await viewer.get('/dashboard/unconfirmed')).text).toContain('2 messages may or may not have gone out.')
    expect((await viewer.get('/dashboard')).text).toContain('unconfirmed 2 messages')
    for (let i = 0; i < 12; i++) await put('unconfirmed', 'settling')
    const { html } = await viewer.get('/dashboard/unconfirmed')
    const whole = [...html.matchAll(/<section[^>]*id="n-([^"]+)"/g)].map(([, id]) => id)
    const { rows } = await world.db.query(
      "select id from notifications where reason_code = 'held' and state = 'unconfirmed'",
    )
    expect(whole).toHaveLength(10)
    expect(whole.slice(0, 2).sort(), 'those that wait for a person come first').toEqual(rows.map(({ id }) => id).sort())
    expect(html.match(/<tr><td class="top1">/g), 'and the rest follow in a table').toHaveLength(5)
    await world.db.query(`update notification_states set reason_code = 'settling' where state = 'unconfirmed'`)
    expect((await counted()).join()).not.toContain('Unconfirmed')
    expect((await viewer.get('/dashboard/unconfirmed')).text).toContain('Nothing needs you yet')
  })

  it('counts no further than a hundred', async () => {
    const id = await put('failed', 'tries_used_up')
    await world.db.query(
      `with d as (insert into notification_details (id, event_id, event_type, source_type, source, fact, notifier, category, channel,
           recipient_key, locale, timezone, priority, when_unsure, created_at)
         select gen_random_uuid(), event_id, event_type, source_type, source, fact, notifier, category, channel, 'k' || i, locale,
           timezone, priority, when_unsure, now()
         from notification_details, generate_series(1, 100) as i where id = $1 returning id, channel, priority, created_at)
       insert into notification_states (id, channel, priority, created_at, state, reason_code)
       select id, channel, priority, created_at, 'failed', 'tries_used_up' from d`,
      [id],
    )
    expect(await counted()).toContain('Given up bad 99+')
  })

  it('says where the list of what was given up belongs', async () => {
    const { html } = await viewer.get('/dashboard/notifications?state=failed')
    expect(html).toMatch(/<a href="\/dashboard\/notifications\?state=failed[^"]*" aria-current="page">/)
  })
})
