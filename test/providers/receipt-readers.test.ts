// Whose callbacks are taken, and that junk of every sort is refused and never thrown at us.
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import type { Report } from '../../src/providers/receipt-reader.ts'
import {
  callbackOf,
  fast2smsCallback,
  mailgunCallback,
  msg91Callback,
  resendCallback,
  type SignedCallback,
  sendgridCallback,
  sendgridKeys,
  twilioCallback,
  twilioText,
  vonageCallback,
} from '../helper/receipts.ts'

const { webhookKey, privateKey } = sendgridKeys()
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const senders = {
  EMAIL_FROM: 'hello@acme.example',
  RESEND_API_KEY: 're_1',
  SENDGRID_API_KEY: 'SG.1',
  ...{ MAILGUN_API_KEY: 'key', MAILGUN_DOMAIN: 'mg.acme.example' },
  SMTP_URL: 'smtp://127.0.0.1:9',
  ...{ TWILIO_ACCOUNT_SID: 'AC1', TWILIO_AUTH_TOKEN: 'token', TWILIO_FROM: '+15005550001' },
  ...{ VONAGE_API_KEY: 'key', VONAGE_API_SECRET: 'secret', VONAGE_FROM: 'Acme' },
  ...{ MSG91_AUTH_KEY: 'key', MSG91_FLOW_ID: 'flow' },
  FAST2SMS_API_KEY: 'key',
}
const secrets = {
  RESEND_WEBHOOK_SECRET: secret,
  SENDGRID_WEBHOOK_KEY: webhookKey,
  MAILGUN_SIGNING_KEY: 'mailgun-signing-key',
  VONAGE_SIGNATURE_SECRET: 'vonage-signature-secret',
  MSG91_RECEIPT_TOKEN: 'receipt-token',
  FAST2SMS_RECEIPT_TOKEN: 'receipt-token',
}

function readersOf(env: Record<string, string>, kind: 'receipts' | 'inbound') {
  const loaded = loadConfig(env)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults))
  return [...loaded.config.providers].filter(([, provider]) => provider[kind]).map(([name]) => name)
}

function configured(env: Record<string, string> = {}) {
  const loaded = loadConfig({ ...senders, ...secrets, ...env })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults))
  return loaded.config.providers
}
const providers = configured()

test('only a provider that is configured with the secret it needs has a reader', () => {
  for (const kind of ['receipts', 'inbound'] as const) expect(readersOf({}, kind)).toEqual([])
  const names = ['resend', 'sendgrid', 'mailgun', 'twilio', 'vonage', 'msg91', 'fast2sms']
  expect(readersOf({ ...senders, ...secrets }, 'receipts')).toEqual(names)
  for (const kind of ['receipts', 'inbound'] as const) expect(readersOf(senders, kind)).toEqual(['twilio'])
})

const timestamp = 1767225600
/** Each vendor's callback with this body, signed as the vendor would. */
const signed: Record<string, (body: string) => SignedCallback> = {
  resend: (body) => resendCallback(body, { secret, timestamp }),
  sendgrid: (body) => sendgridCallback(body, { privateKey, timestamp }),
  mailgun: (body) => {
    const { payload, ...rest } = mailgunCallback(null, { signingKey: 'mailgun-signing-key', timestamp })
    return { ...rest, payload: Buffer.from(payload.toString().replace('null}', `${body || 'null'}}`)) }
  },
  twilio: (body) => twilioCallback({ MessageSid: 'SM1', MessageStatus: body }, { authToken: 'token' }),
  vonage: (body) =>
    vonageCallback(
      { messageId: '1', status: body, 'err-code': body },
      { secret: 'vonage-signature-secret', timestamp },
    ),
  msg91: (body) => msg91Callback(body, { token: 'receipt-token', version: 3 }),
  fast2sms: (body) => ({ ...fast2smsCallback({}, { token: 'receipt-token' }), payload: Buffer.from(body) }),
}

/** Another secret of each setting, and the setting by vendor. */
const others: Record<string, [setting: keyof typeof secrets | 'TWILIO_AUTH_TOKEN', other: string]> = {
  resend: ['RESEND_WEBHOOK_SECRET', `whsec_${Buffer.alloc(32, 8).toString('base64')}`],
  sendgrid: ['SENDGRID_WEBHOOK_KEY', sendgridKeys().webhookKey],
  mailgun: ['MAILGUN_SIGNING_KEY', 'another-signing-key'],
  twilio: ['TWILIO_AUTH_TOKEN', 'another-token'],
  vonage: ['VONAGE_SIGNATURE_SECRET', 'another-signature-secret'],
  msg91: ['MSG91_RECEIPT_TOKEN', 'another-token'],
  fast2sms: ['FAST2SMS_RECEIPT_TOKEN', 'another-token'],
}

test.each(Object.entries(others))(
  '%s may sign by either of two secrets while one is replaced',
  (name, [setting, other]) => {
    const callback = callbackOf(signed[name]?.('{}') as SignedCallback, timestamp * 1000)
    const current = { ...senders, ...secrets }[setting]
    const statusWith = (value: string) => {
      const reader = configured({ [setting]: value }).get(name)?.receipts
      const read = reader?.headFault?.(callback) ?? reader?.read(callback)
      return read?.ok === false ? read.status : 200
    }
    for (const value of [`${other},${current}`, `${current},${other}`])
      expect(statusWith(value)).toBe(statusWith(current))
    expect(statusWith(current)).not.toBe(401)
    expect([other, `${other},${other}`].map(statusWith)).toEqual([401, 401])
  },
)

const deep = (open: string, close: string) => open.repeat(100_000) + close.repeat(100_000)
const junk: Record<string, string> = {
  'no body': '',
  'bad JSON': '{"type":',
  'not UTF-8': '\xff\xfe{}',
  null: 'null',
  'a number': '1e999',
  'a text': '"x"',
  'a list': '[1,null,[[]],{"event":{},"report":[null]}]',
  'an empty object': '{}',
  'wrong types': '{"type":[],"data":7,"event":{},"status":[],"requestId":{},"report":{}}',
  prototypes: '{"__proto__":{"type":"email.sent"},"constructor":1,"event":"__proto__"}',
  'bad surrogates and nulls':
    '{"type":"\\ud800\\u0000","event":"delivered","id":"\\u0000","status":"\\ud800","requestId":"\\u0000"}',
  'deep lists': deep('[', ']'),
  'deep objects': deep('{"data":', '}').replace('data":}', 'data":1}'),
  'one endless word': `"${'9'.repeat(1_000_000)}"`,
  'many events': `[${'{"event":"x"},'.repeat(50_000)}{}]`,
}

describe.each(Object.keys(signed))('junk for %s', (name) => {
  const read = (callback: Report) => providers.get(name)?.receipts?.read(callback)

  test.each(Object.entries(junk))('%s, though signed, is refused or ignored', (_kind, body) => {
    const callback = callbackOf(signed[name]?.(body) as SignedCallback, timestamp * 1000)
    const answer = read(callback)
    expect(answer?.ok ? [...answer.receipts] : answer?.status).toEqual(expect.toSatisfy(isHarmless))
  })

  test.each(Object.entries(junk))('%s, not signed, gets 401', (_kind, body) => {
    const url = 'https://notify.example.com/receipts/x'
    const bare = {
      raw: Buffer.from(body, 'latin1'),
      headers: {},
      query: new URLSearchParams(),
      url,
      nowMs: timestamp * 1000,
    }
    expect(read(bare)).toMatchObject({ ok: false, status: 401 })
    const refusedEarly = providers.get(name)?.receipts?.headFault?.(bare)
    expect([undefined, 401]).toContain(refusedEarly?.status)
    const odd = { 'x-twilio-signature': ['a'], 'svix-id': ['a'], 'content-type': 'application/json' }
    expect(read({ ...bare, headers: odd, query: new URLSearchParams('token=&sig=&bodySHA256=') })).toMatchObject({
      ok: false,
      status: 401,
    })
  })
})

/** Refused (400, or 401 where the signature is in the body), or nothing that Postgres could not keep. */
function isHarmless(answer: unknown): boolean {
  return answer === 400 || answer === 401 || (Array.isArray(answer) && !/\\u0000|\\ud800/i.test(JSON.stringify(answer)))
}

test('a text whose fields are junk is refused or has no keyword', () => {
  for (const Body of Object.values(junk).filter((body) => body.length < 1_000))
    for (const From of ['+15005550006', Body]) {
      const answer = providers
        .get('twilio')
        ?.inbound?.read(callbackOf(twilioText({ From, Body }, { authToken: 'token' }), 0))
      expect(answer?.ok ? answer.text.keyword : answer?.status).toEqual(
        expect.toSatisfy((it) => it === null || it === 400),
      )
    }
})
