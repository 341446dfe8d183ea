// The page of a notification: what it says in every state, what it shows of the message, and what can be done there.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type State, states } from '../../src/domain/notification.ts'
import { ordered, shipped } from '../helper/events.ts'
import { signedIn, type Visitor } from '../helper/visitor.ts'
import { type EventAudit, keys, type NotificationAudit, startWorld, type World } from '../helper/world.ts'

let world: World
let operator: Visitor
let viewer: Visitor
let event: EventAudit
beforeAll(async () => {
  world = await startWorld()
  const { body } = await world.app(shipped())
  event = await world.event(body.id)
  operator = await signedIn(world)
  viewer = await signedIn(world, keys.viewer)
})
afterAll(() => world.stop())

const idOf = (channel: string) => event.notifications.find((n) => n.channel === channel)?.id ?? ''
const pageOf = (id: string, one = operator, query = '') => one.get(`/dashboard/notifications/${id}${query}`)

/** A notification of its own, in a state. */
async function inState(state: State, reason: string | null, more = ''): Promise<string> {
  const { body } = await world.app(ordered({ recipient: { email: `${crypto.randomUUID()}@example.org` } }))
  const id = (await world.event(body.id)).notifications[0]?.id ?? ''
  const due = ['scheduled', 'pending', 'sending'].includes(state) ? `now() + interval '1 hour'` : 'null'
  await world.db.query(
    `update notification_states set state = $2, reason_code = $3, reason_params = '{}', due_at = ${due}${more} where id = $1`,
    [id, state, reason],
  )
  if (state === 'unconfirmed')
    await world.db.query(
      `insert into attempts (id, notification_id, number, round, provider, cause, started_at, ended_at, outcome)
       values (gen_random_uuid(), $1, 2, 1, 'sandbox', 'retry', now(), now(), 'unknown')`,
      [id],
    )
  return id
}

/** Puts its address, as it is now, on the suppression list. */
async function suppress(id: string): Promise<void> {
  await world.db.query(
    `insert into suppressions (channel, address, reason, source, created_at)
     select channel, lower(address), 'by request', 'operator', now()
     from notifications where id = $1 on conflict do nothing`,
    [id],
  )
}

const said: Record<State, [reason: string | null, first: string]> = {
  scheduled: ['send_at', 'It waits for its time. Scheduled for the requested send time.'],
  pending: ['next_round', 'It waits to be sent. No available provider accepted it.'],
  sending: ['attempt_open', 'It is being sent now.'],
  sent: [null, 'The sandbox took it.'],
  delivered: [null, 'It arrived. The mail server of example.org accepted it'],
  undelivered: ['bounced', 'It did not arrive. The provider accepted it and later reported'],
  unconfirmed: [
    'held',
    'Nobody knows so far whether it went out. It may have been sent, and this could not be confirmed. Held until a receipt or an operator settles it.',
  ],
  failed: ['tries_used_up', 'It was given up and not sent. No provider accepted it'],
  suppressed: ['opted_out', 'It was not sent, on purpose. The recipient has opted out'],
  expired: ['expired', 'It was not sent, as it would have come too late.'],
  cancelled: ['cancelled', 'It was stopped. Cancelled before it was sent.'],
  digested: ['digested', 'It became part of another message.'],
}

describe('in each state', () => {
  it.each(states)('%s, it says what became of it, what is next, and what can be done', async (state) => {
    const [reason, first] = said[state]
    const id = await inState(state, reason)
    await world.db.query(`update notification_details set sandboxed = null where id = $1`, [id])
    const page = await pageOf(id)
    expect(page.text).toContain(first)
    const offered = [...page.html.matchAll(/action="\/dashboard\/notifications\/[^/]+\/(\w+)"/g)].map(([, act]) => act)
    expect(offered).toContain('suppress')
    expect(offered.includes('retry')).toBe(['failed', 'undelivered', 'unconfirmed', 'expired'].includes(state))
    expect(offered.includes('cancel')).toBe(['scheduled', 'pending'].includes(state))
    expect(offered.includes('settle')).toBe(state === 'unconfirmed')
    expect(page.text).toContain(['scheduled', 'pending'].includes(state) ? 'Next: ' : 'Nothing is planned.')
    if (state === 'pending') expect(page.text).toMatch(/ next Next: an attempt\. (?:At|On \d+ \w+ at) \d\d:\d\d:\d\d\./)
  })

  const done: [State, reason: string | null, todo: string, say: string][] = [
    ['delivered', null, 'A late bounce or complaint', 'your mail provider took it'],
    ['sent', null, 'where none ever comes, look at the provider’s webhook', 'we have not heard yet that it arrived'],
    ['undelivered', 'bounced', 'Ask the customer for an address that works', 'it came back'],
    ['unconfirmed', 'held', 'Ask the provider or the customer whether it came', 'Did you get it?'],
    ['failed', 'tries_used_up', 'Fix what the attempts complain of, then send it again.', 'It did not reach you.'],
    ['failed', 'rejected', 'Check the address and what the provider answered', 'It did not reach you.'],
    [
      'suppressed',
      'suppressed_address',
      'lift the suppression, then replay its event',
      'We do not write to your address',
    ],
    ['suppressed', 'opted_out', 'change it under Preferences, then replay its event', 'You have turned off our news'],
    ['expired', 'expired', 'If it is still of use, send it again', 'We could not send'],
    ['scheduled', 'send_at', 'Next: ', 'your address at example.org'],
    ['pending', 'due', 'Next: ', 'We are sending the email'],
    ['pending', 'next_round', 'Next: an attempt.', 'could not yet. We try again'],
    ['pending', 'provider_asked_to_wait', 'Next: an attempt.', 'it goes out by itself as soon as that works again'],
    ['cancelled', 'superseded', 'The other event has its own messages.', 'Your payment went through after all'],
    ['cancelled', 'stopped', 'The other event has its own messages.', 'Things had changed before'],
  ]

  it.each(done)(
    '%s for the reason %s, it says what to do and what to tell the customer',
    async (state, reason, ...says) => {
      const id = await inState(state, reason)
      await world.db.query(`update notification_details set sandboxed = null where id = $1`, [id])
      await suppress(id)
      const { text } = await pageOf(id)
      for (const each of says) expect(text).toContain(each)
      expect(text.match(/What you can tell the customer/g)).toHaveLength(1)
    },
  )

  it.each([
    ['sent', null, '/replay?force=true'],
    ['suppressed', 'suppressed_address', '/dashboard/suppressions'],
    ['suppressed', 'opted_out', '/dashboard/preferences?recipient='],
  ] as const)('%s for the reason %s, it leads to where the rest is done', async (state, reason, way) => {
    const id = await inState(state, reason)
    await suppress(id)
    const { html } = await pageOf(id)
    expect(html).toMatch(new RegExp(`class="btn" href="[^"]*${way.replaceAll('?', '\\?')}`))
  })

  it('suppressed because mail to it came back, it asks for another address', async () => {
    const id = await inState('suppressed', 'suppressed_address')
    await world.db.query(`update notification_states set reason_params = '{"listedAs": "hard_bounce"}' where id = $1`, [
      id,
    ])
    await suppress(id)
    const { text } = await pageOf(id)
    expect(text).toContain('Ask the customer for an address that works')
    expect(text).toContain('Messages to your address at example.org came back before')
  })

  it('suppressed by a suppression that has been lifted since, it asks for no more than a replay', async () => {
    const id = await inState('suppressed', 'suppressed_address')
    await suppress(id)
    const { body: listed } = await world.get<NotificationAudit>(`/v1/notifications/${id}`)
    await world.db.query('delete from suppressions where address = lower($1)', [listed.to])
    const { body: lifted } = await world.get<NotificationAudit>(`/v1/notifications/${id}`)
    expect([listed.addressSuppressed, lifted.addressSuppressed]).toEqual([true, false])
    const { html, text } = await pageOf(id)
    expect(text).toContain('The address is no longer on the suppression list.')
    expect(text).toContain('If the customer still needs the message, replay its event.')
    expect(text).toContain('was due, so we did not send it. Shall we send it now?')
    expect(text).toContain('The address was on the suppression list when it was due.')
    expect(text).toContain('Replay its event: the address is no longer on the suppression list.')
    expect(text).not.toContain('lift the suppression')
    expect(html).not.toMatch(/class="btn" href="[^"]*\/dashboard\/suppressions/)
  })

  it('refused by an address whose suppression has been lifted since, it is sent again without another step', async () => {
    const id = await inState('failed', 'rejected', '')
    await world.db.query(
      `update notification_states set reason_params = '{"provider": "twilio", "errorCode": "21610", "suppress": "opted_out"}' where id = $1`,
      [id],
    )
    await world.db.query(`update notification_details set sandboxed = null where id = $1`, [id])
    const { text } = await pageOf(id)
    expect(text).toContain('The address is no longer on the suppression list.')
    expect(text).toContain('our messages to it were turned off. Shall we send it now?')
    expect(text).not.toContain('Lift that first')
  })

  const atFault: [State, reason: string, params: object, says: string[]][] = [
    [
      'failed',
      'rejected',
      { errorCode: '21610', suppress: 'opted_out' },
      ['by START where it was STOP', 'reply START'],
    ],
    [
      ...(['failed', 'rejected', { errorCode: '21614', suppress: 'invalid_address' }] as const),
      [
        'Ask the customer for an address that works',
        'may we use another one?',
        'Lift that first',
        'See the suppressions',
      ],
    ],
    [
      ...(['undelivered', 'bounced', { code: '30006', text: null, suppress: 'invalid_address' }] as const),
      ['Ask the customer for an address that works', 'Is that still the right number'],
    ],
    [
      'undelivered',
      'bounced',
      { code: '30003', text: null },
      ['switched off or out of reach', 'Is it switched on', 'phone not reached'],
    ],
    [
      'undelivered',
      'bounced',
      { code: '30007', text: null },
      ['settle the filter', 'Nothing is wrong with your number', 'carrier did not take it'],
    ],
    ['suppressed', 'suppressed_address', { listedAs: 'opted_out' }, ['by START where it was STOP', 'reply START']],
    ['undelivered', 'bounced', { code: '30034', text: null }, ['has to be fixed', 'Nothing is wrong with your number']],
  ]
  it.each(atFault)('a text that is %s as %s by %j says what is at fault', async (state, code, params, says) => {
    const id = await inState(state, code, `, channel = 'sms'`)
    await world.db.query('update notification_states set reason_params = $2 where id = $1', [
      id,
      JSON.stringify({ provider: 'twilio', ...params }),
    ])
    await world.db.query(
      `update notification_details set sandboxed = null, channel = 'sms', address = '+14155550123' where id = $1`,
      [id],
    )
    await suppress(id)
    const { text } = await pageOf(id)
    for (const each of says) expect(text).toContain(each)
    expect(text).not.toContain('Check the address')
  })

  it('that went to the sandbox, it has nothing to tell the customer', async () => {
    const { text } = await pageOf(idOf('email'))
    expect(text).not.toContain('What you can tell the customer')
    expect(text).not.toContain('No receipt has come')
    expect(text).toContain('No receipt will come: the sandbox sends nothing.')
  })

  it('that went to the operator, it has nothing to tell the customer', async () => {
    const id = await inState('sent', null)
    await world.db.query(
      `update notification_details set sandboxed = null, notifier = 'operator-alert' where id = $1`,
      [id],
    )
    expect((await pageOf(id)).text).not.toContain('What you can tell the customer')
  })

  it('that the sandbox took for want of a provider, it says how it is sent for real', async () => {
    const { text } = await pageOf(idOf('email'))
    expect(text).toContain('To send it for real, set up a provider, then replay its event with force.')
  })

  it('that waits for the answer to a call, it says so', async () => {
    const id = await inState('sending', 'attempt_open')
    await world.db.query(
      `insert into attempts (id, notification_id, number, round, provider, cause, started_at)
       values (gen_random_uuid(), $1, 3, 1, 'smtp', 'retry', now())`,
      [id],
    )
    const page = await pageOf(id)
    expect(page.text).toContain('The call to the mail server is open. Its answer decides what follows.')
    expect(page.text).toContain('next The call to the mail server is open.')
    expect(page.text).not.toMatch(/Nothing (more )?is planned/)
  })

  it.each(states)('%s, the API takes exactly the acts that are offered', async (state) => {
    const id = await inState(state, said[state][0])
    for (const act of ['retry', 'cancel', 'settle']) {
      const page = await pageOf(id)
      const isOffered = page.html.includes(`action="/dashboard/notifications/${id}/${act}"`)
      if (isOffered) continue
      const done = await operator.post(`/dashboard/notifications/${id}/${act}`, { sent: 'true' })
      expect(done.text, `${act} of ${state}`).toContain('Nothing was changed.')
    }
  })
})

describe('the message', () => {
  it('is shown in a frame of its own that runs nothing and loads nothing', async () => {
    const page = await pageOf(idOf('email'))
    const [, src = ''] = /<iframe[^>]* src="([^"]+)"/.exec(page.html) ?? []
    expect(page.html).toMatch(/<iframe[^>]* sandbox=""/)
    const frame = await operator.get(src)
    const policy = frame.headers.get('content-security-policy')
    expect(policy).toMatch(
      /^sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'/,
    )
    expect(frame.headers.get('cache-control')).toBe('no-store')
    expect(frame.headers.get('x-frame-options')).toBe('SAMEORIGIN')
    const { message } = await world.notification(idOf('email'))
    expect(frame.html).toBe(message?.html)
    const pictures = await operator.get(`${src}?pictures=true`)
    expect(pictures.headers.get('content-security-policy')).toContain('img-src data: https:;')
  })

  it('is shown as plain text, and an SMS with its segments', async () => {
    const { message } = await world.notification(idOf('email'))
    const text = await pageOf(idOf('email'), operator, '?form=text')
    expect(text.text).toContain(message?.text.split('\n')[0])
    const sms = await pageOf(idOf('sms'))
    expect(sms.text).toMatch(/\d+ characters, GSM-7, 1 segment/)
  })
})

describe('what an operator does', () => {
  const timelineOf = async (id: string) => (await world.notification(id)).timeline.map(({ what }) => what)

  it('sends it again, and is on record by the key’s name', async () => {
    const id = await inState('failed', 'tries_used_up')
    await pageOf(id)
    const page = await operator.post(`/dashboard/notifications/${id}/retry`)
    expect(page.text).toContain('It is sent again.')
    expect(await timelineOf(id)).toContain('Operator key `operator` requested a retry.')
    // The flash is shown once.
    expect((await pageOf(id)).text).not.toContain('It is sent again.')
  })

  it('cancels it', async () => {
    const id = await inState('scheduled', 'send_at')
    await pageOf(id)
    expect((await operator.post(`/dashboard/notifications/${id}/cancel`)).text).toContain(
      'It is cancelled and is not sent.',
    )
    expect(await timelineOf(id)).toContain('Operator key `operator` cancelled it.')
  })

  it('settles it', async () => {
    const id = await inState('unconfirmed', 'held')
    await pageOf(id)
    const page = await operator.post(`/dashboard/notifications/${id}/settle`, { sent: 'true' })
    expect(page.text).toContain('It is settled as sent. The timeline shows what follows.')
  })

  it('suppresses its address with a reason', async () => {
    const id = await inState('delivered', null)
    const { to } = (await world.get<NotificationAudit>(`/v1/notifications/${id}`)).body
    await pageOf(id)
    const without = await operator.post(`/dashboard/notifications/${id}/suppress`, { reason: ' ' })
    expect(without.text).toContain('reason must not be empty')
    await operator.post(`/dashboard/notifications/${id}/suppress`, { reason: 'Asked by phone' })
    const { body } = await world.get(`/v1/suppressions/email/${to}`)
    expect(body).toMatchObject({ reason: 'Asked by phone', source: 'operator' })
  })
})

describe('a viewer', () => {
  it('sees addresses masked and no message, and reads why no act is offered', async () => {
    const page = await pageOf(idOf('email'), viewer)
    expect(page.text).toContain('g***@example.org')
    expect(page.html).not.toContain('grace@example.org')
    expect(page.text).toContain('Viewers see it once they ask for it')
    expect(page.text).toContain('A viewer’s key can only read.')
    expect(page.html).not.toContain('<iframe')
  })

  it('sees them after asking, which is recorded with whose they were', async () => {
    await pageOf(idOf('email'), viewer)
    const page = await viewer.post(`/dashboard/notifications/${idOf('email')}/reveal`)
    expect(page.text).toContain('grace@example.org')
    const [, src = ''] = /<iframe[^>]* src="([^"]+)"/.exec(page.html) ?? []
    expect((await viewer.get(src)).html).toContain('<html')
    const { rows } = await world.db.query(
      `select key_name, subject, whose from access_log where what = 'revealed addresses'`,
    )
    expect(rows).toContainEqual({
      key_name: 'viewer',
      subject: `notification ${idOf('email')}`,
      whose: ['grace@example.org'],
    })
  })

  it.each(['retry', 'cancel', 'settle', 'suppress'])('cannot %s', async (act) => {
    const id = await inState('unconfirmed', 'held')
    await pageOf(id, viewer)
    const page = await viewer.post(`/dashboard/notifications/${id}/${act}`, { sent: 'true', reason: 'x' })
    expect(page.status).toBe(403)
    expect(page.text).toContain('A viewer key may not do this')
    expect((await world.notification(id)).state).toBe('unconfirmed')
  })
})

describe('what others wrote', () => {
  it('is text wherever it is shown', async () => {
    const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
    const { body } = await world.app(
      ordered({ recipient: { id: evil, email: 'evil@example.org', name: evil }, reference: evil }),
    )
    const id = (await world.event(body.id)).notifications[0]?.id ?? ''
    await world.db.query(`update notification_details set subject = $2 where id = $1`, [id, evil])
    await world.db.query(
      `update notification_states set state = 'undelivered', reason_code = 'bounced', reason_params = $2, provider_message_id = $3
       where id = $1`,
      [id, JSON.stringify({ code: evil, text: evil }), evil],
    )
    await world.db.query(
      `insert into attempts (id, notification_id, number, round, provider, cause, started_at, ended_at, outcome, blame, error, error_code)
       values (gen_random_uuid(), $1, 2, 1, 'sandbox', 'first', now(), now(), 'rejected', 'message', $2, $2)`,
      [id, evil],
    )
    await world.db.query(
      `with r as (insert into reports (id, provider, received_at) values (gen_random_uuid(), 'sandbox', now()) returning id)
       insert into receipts (id, report_id, provider, key, kind, received_at, notification_id, code, text)
       select gen_random_uuid(), r.id, 'sandbox', 'k', 'undelivered', now(), $1, $2, $2 from r`,
      [id, evil],
    )
    await operator.post(`/dashboard/notifications/${id}/suppress`, { reason: evil })
    for (const path of [
      `/dashboard/notifications/${id}`,
      '/dashboard/notifications',
      `/dashboard/search?${new URLSearchParams({ q: evil })}`,
    ]) {
      const { html, text } = await operator.get(path)
      expect(text).toContain('alert(1)')
      expect(html, path).not.toMatch(/<img|<script(?! src="\/assets\/dashboard\.js\?)/)
    }
  })
})

it('of an id that there is not, it says so', async () => {
  for (const id of ['nothing', crypto.randomUUID(), '..%2f..%2fv1%2fevents']) {
    const page = await pageOf(id)
    expect(page.status).toBe(404)
    expect(page.text).toContain('No notification has this id.')
  }
})
