// A service with something of everything on its pages: messages in many states, failures, doubts, counts and replays.
import { posthorn } from '../../clients/typescript/index.ts'
import { ordered, shipped } from '../helper/events.ts'
import { eventually, keys, type World } from '../helper/world.ts'

/** Fills the service, and answers what is looked at, by the names of the pictures. */
export async function seed(world: World): Promise<Record<string, string>> {
  const people = ['grace', 'ada.lovelace.of.the.analytical.engine', 'alan', 'edsger', 'barbara']
  const ids: string[] = []
  for (const [i, name] of people.entries())
    ids.push(
      (await world.app(ordered(customer(i, name)))).body.id,
      (await world.app(shipped(customer(i, name)))).body.id,
    )
  const made = await Promise.all(ids.map((id) => world.event(id)))
  await world.app({ type: 'order.shiped', data: {} })
  const idOf = (of: number, channel: string) => made[of]?.notifications.find((n) => n.channel === channel)?.id ?? ''

  const client = posthorn({ url: world.url, key: keys.operator })
  await doubtful(world, idOf(4, 'sms'), 'twilio')
  await doubtful(world, idOf(6, 'email'), 'resend')
  await delivered(world, idOf(1, 'email'))
  await counted(world)
  await worded(world)
  await client.PUT('/v1/suppressions/{channel}/{address}', {
    params: { path: { channel: 'email', address: 'stop@example.org' } },
    body: { reason: 'Asked for it by phone, and again by a letter of three pages that nobody could answer' },
  })
  const replay = await client.POST('/v1/replays', {
    body: { since: '2020-01-01T00:00:00Z', until: '2100-01-01T00:00:00Z', type: 'order.created', ratePerSecond: 1000 },
  })
  const run = replay.data && 'id' in replay.data ? replay.data.id : ''
  // It would send again what is made to have failed below.
  await eventually(
    async () => (await world.get<{ status: string }>(`/v1/replays/${run}`)).body.status === 'done' || null,
  )
  await world.quiet()
  await failed(world, idOf(2, 'email'))
  await unwell(world)

  return {
    overview: '/dashboard',
    notifier: '/dashboard/notifiers/order-shipped',
    wording: '/dashboard/notifiers/order-shipped/copy?locale=es-MX',
    preferences: '/dashboard/preferences?recipient=cus_0',
    list: '/dashboard/notifications',
    'given-up': '/dashboard/notifications?state=failed',
    events: '/dashboard/events',
    filter: '/dashboard/events?status=failed',
    search: '/dashboard/search?q=ORD-1',
    unfound: '/dashboard/search?q=ORD-404',
    email: `/dashboard/notifications/${idOf(1, 'email')}`,
    sms: `/dashboard/notifications/${idOf(1, 'sms')}`,
    failure: `/dashboard/notifications/${idOf(2, 'email')}`,
    doubt: `/dashboard/notifications/${idOf(4, 'sms')}`,
    event: `/dashboard/events/${ids[1]}`,
    replay: `/dashboard/events/${ids[0]}/replay?force=true`,
    'settle-plan': '/dashboard/unconfirmed/plan?channel=sms&sent=true',
    'replay-plan': '/dashboard/replays/plan?since=2020-01-01&until=2100-01-01',
    run: `/dashboard/replays/${run}`,
    suppressed: '/dashboard/suppressions?address=stop@example.org',
    unsuppressed: '/dashboard/suppressions?address=nobody',
    'refused-settle': '/dashboard/unconfirmed/plan?provider=twilio&since=2026-02-31&sent=false',
    refused: '/dashboard/replays/plan?since=2026-01-02&until=2026-01-01',
    misread: '/dashboard/events?since=yesterday',
  }
}

function customer(i: number, name: string) {
  const recipient = { id: `cus_${i}`, email: `${name}@example.org`, phone: `+1415555010${i}`, name, locale: 'en-US' }
  return { recipient, reference: `ORD-${i}` }
}

async function attempt(world: World, id: string, { number, provider, outcome }: Attempt): Promise<void> {
  await world.db.query(
    `insert into attempts (id, notification_id, number, round, provider, cause, started_at, ended_at, outcome, blame, status_code,
       error_code, error)
     values (gen_random_uuid(), $1, $2, 1, $3, 'retry', now(), now(), $4, $5, $6, $7, $8)`,
    [id, number, provider, ...answers[outcome]],
  )
}

interface Attempt {
  number: number
  provider: string
  outcome: keyof typeof answers
}

const answers = {
  unknown: ['unknown', null, null, 'ECONNRESET', 'the connection was closed before the answer'],
  rejected: [
    'rejected',
    'provider',
    403,
    'domain_not_verified',
    'The domain fernwood.example is not verified for sending.',
  ],
  deferred: ['deferred', null, 503, null, 'Service temporarily unavailable'],
}

async function move(world: World, id: string, state: string, reason: string | null): Promise<void> {
  await world.db.query(
    `update notification_states set state = $2, reason_code = $3, reason_params = '{}', due_at = null where id = $1`,
    [id, state, reason],
  )
  await world.db.query('update notification_details set sandboxed = null where id = $1', [id])
}

async function failed(world: World, id: string): Promise<void> {
  await attempt(world, id, { number: 2, provider: 'resend', outcome: 'rejected' })
  await attempt(world, id, { number: 3, provider: 'sendgrid', outcome: 'deferred' })
  await move(world, id, 'failed', 'tries_used_up')
}

async function doubtful(world: World, id: string, provider: string): Promise<void> {
  await attempt(world, id, { number: 2, provider, outcome: 'unknown' })
  await move(world, id, 'unconfirmed', 'held')
}

async function delivered(world: World, id: string): Promise<void> {
  await move(world, id, 'delivered', null)
  await world.db.query('update notification_states set delivered_at = now(), opened_at = now() where id = $1', [id])
}

/** A circuit that is open, and calls that fail, until long after the tests. */
async function unwell(world: World): Promise<void> {
  await world.db.query(
    `update provider_health set circuit = 'open', opened_at = now() - interval '7 minutes', next_probe_at = now() - interval '17 seconds',
       cause = '{"kind": "failures_in_row", "failures": 5}' where provider = 'sandbox'`,
  )
  await world.db.query(
    `insert into provider_changes (provider, at, what, changed_by, inputs)
     values ('sandbox', now() - interval '7 minutes', 'circuit_opened', 'automation', '{"kind": "failures_in_row", "failures": 5}')`,
  )
  await world.db.query(
    `insert into provider_seconds (provider, second, good, bad, latency_ms) values ('sandbox', extract(epoch from now())::bigint + 3600, 28, 72, 410000)
     on conflict do nothing`,
  )
}

/** A day of traffic on the overview, and 30 days of a notifier's copy. */
async function counted(world: World): Promise<void> {
  await world.db.query(
    `insert into minute_counts (minute, what, n)
     select date_trunc('minute', now()) - make_interval(mins => 10 * i), what, (share * (40 + 30 * sin(i / 9.0)))::integer
     from generate_series(1, 140) as i,
       (values ('accepted', 1), ('sent', 1.4), ('in_time', 1.39), ('delivered', 1.2), ('undelivered', 0.03), ('failed', 0.02)) as w(what, share)
     on conflict do nothing`,
  )
  await world.db.query(
    `insert into copy_counts
     select 'order-shipped', date_trunc('day', now() - make_interval(days => i), 'UTC'), channel, locale, version, 1200, 1100,
       case channel when 'email' then 430 else 0 end, case channel when 'email' then 57 else 0 end
     from generate_series(3, 29) as i, (values ('email', 'en', 0), ('sms', 'en', 0), ('email', 'es-MX', 1)) as c(channel, locale, version)`,
  )
}

async function worded(world: World): Promise<void> {
  const client = posthorn({ url: world.url, key: keys.operator })
  const wording = { params: { path: { name: 'order-shipped', locale: 'es-MX' } } }
  const draft = (heading: string) =>
    client.PUT('/v1/notifiers/{name}/copy/{locale}', { ...wording, body: { messages: { heading } } })
  await draft('Su pedido va en camino')
  await client.POST('/v1/notifiers/{name}/copy/{locale}/publish', wording)
  await draft('Su pedido ya salió')
}
