// The log of a whole run at trace level: no address, no body, no key, no signature, no secret.
import { expect, it } from 'vitest'
import { paymentIntent, shipped, stripeEvent } from '../helper/events.ts'
import { signedApp } from '../helper/signed.ts'
import { startVendor } from '../helper/vendor.ts'
import { keys, shopSecret, startWorld, stripeSecret } from '../helper/world.ts'

it('tells what happened, and nothing about the people', async () => {
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
      RESEND_BASE_URL: echo.url,
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: 'twilio-token-of-tests',
      TWILIO_FROM: '+15005550006',
      TWILIO_BASE_URL: twilio.url,
    },
  })
  const event = shipped({ data: { orderNumber: 'SECRET-ORDER', carrier: 'DHL', trackingNumber: 'SECRET-TRACK' } })
  const signed = signedApp(event, { secret: shopSecret })
  const accepted = await world.send('/webhooks/apps/shop', signed.payload, signed.headers)
  await world.event((accepted.body as { id: string }).id)
  await world.event((await world.stripe(stripeEvent('payment_intent.succeeded', paymentIntent()))).body.id)
  await world.app(shipped({ recipient: { email: 'broken@' } }))
  await world.send(
    '/webhooks/apps/shop',
    '{"type":"order.shipped","recipient":{"email":"forged@example.org"}}',
    signed.headers,
  )
  await world.get('/v1/notifications?recipient=grace@example.org&reveal=true', keys.viewer)
  await world.get('/v1/notifications?recipient=grace@example.org&limit=x')
  await world.get('/v1/notifications/grace@example.org')
  const { rows } = await world.db.query('select error from attempts')
  await world.stop()
  await Promise.all([echo.close(), twilio.close()])

  const log = world.log.join('')
  expect(log).toContain('"stage":"accept"')
  expect(log).toContain('"stage":"plan"')
  expect(log).toContain('"stage":"deliver"')
  const secrets = [
    ...Object.values(keys),
    shopSecret,
    stripeSecret,
    're_secret_of_tests',
    'twilio-token-of-tests',
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
