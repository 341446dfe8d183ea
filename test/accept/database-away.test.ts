// The database goes away and comes back: no sender is told that an event was stored when it was not.
import { expect, it } from 'vitest'
import { problemShape } from '../../src/http/problems/problem-shape.ts'
import { shipped } from '../helper/events.ts'
import { fast2smsCallback, twilioCallback, twilioText } from '../helper/receipts.ts'
import { startTcpProxy } from '../helper/tcp-proxy.ts'
import { accepting, startVendor } from '../helper/vendor.ts'
import { eventually, type Problem, startWorld } from '../helper/world.ts'

it('webhooks are 503 with Retry-After while it is away, and accepted once it is back', async () => {
  const proxy = await startTcpProxy()
  const world = await startWorld({ through: proxy.through })
  expect((await world.app(shipped(), { id: 'msg_before' })).status).toBe(200)

  await proxy.cut()
  const away = await world.app<Problem>(shipped(), { id: 'msg_away' })
  expect(away.status).toBe(503)
  expect(problemShape.parse(away.body).code).toBe('database_unavailable')
  expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await world.get('/v1/notifications')).status).toBe(503)
  expect((await world.get('/readyz', '')).status).toBe(503)
  expect((await world.get('/healthz', '')).status).toBe(200)

  await proxy.restore()
  await eventually(async () => (await world.get('/readyz', '')).status === 200)
  const back = await world.app(shipped(), { id: 'msg_away' })
  expect(back).toMatchObject({ status: 200, body: { duplicate: false } })
  expect((await world.event(back.body.id)).counts).toEqual({ sent: 2 })
  await world.stop()
  await proxy.close()
})

it('receipts and texts are 503 with Retry-After while it is away, and kept once it is back', async () => {
  const proxy = await startTcpProxy()
  const token = 'fast2sms-token-of-tests'
  const world = await startWorld({
    through: proxy.through,
    env: {
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: 'twilio-token',
      TWILIO_FROM: '+15005550006',
      FAST2SMS_API_KEY: 'k',
      FAST2SMS_RECEIPT_TOKEN: token,
    },
  })
  const signing = { authToken: 'twilio-token', publicUrl: world.url }
  const callbacks = [
    twilioCallback({ MessageSid: 'SM-1', MessageStatus: 'delivered' }, signing),
    twilioText({ From: '+14155550177', Body: 'STOP' }, signing),
    fast2smsCallback({ request_id: 'f-1', status: 'Delivered' }, { token }),
  ]
  const tell = ({ path, payload, headers }: (typeof callbacks)[number]) => world.send<Problem>(path, payload, headers)

  await proxy.cut()
  for (const callback of callbacks) {
    const away = await tell(callback)
    expect(away).toMatchObject({ status: 503, body: { status: 503 } })
    expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0)
  }
  expect((await tell({ ...(callbacks[0] as (typeof callbacks)[number]), headers: {} })).status).toBe(401)

  await proxy.restore()
  await eventually(async () => (await world.get('/readyz', '')).status === 200)
  for (const callback of callbacks) expect((await tell(callback)).status).toBe(200)
  const { rows } = await world.db.query(
    'select (select count(*)::integer from receipts) as receipts, (select count(*)::integer from suppressions) as suppressed',
  )
  expect(rows).toEqual([{ receipts: 2, suppressed: 1 }])
  await world.stop()
  await proxy.close()
})

it('while it is read-only, as in a failover, webhooks are 503 and a call that was taken is kept in hand, then written: sent once', async () => {
  const answered = Promise.withResolvers<void>()
  const vendor = await startVendor((request, number) => ({
    ...(accepting.sendgrid(request, number) as object),
    after: answered.promise,
  }))
  const world = await startWorld({ env: { SENDGRID_API_KEY: 'SG.1', SENDGRID_BASE_URL: vendor.url } })
  const database = new URL(world.databaseUrl).pathname.slice(1)
  const beReadOnly = async (on: boolean) => {
    await world.db.query(`alter database ${database} set default_transaction_read_only to ${on}`)
    await world.db.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
      [database],
    )
  }
  const { body } = await world.app(shipped(), { id: 'msg_before' })
  await vendor.waitForRequests(1)

  await beReadOnly(true)
  const refused = await world.app<Problem>(shipped(), { id: 'msg_meanwhile' })
  expect(refused).toMatchObject({ status: 503 })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await world.get('/readyz', '')).status).toBe(503)
  answered.resolve()
  await eventually(async () => world.log.some((line) => line.includes('database unavailable, outcome not yet written')))

  await beReadOnly(false)
  await eventually(async () => (await world.get('/readyz', '')).status === 200)
  const email = (await world.event(body.id)).notifications.find(({ channel }) => channel === 'email')
  expect(await world.notification(email?.id ?? '')).toMatchObject({
    state: 'sent',
    attempts: [{ outcome: 'accepted' }],
  })
  expect(vendor.requests).toHaveLength(1)
  await world.stop()
  await vendor.close()
})
