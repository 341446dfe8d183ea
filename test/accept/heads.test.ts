// Webhooks that their head alone shows to be nobody's: they are answered before a byte of their body has come.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { answerToHead } from '../helper/head.ts'
import { signedApp, signedStripe } from '../helper/signed.ts'
import { shopSecret, startWorld, stripeSecret, type World } from '../helper/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld({ env: { STRIPE_WEBHOOK_SECRET: stripeSecret } })
})
afterAll(() => world.stop())

const longAgo = 1_700_000_000
const stripe = (timestamp?: number) =>
  signedStripe({}, { secret: stripeSecret, ...(timestamp && { timestamp }) }).headers
const shop = (timestamp?: number) => signedApp({}, { secret: shopSecret, ...(timestamp && { timestamp }) }).headers
const long = 'x'.repeat(4_000)

it.each([
  ['an unknown app', '/webhooks/apps/nobody', {}, 404],
  ['an app with a name that every object has', '/webhooks/apps/constructor', {}, 404],
  ['a vendor as an app', '/webhooks/apps/stripe', stripe(), 404],
  ['a source that is not configured', '/webhooks/razorpay', {}, 404],
  ['a source that nobody knows', '/webhooks/pigeon', {}, 404],
  ['our own schedules', '/webhooks/schedule', {}, 404],
  ['Stripe without a signature', '/webhooks/stripe', {}, 401],
  ['Stripe with nonsense for a signature', '/webhooks/stripe', { 'stripe-signature': 'nonsense' }, 401],
  ['Stripe with a signature of another form', '/webhooks/stripe', { 'stripe-signature': 't=1,v1=abc' }, 401],
  [
    'Stripe with an endless signature',
    '/webhooks/stripe',
    { 'stripe-signature': `${stripe()['stripe-signature']},${long}` },
    401,
  ],
  ['Stripe with an old signature', '/webhooks/stripe', stripe(longAgo), 401],
  ['an app without a signature', '/webhooks/apps/shop', {}, 401],
  ['an app without an id', '/webhooks/apps/shop', { ...shop(), 'webhook-id': '' }, 401],
  ['an app with nonsense for a signature', '/webhooks/apps/shop', { ...shop(), 'webhook-signature': 'v1,AAAA' }, 401],
  ['an app with an endless signature', '/webhooks/apps/shop', { ...shop(), 'webhook-signature': long }, 401],
  ['an app with an old signature', '/webhooks/apps/shop', shop(longAgo), 401],
  ['a key that nobody has', '/v1/events', { authorization: 'Bearer of-nobody' }, 401],
])('%s is refused before the body is read', async (_what, path, headers: Record<string, string>, status) => {
  const answer = await answerToHead(world.url, path, headers)
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(answer).toContain('application/problem+json')
})
