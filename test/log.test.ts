// The log of a whole run at trace level: no address, no body, no key, no signature, no secret.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, openSync } from 'node:fs'
import { expect, it } from 'vitest'
import { paymentIntent, shipped, stripeEvent } from './helper/events.ts'
import { fast2smsCallback, resendCallback, twilioText } from './helper/receipts.ts'
import { signedApp } from './helper/signed.ts'
import { accepting, startVendor } from './helper/vendor.ts'
import { keys, shopSecret, startWorld, stripeSecret } from './helper/world.ts'

const webhookSecret = `whsec_${Buffer.alloc(24, 5).toString('base64')}`

it('says what happened, and nothing about the people', async () => {
  const echo = await startVendor(({ body }) => ({
    status: 422,
    json: { statusCode: 422, name: 'validation_error', message: `refused ${body}` },
  }))
  const twilio = await startVendor((request) => ({
    status: 400,
    json: { code: 21211, message: `bad ${request.body} ${request.headers.authorization}` },
  }))
  const world = await startWorld({
    env: {
      RESEND_API_KEY: 're_secret_of_tests',
      RESEND_WEBHOOK_SECRET: webhookSecret,
      RESEND_BASE_URL: echo.url,
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: 'twilio-token-of-tests',
      TWILIO_FROM: '+15005550006',
      TWILIO_BASE_URL: twilio.url,
      FAST2SMS_API_KEY: 'fast2sms-key-of-tests',
      FAST2SMS_RECEIPT_TOKEN: 'fast2sms-token-of-tests',
      SMS_PROVIDERS: 'twilio',
    },
  })
  const event = shipped({ data: { orderNumber: 'SECRET-ORDER', carrier: 'DHL', trackingNumber: 'SECRET-TRACK' } })
  const signed = signedApp(event, { secret: shopSecret })
  const accepted = await world.send('/webhooks/apps/shop', signed.payload, signed.headers)
  const { notifications } = await world.event((accepted.body as { id: string }).id)
  await world.event((await world.stripe(stripeEvent('payment_intent.succeeded', paymentIntent()))).body.id)
  await world.app(shipped({ recipient: { email: 'broken@' } }))
  await world.app(shipped({ type: 'signup.grace@example.org' }))
  await world.send(
    '/webhooks/apps/shop',
    '{"type":"order.shipped","recipient":{"email":"forged@example.org"}}',
    signed.headers,
  )
  await world.get('/v1/notifications?recipient=grace@example.org&reveal=true', keys.viewer)
  await world.get('/v1/notifications?recipient=grace@example.org&limit=x')
  await world.get('/v1/notifications/grace@example.org')
  const tell = async ({ path, method, headers, payload }: ReturnType<typeof resendCallback>) => {
    const body = method === 'GET' ? {} : { body: payload }
    return (await fetch(world.url + path, { method, headers, ...body })).status
  }
  const bounce = { type: 'Permanent', message: '550 grace@example.org is not known, +1 415 555 0177 neither' }
  const tags = { notification_id: notifications.find((n) => n.channel === 'email')?.id }
  const bounced = { type: 'email.bounced', data: { to: ['grace@example.org'], email_id: 'e-1', tags, bounce } }
  const receipt = resendCallback(bounced, { secret: webhookSecret })
  const authToken = 'twilio-token-of-tests'
  const text = { From: '+14155550177', Body: 'STOP' }
  const report = { udf1: '', request_id: 'f-1', status: 'Failed', description: 'no 4155550177' }
  expect(await tell(receipt)).toBe(200)
  expect(await tell(twilioText(text, { authToken, publicUrl: world.url }))).toBe(200)
  expect(await tell(fast2smsCallback(report, { token: 'fast2sms-token-of-tests', style: 'query' }))).toBe(200)
  expect(await tell(resendCallback(bounced, { secret: shopSecret }))).toBe(401)
  expect(await tell(twilioText(text, { authToken: 'another', publicUrl: world.url }))).toBe(401)
  expect(await tell(fast2smsCallback(report, { token: 'another', style: 'query' }))).toBe(401)
  const { rows } = await world.db.query(
    `select error as told from attempts union all select text from receipts union all
     select reason_params::text from notifications union all select params::text from timeline_entries`,
  )
  const listed = await world.db.query('select kind from suppressions order by kind')
  expect(listed.rows.map(({ kind }) => kind)).toEqual(['hard_bounce', 'invalid_address', 'opted_out'])
  const kept = (await world.db.query('select raw from report_bodies')).rows.map((row) => row.raw.toString()).join()
  expect(kept).toContain('udf1=')
  expect(kept, 'a token in a query is ours').not.toContain('fast2sms-token')
  await world.stop()
  await Promise.all([echo.close(), twilio.close()])

  const log = world.log.join('')
  expect(log).toContain('"stage":"accept"')
  expect(log).toContain('"stage":"plan"')
  expect(log).toContain('"stage":"deliver"')
  expect(log).toContain('"stage":"record"')
  expect(log).toContain('"stage":"inbound"')
  const secrets = [
    ...Object.values(keys),
    shopSecret,
    stripeSecret,
    're_secret_of_tests',
    'twilio-token-of-tests',
    webhookSecret,
    'fast2sms-key-of-tests',
    'fast2sms-token-of-tests',
    receipt.headers['svix-signature'] ?? '',
    Buffer.from(`AC${'0'.repeat(32)}:twilio-token-of-tests`).toString('base64'),
    signed.headers['webhook-signature'] ?? '',
    'postgres://',
  ]
  const addresses = ['grace@', 'forged@', 'example.org', '4155550177']
  for (const word of [...secrets, ...addresses, 'Grace', 'SECRET-ORDER', 'SECRET-TRACK'])
    expect(log, word).not.toContain(word)
  const forPeople = JSON.stringify(rows) + world.printed.join('\n')
  for (const word of [...secrets, ...addresses]) expect(forPeople, word).not.toContain(word)
})

it('has one line for each stage of a message, with whom and what it concerns and what came of it', async () => {
  const resend = await startVendor(accepting.resend)
  const app = await startVendor({ json: {} })
  const world = await startWorld({
    env: {
      LOG_LEVEL: 'info',
      RESEND_API_KEY: 're_secret_of_tests',
      RESEND_WEBHOOK_SECRET: webhookSecret,
      RESEND_BASE_URL: resend.url,
      APP_CALLBACKS: `shop=${app.url}`,
      CALLBACKS_ALLOW_PRIVATE: 'true',
    },
  })
  const { body } = await world.app(shipped({ channels: ['email'] }))
  const [email] = (await world.event(body.id)).notifications
  const tags = { notification_id: email?.id }
  const { path, headers, payload } = resendCallback(
    { type: 'email.delivered', data: { to: ['grace@example.org'], email_id: 'resend-1', tags } },
    { secret: webhookSecret },
  )
  expect((await fetch(world.url + path, { method: 'POST', headers, body: payload })).status).toBe(200)
  await app.waitForRequests(2)
  await world.quiet()
  await Promise.all([world.stop(), resend.close(), app.close()])

  const lines: Record<string, unknown>[] = world.log.map((line) => JSON.parse(line)).filter(({ stage }) => stage)
  const of = (stage: string) =>
    lines.flatMap(({ stage: its, level, pid, time, ms, ...fields }) => {
      if (its !== stage) return []
      expect({ level, pid, time, ms }).toEqual({
        ...{ level: 'info', pid: process.pid, time: expect.any(String), ms: expect.any(Number) },
      })
      return [fields]
    })
  const [event, notification] = [body.id, email?.id]
  expect(of('accept')).toEqual([
    {
      ...{ msg: 'event accepted', event, id: event, source: 'shop', type: 'order.shipped' },
      ...{ duplicate: false, status: 'accepted', stopped: 0 },
    },
  ])
  expect(of('plan')).toEqual([
    { msg: 'event planned', event, type: 'order.shipped', outcome: 'planned', notifications: 1 },
  ])
  expect(of('record')).toEqual([
    { msg: 'receipts applied', event, notification, channel: 'email', provider: 'resend', state: 'delivered' },
    { msg: 'receipts stored', provider: 'resend', receipts: 1, fresh: 1, notifications: 1 },
  ])
  const attempt = {
    msg: 'attempt closed',
    event,
    attempt: 1,
    round: 1,
    outcome: 'accepted',
    statusCode: 200,
    kind: 'closed',
    state: 'sent',
  }
  const callback = { ...attempt, notification: expect.any(String), channel: 'callback', provider: 'callback' }
  expect(of('deliver')).toEqual([
    { ...attempt, notification, channel: 'email', provider: 'resend' },
    callback,
    callback,
  ])
  const made = of('callbacks')
  expect(made.filter(({ msg }) => msg !== 'callbacks made')).toEqual([])
  expect(made.reduce((sum, { callbacks }) => sum + Number(callbacks), 0)).toBe(2)
})

it.runIf(existsSync('/dev/full'))('that cannot be written, as on a full disk, ends no process', async () => {
  const code = `
    import { openLog } from '${new URL('../src/log.ts', import.meta.url).href}'
    const log = openLog('info')
    log.info('one')
    setTimeout(() => log.info('two'), 50)
    setTimeout(() => process.exit(7), 150)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
  })
  let said = ''
  child.stderr?.on('data', (part) => {
    said += part
  })
  expect(await once(child, 'close')).toEqual([7, null])
  expect(said).toBe('')
})
