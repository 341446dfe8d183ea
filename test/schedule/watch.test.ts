// The service watches itself: each alert is told once, and its end too; while all is well it asks the heartbeat's address.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { heartbeatOf } from '../../src/schedule/heartbeat.ts'
import { watch } from '../../src/schedule/watch.ts'
import { lockAlerts } from '../../src/store/alerts.ts'
import { transaction } from '../../src/store/db.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { startVendor, type Vendor } from '../helper/vendor.ts'

const hourMs = 3_600_000

let stage: Stage
beforeEach(async () => {
  stage = await startStage({ OPERATOR_EMAIL: 'ops@fernwood.example' })
})
afterEach(() => stage.stop())

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
      expect(await lockAlerts(tx)).toBe(true)
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
  })
  afterEach(() => monitor.close())

  const beat = (allowPrivate: boolean) =>
    heartbeatOf(`${monitor.url}/ping/token?x=1`, { allowPrivate, log: stage.ctx.log })

  it('is asked while all is well, and not while work is old', async () => {
    await watch(stage.ctx, beat(true))
    expect(monitor.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /ping/token?x=1'])
    await stage.planned(shipped())
    await waitingFor(400_000)
    await watch(stage.ctx, beat(true))
    expect(monitor.requests).toHaveLength(1)
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
})
