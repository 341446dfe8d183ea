// Reports that their head alone shows to be nobody's: they are answered before a byte of their body has come.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { answerToHead } from '../helper/head.ts'
import { startWorld, type World } from '../helper/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld({
    env: {
      ...{ RESEND_API_KEY: 're_1', RESEND_WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, 3).toString('base64')}` },
      ...{ TWILIO_ACCOUNT_SID: 'AC1', TWILIO_AUTH_TOKEN: 'token-of-tests', TWILIO_FROM: '+15005550006' },
      ...{ MSG91_AUTH_KEY: 'key', MSG91_FLOW_ID: 'flow', MSG91_RECEIPT_TOKEN: 'token-of-tests' },
    },
  })
})
afterAll(() => world.stop())

const old = { 'svix-id': 'msg_1', 'svix-timestamp': '1', 'svix-signature': 'v1,AAAA' }

it.each([
  ['receipts of a provider that nobody knows', '/receipts/pigeon', {}, 404],
  ['receipts of a provider that is not configured', '/receipts/vonage', {}, 404],
  ['a name that every object has', '/receipts/constructor', {}, 404],
  ['texts of a provider that has none', '/inbound/resend', {}, 404],
  ['a receipt without the headers of a signature', '/receipts/resend', {}, 401],
  ['a receipt that was signed long ago', '/receipts/resend', old, 401],
  ['a receipt whose signature is none', '/receipts/twilio', { 'x-twilio-signature': 'AAAA' }, 401],
  ['a text without a signature', '/inbound/twilio', {}, 401],
  ['a receipt without its token', '/receipts/msg91', {}, 401],
  ['a receipt with another token', '/receipts/msg91?token=guessed', {}, 401],
])('%s: %s is refused before its body is read', async (_what, path, headers, status) => {
  expect(await answerToHead(world.url, path, headers)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
})
