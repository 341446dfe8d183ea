// The database goes away and comes back: nobody is told that an event was kept when it was not.
import { expect, it } from 'vitest'
import { shipped } from '../helper/events.ts'
import { fast2smsCallback, twilioCallback, twilioText } from '../helper/receipts.ts'
import { startTcpProxy } from '../helper/tcp-proxy.ts'
import { eventually, type Problem, startWorld } from '../helper/world.ts'

it('webhooks are 503 with Retry-After while it is away, and accepted once it is back', async () => {
  const proxy = await startTcpProxy()
  const world = await startWorld({ through: proxy.through })
  expect((await world.app(shipped(), { id: 'msg_before' })).status).toBe(200)

  await proxy.cut()
  const away = await world.app<Problem>(shipped(), { id: 'msg_away' })
  expect(away).toMatchObject({ status: 503, body: { status: 503, title: 'Service Unavailable' } })
  expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await world.get('/v1/notifications')).status).toBe(503)
  expect((await world.get('/readyz', '')).status).toBe(503)
  expect((await world.get('/healthz', '')).status).toBe(200)

  await proxy.mend()
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

  await proxy.mend()
  await eventually(async () => (await world.get('/readyz', '')).status === 200)
  for (const callback of callbacks) expect((await tell(callback)).status).toBe(200)
  const { rows } = await world.db.query(
    'select (select count(*)::integer from receipts) as receipts, (select count(*)::integer from suppressions) as suppressed',
  )
  expect(rows).toEqual([{ receipts: 2, suppressed: 1 }])
  await world.stop()
  await proxy.close()
})
