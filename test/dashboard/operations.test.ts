// Providers, schedules, replays, notifiers, suppressions and preferences on the dashboard: shown to all, changed by operators.
import { describe, expect, it } from 'vitest'
import { useDesk } from '../helper/desk.ts'
import { ordered } from '../helper/events.ts'

const desk = useDesk()

/** A viewer sees the page without its acts, and is refused where it posts them. */
async function isReadByViewers(path: string, act: string, fields: Record<string, string> = {}): Promise<void> {
  const page = await desk.viewer.get(path)
  expect(page.status).toBe(200)
  expect(page.html).not.toMatch(/<form[^>]* action="\/dashboard\/(?!theme|sign-out|search)[^"]*" method="post"/)
  expect((await desk.viewer.post(act, fields)).status).toBe(403)
}

describe('providers', () => {
  it('are paused and resumed, by the key’s name', async () => {
    await desk.operator.get('/dashboard/providers')
    const paused = await desk.operator.post('/dashboard/providers/sandbox/pause')
    expect(paused.text).toContain('The sandbox is paused.')
    expect(paused.html).toContain('Paused by operator key <code>operator</code> at')
    expect(paused.text).toContain('Changes one so far')
    const again = await desk.operator.post('/dashboard/providers/sandbox/pause')
    expect(again.text).toContain('Nothing was changed. The provider is already paused.')
    expect((await desk.operator.post('/dashboard/providers/sandbox/resume')).text).toContain(
      'Every provider is called.',
    )
  })

  it('that are resumed while their circuit is open are not said to be called, and lead to what waits', async () => {
    const circuit = (set: string) => desk.world.db.query(`update provider_health set ${set} where provider = 'sandbox'`)
    await circuit(`circuit = 'open', opened_at = now(), next_probe_at = now() + interval '1 hour'`)
    const paused = await desk.operator.post('/dashboard/providers/sandbox/pause')
    expect(paused.html).toContain('href="/dashboard/notifications?state=pending&amp;channel=email"')
    const resumed = await desk.operator.post('/dashboard/providers/sandbox/resume')
    expect(resumed.text).toContain('The sandbox is paused no longer. Its circuit is still open')
    expect(resumed.text).not.toContain('is called again')
    await circuit(`circuit = 'closed', opened_at = null, next_probe_at = null`)
  })

  it('are not said to work while many of their calls fail', async () => {
    expect((await desk.operator.get('/dashboard/providers')).text).toContain('Working. It is tried first.')
    const calls = (good: number, bad: number) =>
      desk.world.db.query(
        `insert into provider_seconds (provider, second, good, bad) values ('sandbox', extract(epoch from now())::bigint, $1, $2)
         on conflict (provider, second) do update set good = $1, bad = $2`,
        [good, bad],
      )
    await calls(28, 72)
    const page = await desk.operator.get('/dashboard/providers')
    expect(page.text).toContain('Every provider is called. The sandbox fails often.')
    expect(page.text).not.toContain('Working. It is tried first.')
    await desk.world.db.query('delete from provider_seconds')
    await calls(98, 2)
    expect((await desk.operator.get('/dashboard/providers')).text).not.toContain('fails often')
  })

  it('say when one is tried again, and that a message does it once that time has come', async () => {
    const opened = (when: string) =>
      desk.world.db.query(
        `update provider_health set circuit = 'open', opened_at = now(), next_probe_at = now() + $1 where provider = 'sandbox'`,
        [when],
      )
    await opened('1 hour')
    expect((await desk.operator.get('/dashboard/providers')).text).toContain('One real message tries it in 1 hour.')
    await opened('-17 seconds')
    expect((await desk.operator.get('/dashboard/providers')).text).toContain('The next message that is due tries it.')
    await desk.world.db.query(
      `update provider_health set circuit = 'closed', next_probe_at = null where provider = 'sandbox'`,
    )
  })

  it('are read by viewers', () => isReadByViewers('/dashboard/providers', '/dashboard/providers/sandbox/pause'))
})

describe('schedules', () => {
  it('are run now', async () => {
    await desk.operator.get('/dashboard/schedules')
    const page = await desk.operator.post('/dashboard/schedules/schedule.exchange_rates/run')
    expect(page.text).toContain('Exchange rates has run now')
    expect(page.text).toContain('Failed payments schedule.failed_payments , every day at 10:00, UTC not so far')
    const { rows } = await desk.world.db.query(`select type from events where source = 'schedule'`)
    expect(rows).toEqual([{ type: 'schedule.exchange_rates' }])
  })

  it('are read by viewers', () =>
    isReadByViewers('/dashboard/schedules', '/dashboard/schedules/schedule.retention/run'))
})

describe('replays', () => {
  const window = { since: '2020-01-01', until: '2100-01-01', type: 'order.created' }

  it('show the plan, then run and show their progress', async () => {
    const { body } = await desk.world.app(ordered({ recipient: { email: 'r@example.org' } }))
    const { notifications } = await desk.world.event(body.id)
    await desk.world.db.query(
      `update notification_states set state = 'failed', reason_code = 'tries_used_up', reason_params = '{}' where id = $1`,
      [notifications[0]?.id],
    )
    const typed = { ...window, since: '2020-01-01 00:00' }
    const plan = await desk.operator.get(`/dashboard/replays/plan?${new URLSearchParams(typed)}`)
    expect(plan.text).toContain('Send 1 message?')
    expect(plan.text, 'it says nothing of none').not.toMatch(/\b0 messages/)
    const run = await desk.operator.post('/dashboard/replays', window)
    expect(run.path).toMatch(/^\/dashboard\/replays\/[\w-]{36}$/)
    await desk.world.event(body.id, ({ notifications }) => notifications[0]?.state === 'sent')
    expect((await desk.operator.get(run.path)).text).toContain(
      'It is done. 1 event was read again, and 1 message was sent.',
    )
    const { rows } = await desk.world.db.query('select asked_by from replays')
    expect(rows).toEqual([{ asked_by: 'operator key `operator`' }])
    const list = await desk.viewer.get('/dashboard/replays')
    expect(list.html).toContain(`<a class="lead" href="${run.path}">`)
    expect(list.text).toContain('order.created')
    expect(list.text).toMatch(/by operator key operator 1 of 1 event read, 1 message sent/)
  })

  it('are listed newest first, a page at a time', async () => {
    const old = (await desk.operator.post('/dashboard/replays', { ...window, until: '2020-01-02' })).path
    for (let i = 0; i < 20; i++) await desk.operator.post('/dashboard/replays', { ...window, until: '2020-01-02' })
    const page = await desk.viewer.get('/dashboard/replays')
    expect(page.html).not.toContain(old)
    const older = /<a href="([^"]+)">Older<\/a>/.exec(page.html)?.[1] ?? ''
    expect((await desk.viewer.get(older.replaceAll('&amp;', '&'))).html).toContain(old)
  })

  it('say what is wrong with a window', async () => {
    const page = await desk.operator.get('/dashboard/replays/plan?since=2026-01-02&until=2026-01-01')
    expect(page.status).toBe(400)
    expect(page.text).toContain('Received until, in UTC It must be later than since.')
    expect(page.html, 'what was typed is kept').toContain('value="2026-01-02"')
  })

  it('are read by viewers', () => isReadByViewers('/dashboard/replays', '/dashboard/replays', window))
})

describe('notifiers', () => {
  it('are previewed in any locale, in a frame that loads nothing', async () => {
    expect((await desk.viewer.get('/dashboard/notifiers')).text).toContain('order-shipped')
    const page = await desk.viewer.get('/dashboard/notifiers/order-shipped?locale=es-MX')
    const [, src = ''] = /<iframe[^>]* src="([^"]+)"/.exec(page.html) ?? []
    const frame = await desk.viewer.get(src.replaceAll('&amp;', '&'))
    expect(frame.html).toBe((await desk.world.get('/v1/notifiers/order-shipped/preview?locale=es-MX')).body)
    expect(frame.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/)
    expect(page.text).toContain(
      (await desk.world.get<string>('/v1/notifiers/order-shipped/preview?format=sms&locale=es-MX')).body,
    )
  })

  it('that there are not, and locales that are none, are said to be so', async () => {
    expect((await desk.viewer.get('/dashboard/notifiers/nobody')).text).toContain('No notifier has this name.')
    expect((await desk.viewer.get('/dashboard/notifiers/order-shipped?locale=!')).text).toContain('must be a locale')
  })
})

describe('suppressions', () => {
  const one = { channel: 'email', address: 'Stop@Example.org', reason: '<script>alert(1)</script>' }

  it('are added with a reason and lifted', async () => {
    await desk.operator.get('/dashboard/suppressions')
    const added = await desk.operator.post('/dashboard/suppressions', one)
    expect(added.text).toContain('stop@example.org is suppressed.')
    expect(added.html).not.toContain('<script>alert')
    expect((await desk.world.get('/v1/suppressions/email/stop@example.org')).body).toMatchObject({
      source: 'operator',
      reason: one.reason,
    })
    const masked = await desk.viewer.get('/dashboard/suppressions')
    expect(masked.text).toContain('s***@example.org')
    expect((await desk.viewer.post('/dashboard/suppressions/reveal')).text).toContain('stop@example.org')
    const lifted = await desk.operator.post('/dashboard/suppressions/lift', {
      channel: 'email',
      address: 'stop@example.org',
    })
    expect(lifted.text).toContain('No address is suppressed')
    expect(lifted.text).toContain('What did not arrive is sent again from its own page')
  })

  it('say in words why a provider reported an address', async () => {
    await desk.world.db.query(
      `insert into suppressions (channel, address, reason, source, created_at)
       values ('email', 'gone@example.org', 'hard_bounce', 'sendgrid', now())`,
    )
    const page = await desk.operator.get('/dashboard/suppressions')
    expect(page.text).toContain('gone@example.org email Mail to it bounced for good. reported by SendGrid')
    await desk.world.db.query('delete from suppressions')
  })

  it('are searched by address: what counts for it, masked for viewers', async () => {
    await desk.world.db.query(
      `insert into suppressions (channel, address, reason, source, created_at)
       values ('email', 'found@example.org', 'hard_bounce', 'sendgrid', now()),
         ('email', 'found@example.org', 'complaint', 'resend', now()),
         ('email', 'other@example.org', 'asked by phone', 'operator', now()), ('sms', '+14155550123', 'opted_out', 'twilio', now())`,
    )
    const at = (address: string) => `/dashboard/suppressions?address=${encodeURIComponent(address)}`
    const found = await desk.operator.get(at(' Found@Example.org '))
    expect(found.text).toContain('Mail to it bounced for good.')
    expect(found.html.match(/found@example\.org<\/b>/g)).toHaveLength(2)
    expect(found.text).not.toContain('other@example.org')
    expect(found.html).toMatch(/<input id="f-search"[^>]* value="Found@Example.org"/)
    expect((await desk.operator.get(at('+1 415 555 0123'))).text).toContain('+14155550123 SMS')
    expect((await desk.operator.get(at('nobody@example.org'))).text).toContain('This address is not suppressed')
    const misread = await desk.operator.get(at('nobody'))
    expect(misread.status).toBe(400)
    expect(misread.text).toContain('It must be an email address, or a phone number in E.164')
    const masked = await desk.viewer.get(at('found@example.org'))
    expect(masked.text).toContain('f***@example.org')
    expect(masked.html.match(/found@example\.org/g), 'as it was typed, for the field and for showing it').toHaveLength(
      2,
    )
    const { rows } = await desk.world.db.query(
      `select key_name, whose from access_log where what = 'searched by address'`,
    )
    expect(rows).toContainEqual({ key_name: 'viewer', whose: ['found@example.org'] })
    const shown = await desk.viewer.post('/dashboard/suppressions/reveal', { address: 'found@example.org' })
    expect(shown.html.match(/found@example\.org<\/b>/g)).toHaveLength(2)
    expect(shown.text).not.toContain('other@example.org')
    await desk.world.db.query('delete from suppressions')
  })

  it('say what is wrong with an address', async () => {
    const page = await desk.operator.post('/dashboard/suppressions', { ...one, address: 'nobody' })
    expect(page.text).toContain('Nothing was changed.')
    expect(page.text).toContain('must be an email address')
  })

  it('are not changed by viewers', () =>
    isReadByViewers('/dashboard/suppressions', '/dashboard/suppressions/lift', one))
})

describe('preferences', () => {
  it('are shown and changed by id', async () => {
    const before = await desk.operator.get('/dashboard/preferences?recipient=cus_9')
    expect(before.text).toContain('Product news goes out by email and SMS.')
    const after = await desk.operator.post('/dashboard/preferences', { recipient: 'cus_9', sms: 'on' })
    expect(after.text).toContain('Product news goes out by SMS.')
    expect((await desk.world.get('/v1/preferences/cus_9')).body).toEqual({ product: { email: false, sms: true } })
    const { rows } = await desk.world.db.query(`select distinct said_by from preferences where subject = 'cus_9'`)
    expect(rows).toEqual([{ said_by: 'operator key `operator`' }])
  })

  it('are not changed by viewers', () =>
    isReadByViewers('/dashboard/preferences?recipient=cus_9', '/dashboard/preferences', { recipient: 'cus_9' }))
})
