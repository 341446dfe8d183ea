// The service watches itself: each alert is told once, and its end too; while all is well it asks the heartbeat's address.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makeAttempts } from '../../src/deliver/attempts.ts'
import { makeDeliver } from '../../src/deliver/deliver.ts'
import { retry } from '../../src/operate/retry.ts'
import { notifyApps } from '../../src/record/notify-apps.ts'
import { heartbeatOf } from '../../src/schedule/heartbeat.ts'
import { watch } from '../../src/schedule/watch.ts'
import { lockAlerts } from '../../src/store/alerts.ts'
import { openDb, transaction } from '../../src/store/db.ts'
import { deliver } from '../helper/deliver.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { startVendor, type Vendor } from '../helper/vendor.ts'
import { eventually, shopSecret, startWorld } from '../helper/world.ts'

const hourMs = 3_600_000

let stage: Stage
let app: Vendor
beforeEach(async () => {
  app = await startVendor({ status: 500 })
  stage = await startStage({
    OPERATOR_EMAIL: 'ops@fernwood.example',
    APP_CALLBACKS: `shop=${app.url}/hooks`,
    APP_WEBHOOK_SECRETS: `shop=${shopSecret}`,
    CALLBACKS_ALLOW_PRIVATE: 'true',
  })
})
afterEach(async () => {
  await stage.stop()
  await app.close()
})

/** The titles of the alerts so far, in order. */
async function told(): Promise<string[]> {
  const { rows } = await stage.db.query(
    `select b.raw from events e join event_bodies b on b.event_id = e.id where e.source = 'posthorn' order by e.id`,
  )
  return rows.map(({ raw }) => JSON.parse(String(raw)).data.alert)
}
const look = () => {
  // Two events of one moment have no order.
  stage.clock.advance(1000)
  return watch(stage.ctx, null)
}
/** As the counting of minutes leaves it. */
async function counted(sent: number): Promise<void> {
  const now = stage.clock.now()
  await stage.db.query(
    `insert into minute_counts (minute, what, n) values (date_trunc('minute', $1::timestamptz), 'sent', $2)`,
    [now, sent],
  )
  await stage.db.query(
    'insert into minute_counts_state (counted_up_to) values ($1) on conflict (only_row) do update set counted_up_to = $1',
    [now],
  )
}
/** Makes the due work of the stage so old; nobody does it here. */
async function waitingFor(ms: number): Promise<void> {
  const at = new Date(stage.clock.now().getTime() - ms)
  await stage.db.query('update notification_states set due_at = $1 where due_at is not null', [at])
  await stage.db.query('update events set due_at = $1, received_at = $1 where due_at is not null', [at])
}

const circuit = (is: 'open' | 'closed', forMs = 0) =>
  stage.db.query(
    `update provider_health set circuit = $1, next_probe_at = case $1 when 'open' then now() end,
       opened_at = case $1 when 'open' then $2::timestamptz end,
       closed_at = case $1 when 'closed' then now() - $3 * interval '1 millisecond' end where provider = 'sandbox'`,
    [is, new Date(stage.clock.now().getTime() - forMs), forMs],
  )
const move = (id: string | undefined, state: string, reason: string) =>
  stage.db.query(
    `update notification_states set state = $2, reason_code = $3, due_at = case $2 when 'pending' then $4::timestamptz end
     where id = $1`,
    [id, state, reason, stage.clock.now()],
  )
/** Sends messages until so many callbacks about them have failed at the app and are to be tried again. */
async function failedCallbacks(count: number): Promise<string[]> {
  const { ids } = await stage.planned({
    ...shipped(),
    recipient: undefined,
    recipients: peopleOf(count),
    channels: ['email'],
  })
  expect(Object.keys(ids)).toEqual(['email'])
  const { rows } = await stage.db.query(`select id from notifications where channel = 'email'`)
  for (const { id } of rows) await deliver(stage.ctx, id)
  await notifyApps(stage.ctx)
  const made = await stage.db.query(`select id from notifications where channel = 'callback' order by id`)
  for (const { id } of made.rows) await deliver(stage.ctx, id)
  return made.rows.map(({ id }) => id)
}
/** Its delivery fails at its time and at each repeat. */
async function giveUp(id: string, at: Date): Promise<void> {
  stage.clock.advance(at.getTime() - stage.clock.now().getTime())
  const fails = makeDeliver(stage.ctx, {
    ...makeAttempts(stage.ctx),
    open: () => Promise.reject(new Error('a bug')),
  })
  for (let repeat = 1; repeat <= 5; repeat++) await expect(fails(id, 'repeat')).rejects.toThrow('a bug')
  await fails(id, 'repeat')
}
const peopleOf = (count: number) => Array.from({ length: count }, (_, i) => ({ email: `reader-${i}@example.com` }))

describe('an alert', () => {
  it('is told once, and once that it is over', async () => {
    await stage.planned(shipped())
    await waitingFor(400_000)
    expect(await look()).toEqual(['work_old'])
    expect(await look()).toEqual(['work_old'])
    expect(await told()).toEqual(['Work is getting old'])
    await waitingFor(0)
    expect(await look()).toEqual([])
    await look()
    expect(await told()).toEqual(['Work is getting old', 'Work is on time again'])
  })

  it('tells of what waits for a provider, not from before it was away', async () => {
    await stage.planned(shipped())
    const openFor = (ms: number) =>
      stage.db.query(
        `update provider_health set circuit = 'open', next_probe_at = now(), opened_at = $1 where provider = 'sandbox'`,
        [new Date(stage.clock.now().getTime() - ms)],
      )
    await stage.db.query(
      `update notification_states set due_at = $1, created_at = $2, reason_code = 'providers_unavailable',
         reason_params = '{"provider": "sandbox", "cause": {"kind": "circuit_open", "cause": null}}' where state = 'pending'`,
      [new Date(stage.clock.now().getTime() + hourMs), new Date(stage.clock.now().getTime() - hourMs)],
    )
    await openFor(200_000)
    expect(await look()).toEqual(['provider_down:sandbox'])
    await openFor(400_000)
    expect(await look()).toEqual(['work_old', 'provider_down:sandbox'])
    await stage.db.query(`update provider_health set circuit = 'closed', next_probe_at = null, opened_at = null`)
  })

  it('that comes again within four hours is not told, nor its end; later both are', async () => {
    await stage.planned(shipped())
    const again = async () => {
      await waitingFor(400_000)
      await look()
      await waitingFor(0)
      await look()
    }
    await again()
    stage.clock.advance(3 * hourMs)
    await again()
    expect(await told()).toHaveLength(2)
    stage.clock.advance(2 * hourMs)
    await again()
    expect(await told()).toHaveLength(4)
  })

  it('that stays is told again once a day', async () => {
    await stage.planned(shipped())
    for (let hour = 0; hour < 49; hour++) {
      await waitingFor(400_000)
      await look()
      stage.clock.advance(hourMs)
    }
    expect(await told()).toHaveLength(3)
  })

  it('is decided by one process at a time', async () => {
    await stage.planned(shipped())
    await waitingFor(400_000)
    await transaction(stage.ctx.db, async (tx) => {
      expect(await lockAlerts(tx, false)).toBe(true)
      expect(await look()).toBeNull()
    })
    expect(await told()).toEqual([])
    await Promise.all([look(), look()])
    expect(await told()).toEqual(['Work is getting old'])
  })

  it('tells of messages that were given up until they are retried', async () => {
    const { ids } = await stage.planned(shipped())
    await stage.db.query(
      `update notification_states set state = 'failed', reason_code = 'tries_used_up', due_at = null where id = $1`,
      [ids.email],
    )
    expect(await look()).toEqual(['dead_letters'])
    await stage.db.query(
      `update notification_states set state = 'pending', reason_code = 'due', due_at = $2 where id = $1`,
      [ids.email, stage.clock.now()],
    )
    expect(await look()).toEqual([])
    expect(await told()).toEqual(['Messages were given up', 'No message is given up any more'])
  })

  it('tells of a message that was given up long after it was made, and not of one that was given up long ago', async () => {
    const dayMs = 24 * hourMs
    const sendAt = new Date(stage.clock.now().getTime() + 10 * dayMs)
    const { ids } = await stage.planned({ ...shipped(), sendAt: sendAt.toISOString() })
    await giveUp(ids.email ?? '', sendAt)
    expect(await look()).toEqual(['dead_letters'])
    stage.clock.advance(3 * dayMs)
    expect(await look()).not.toContain('dead_letters')
  })

  it('tells of a message that was given up again after a retry, by when that was', async () => {
    const { ids } = await stage.planned(shipped())
    const id = ids.email ?? ''
    await giveUp(id, stage.clock.now())
    stage.clock.advance(4 * 24 * hourMs)
    expect(await look()).not.toContain('dead_letters')
    expect(await retry(stage.ctx, id, 'operator')).toMatchObject({ kind: 'done' })
    await giveUp(id, stage.clock.now())
    expect(await look()).toContain('dead_letters')
  })

  it('tells of an event of long ago whose replay was given up now', async () => {
    await stage.planned(shipped())
    await stage.db.query(`update notification_states set state = 'cancelled', reason_code = 'cancelled', due_at = null`)
    const monthAgo = new Date(stage.clock.now().getTime() - 30 * 24 * hourMs)
    await stage.db.query(
      `update events set status = 'failed', reason_code = 'planning_failed', due_at = null, received_at = $1`,
      [monthAgo],
    )
    expect(await look()).toEqual([])
    await stage.db.query('update events set replayed_at = $1', [stage.clock.now()])
    expect(await look()).toEqual(['dead_letters'])
  })

  it('tells of callbacks that fail once twenty do, and that they arrive again once fewer than five do', async () => {
    const callbacks = await failedCallbacks(20)
    await move(callbacks[0], 'sent', 'sent')
    expect(await look(), 'nineteen are no alert').toEqual([])
    await stage.db.query(
      `update notification_states set state = 'pending', reason_code = 'retrying', due_at = $2 where id = $1`,
      [callbacks[0], new Date(stage.clock.now().getTime() + hourMs)],
    )
    expect(await look()).toEqual(['callbacks_failing'])
    expect(await told()).toEqual(['Callbacks to apps fail'])
    app.answer({ json: {} })
    stage.clock.advance(120_000)
    for (const id of callbacks.slice(1, 16)) await deliver(stage.ctx, id)
    await look()
    expect(await told(), 'five are neither').toHaveLength(1)
    await deliver(stage.ctx, callbacks[16] ?? '')
    await look()
    expect(await told()).toEqual(['Callbacks to apps fail', 'Callbacks to apps arrive again'])
  })

  it('tells of silence where there was traffic at this hour of this weekday, and never where there was none', async () => {
    expect(await look(), 'there was never any traffic').toEqual([])
    const weekMs = 7 * 24 * hourMs
    for (let week = 0; week < 3; week++) {
      await counted(12)
      expect(await look()).toEqual([])
      stage.clock.advance(weekMs)
    }
    expect(await look(), 'the hour is not counted yet').toEqual([])
    await counted(0)
    expect(await look()).toEqual(['silence'])
    stage.clock.advance(60_000)
    await counted(1)
    expect(await look()).toEqual([])
    expect(await told()).toEqual(['Nothing was sent for an hour', 'Messages are sent again'])
  })

  it('without OPERATOR_EMAIL is in the log alone', async () => {
    stage.ctx.defaults.operatorEmail = null
    await stage.planned(shipped())
    await waitingFor(400_000)
    expect(await look()).toEqual(['work_old'])
    expect(await told()).toEqual([])
  })
})

describe('the heartbeat', () => {
  let monitor: Vendor
  beforeEach(async () => {
    monitor = await startVendor({ text: 'ok' })
    // Nobody delivers them here, so they would be work that gets old.
    stage.ctx.defaults.operatorEmail = null
  })
  afterEach(() => monitor.close())

  const beat = (allowPrivate: boolean) =>
    heartbeatOf(`${monitor.url}/ping/token?x=1`, { allowPrivate, log: stage.ctx.log })

  /** Whether it was asked this time. */
  async function isBeating(): Promise<boolean> {
    const before = monitor.requests.length
    stage.clock.advance(1000)
    await watch(stage.ctx, beat(true))
    return monitor.requests.length > before
  }

  it('is asked while all is well', async () => {
    await watch(stage.ctx, beat(true))
    expect(monitor.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /ping/token?x=1'])
  })

  /** What is wrong, and what makes it well again. */
  const conditions: Record<string, () => Promise<() => Promise<unknown>>> = {
    'work is old': async () => {
      await stage.planned(shipped())
      await waitingFor(400_000)
      return () => waitingFor(0)
    },
    'a provider is down': async () => {
      await circuit('open')
      return () => circuit('closed', 300_000)
    },
    'a provider is down that a person then pauses': async () => {
      await circuit('open')
      return () => stage.db.query(`update provider_health set paused_at = now() where provider = 'sandbox'`)
    },
    'a message was given up': async () => {
      const { ids } = await stage.planned({ ...shipped(), channels: ['email'] })
      await move(ids.email, 'failed', 'tries_used_up')
      return () => move(ids.email, 'sent', 'sent')
    },
    'an event could not be planned': async () => {
      const id = await stage.accepted(shipped())
      await stage.db.query(
        `update events set status = 'failed', reason_code = 'planning_failed', due_at = null where id = $1`,
        [id],
      )
      return () => stage.db.query(`update events set status = 'planned', reason_code = null where id = $1`, [id])
    },
    'callbacks fail': async () => {
      const callbacks = await failedCallbacks(20)
      return async () => {
        for (const id of callbacks) await move(id, 'sent', 'sent')
      }
    },
    'nothing is sent though it usually is': async () => {
      for (const week of [3, 2, 1, 0]) {
        await counted(week === 0 ? 0 : 12)
        if (week > 0) stage.clock.advance(7 * 24 * hourMs)
      }
      return async () => {
        stage.clock.advance(60_000)
        await counted(1)
      }
    },
  }
  it.each(Object.entries(conditions))(
    'is not asked while %s, and is asked again once that is over',
    async (_what, make) => {
      expect(await isBeating()).toBe(true)
      const mend = await make()
      expect(await isBeating()).toBe(false)
      expect(await isBeating()).toBe(false)
      await mend()
      expect(await isBeating()).toBe(true)
    },
  )

  it('is not asked between the two bounds of an alert, so that a monitor hears no more than the operator', async () => {
    await stage.planned(shipped())
    await waitingFor(400_000)
    expect(await isBeating()).toBe(false)
    await waitingFor(60_000)
    expect(await isBeating(), 'it is not on time yet').toBe(false)
    await circuit('open')
    await waitingFor(0)
    expect(await isBeating()).toBe(false)
    await circuit('closed', 60_000)
    expect(await isBeating(), 'it has not been closed for long').toBe(false)
    await circuit('closed', 300_000)
    expect(await isBeating()).toBe(true)
  })

  it('is silent for at most three days about what nobody settles or sees again', async () => {
    const { ids } = await stage.planned({ ...shipped(), channels: ['email'] })
    await move(ids.email, 'failed', 'tries_used_up')
    expect(await isBeating()).toBe(false)
    stage.clock.advance(71 * hourMs)
    expect(await isBeating()).toBe(false)
    stage.clock.advance(hourMs)
    expect(await isBeating(), 'the message is older than three days').toBe(true)
    const raised = stage.clock.now()
    await stage.db.query(`insert into alerts (name, raised_at, told_at) values ('silence', $1, $1)`, [raised])
    expect(await isBeating(), 'no message was sent, and at this hour none usually is').toBe(false)
    stage.clock.advance(72 * hourMs)
    expect(await isBeating()).toBe(true)
  })

  it('is asked although a provider failed that is on no route any more', async () => {
    await stage.db.query(
      `insert into provider_health (provider, circuit, next_probe_at, opened_at) values ('gone', 'open', now(), now())`,
    )
    expect(await isBeating()).toBe(true)
  })

  it('is not asked while the database is away or read-only', async () => {
    const away = openDb({ url: 'postgres://nobody@127.0.0.1:1/none', poolSize: 1, log: { warn: () => {} } })
    await expect(watch({ ...stage.ctx, db: away }, beat(true))).rejects.toThrow()
    await away.end()
    const standby = openDb({
      url: String(stage.db.options.connectionString),
      poolSize: 1,
      log: { warn: () => {} },
      session: { default_transaction_read_only: 'on' },
    })
    await watch({ ...stage.ctx, db: standby }, beat(true)).catch(() => {})
    await standby.end()
    expect(monitor.requests).toEqual([])
    expect(await isBeating()).toBe(true)
  })

  it('goes to no private address, and fails nobody where it is refused', async () => {
    await watch(stage.ctx, beat(false))
    await watch(stage.ctx, heartbeatOf('http://localhost:1/', { allowPrivate: false, log: stage.ctx.log }))
    expect(monitor.requests).toEqual([])
    monitor.answer({ status: 500 }, 'reset')
    await watch(stage.ctx, beat(true))
    await watch(stage.ctx, beat(true))
    expect(monitor.requests).toHaveLength(2)
  })

  it('of HEARTBEAT_URL is asked by the service itself, each minute', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout')
    const world = await startWorld({
      env: { HEARTBEAT_URL: `${monitor.url}/of/the/service`, CALLBACKS_ALLOW_PRIVATE: 'true' },
    })
    /** What waits for a minute to pass: the watch, and nothing else. */
    const minutes = () => timers.mock.calls.filter(([run, ms]) => ms === 60_000 && run.name === 'run')
    expect(minutes()).toHaveLength(1)
    for (const minute of [1, 2]) {
      minutes()[minute - 1]?.[0]()
      await monitor.waitForRequests(minute)
      await eventually(async () => minutes().length === minute + 1)
    }
    expect(monitor.requests.map(({ path }) => path)).toEqual(['/of/the/service', '/of/the/service'])
    await world.stop()
    timers.mockRestore()
  })
})

it('a provider that is resumed while its circuit is still open is alerted of again, hours after it was paused', async () => {
  const circuit = (set: string) =>
    stage.db.query(
      `insert into provider_health (provider, circuit, opened_at, next_probe_at) values ('sandbox', 'open', now(), now())
       on conflict (provider) do update set ${set}`,
    )
  await circuit(`circuit = 'open', opened_at = now(), next_probe_at = now()`)
  await look()
  expect(await told()).toEqual(['provider_circuit_opened'])
  await circuit(`paused_at = now(), paused_by = 'a test'`)
  await look()
  // As if it had been sent and cleared hours ago, by the database's time.
  await stage.db.query(
    `update alerts set told_at = told_at - interval '5 hours', raised_at = raised_at - interval '5 hours'`,
  )
  await circuit('paused_at = null, paused_by = null')
  await look()
  expect((await told()).filter((alert) => alert === 'provider_circuit_opened')).toHaveLength(2)
})
