// Benchmark: one worker process plans and delivers a backlog that was accepted while no worker ran.
import { setTimeout as wait } from 'node:timers/promises'
import orderConfirmation from '../src/notifiers/order-confirmation.ts'
import { type Child, startChild } from './child.ts'
import type { Database, DatabaseServer } from './database.ts'
import { type CaseResult, figure } from './figures.ts'
import { send, settings, signed } from './sender.ts'

const perEvent = 2

export async function throughput(server: DatabaseServer, quick: boolean): Promise<CaseResult> {
  const rounds = quick ? 1 : 3
  const events = quick ? 500 : 2000
  const drained: Drained[] = []
  for (let i = 0; i < rounds; i++) drained.push(await drain(server, events))
  return {
    name: 'Throughput',
    conditions: `${events} order confirmations (an email and an SMS each) are waiting; one worker process plans, renders and delivers them. Measured from its first notification to its last outcome.`,
    figures: [
      figure(
        'notifications',
        '/s',
        drained.map(({ ms }) => (events * perEvent) / (ms / 1000)),
      ),
      figure(
        'planned',
        '/s',
        drained.map(({ plannedMs }) => (events * perEvent) / (plannedMs / 1000)),
      ),
      figure(
        'CPU of the worker, a notification',
        'ms',
        drained.map(({ cpuMs }) => cpuMs / (events * perEvent)),
      ),
      figure(
        'whole drain',
        's',
        drained.map(({ ms }) => ms / 1000),
      ),
    ],
    checks: [
      `${events * perEvent} notifications sent, as many attempts, all accepted, and as many requests at the providers, in every round`,
    ],
  }
}

interface Drained {
  ms: number
  plannedMs: number
  /** CPU time of the worker since it was ready. */
  cpuMs: number
}

interface Audit extends Omit<Drained, 'cpuMs'> {
  sent: number
  attempts: number
  accepted: number
}

async function drain(server: DatabaseServer, events: number): Promise<Drained> {
  await using cleanup = new AsyncDisposableStack()
  const vendors = startChild('vendors', { reportsArrivals: false })
  cleanup.defer(() => vendors.stop())
  const { resend, twilio } = await vendors.next<{ resend: string; twilio: string }>('ready')
  const database = await server.fresh()
  cleanup.defer(() => database.drop())
  const env = { ...settings, DATABASE_URL: database.url, RESEND_BASE_URL: resend, TWILIO_BASE_URL: twilio }

  const api = startChild('service', { ...env, POSTHORN_ROLES: 'api' })
  await send(await api.next<string>('ready'), signed(orderConfirmation, events), 64)
  await api.stop()

  const worker = startChild('service', { ...env, POSTHORN_ROLES: 'worker' })
  cleanup.defer(() => worker.stop())
  await worker.next('ready')
  const before = await usedMs(worker)
  await allSettled(database)
  const cpuMs = (await usedMs(worker)) - before
  vendors.emit('count')
  const requests = await vendors.next<number>('counted')
  return { ...(await audited(database, events * perEvent, requests)), cpuMs }
}

function usedMs(worker: Child): Promise<number> {
  worker.emit('cpu')
  return worker.next<number>('used')
}

async function allSettled({ pool }: Database): Promise<void> {
  for (;;) {
    const { rows } = await pool.query(
      'select from events where due_at is not null union all select from notifications where due_at is not null limit 1',
    )
    if (rows.length === 0) return
    await wait(250)
  }
}

/** The times by the audit. Throws where the audit is incomplete. */
async function audited({ pool }: Database, expected: number, requests: number): Promise<Audit> {
  const { rows } = await pool.query<Audit>(
    `select (select count(*)::int from notifications where state = 'sent') as sent, count(*)::int as attempts,
       count(*) filter (where outcome = 'accepted')::int as accepted,
       extract(epoch from max(ended_at) - (select min(created_at) from notifications))::float * 1000 as ms,
       (select extract(epoch from max(created_at) - min(created_at))::float * 1000 from notifications) as "plannedMs"
     from attempts`,
  )
  const [audit] = rows
  if (!audit || [audit.sent, audit.attempts, audit.accepted, requests].some((count) => count !== expected))
    throw new Error(`expected ${expected} of each, found ${JSON.stringify({ ...audit, requests })}`)
  return audit
}
