// Whose callbacks are taken, and that junk of every sort is refused and never thrown at us.
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import type { Report } from '../../src/providers/receipt-reader.ts'
import { inboundReaders, receiptReaders } from '../../src/providers/receipt-readers.ts'
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

const loaded = loadConfig({})
if (!loaded.ok) throw new Error('the defaults are not a configuration')
const { config } = loaded
const { webhookKey, privateKey } = sendgridKeys()
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const all = {
  resend: { webhookSecret: secret },
  sendgrid: { webhookKey },
  mailgun: { signingKey: 'signing' },
  twilio: { authToken: 'token' },
  vonage: { signatureSecret: 'signature' },
  msg91: { receiptToken: 'token' },
  fast2sms: { receiptToken: 'token' },
}
const readers = receiptReaders(all)
const inbound = inboundReaders(all)

test('only a provider that is configured with the secret it needs has a reader', () => {
  expect(receiptReaders(config)).toEqual({})
  expect(inboundReaders(config)).toEqual({})
  const names = ['resend', 'sendgrid', 'mailgun', 'twilio', 'vonage', 'msg91', 'fast2sms']
  expect(Object.keys(readers)).toEqual(names)
  expect(Object.keys(inbound)).toEqual(['twilio'])
  for (const name of names) expect(readers[name]?.provider).toBe(name)
  const bare = {
    resend: { webhookSecret: null },
    sendgrid: { webhookKey: null },
    mailgun: { signingKey: null },
    twilio: { authToken: 'token' },
    vonage: { signatureSecret: null },
    msg91: { receiptToken: null },
    fast2sms: { receiptToken: null },
  }
  expect(Object.keys(receiptReaders(bare))).toEqual(['twilio'])
})

test('a name out of a URL finds no reader that is not one', () => {
  for (const name of ['constructor', '__proto__', 'toString', 'smtp']) expect(readers[name]).toBeUndefined()
})

const timestamp = 1767225600
/** Each vendor's callback with this body, signed as the vendor would. */
const signed: Record<string, (body: string) => SignedCallback> = {
  resend: (body) => resendCallback(body, { secret, timestamp }),
  sendgrid: (body) => sendgridCallback(body, { privateKey, timestamp }),
  mailgun: (body) => {
    const { payload, ...rest } = mailgunCallback(null, { signingKey: 'signing', timestamp })
    return { ...rest, payload: Buffer.from(payload.toString().replace('null}', `${body || 'null'}}`)) }
  },
  twilio: (body) => twilioCallback({ MessageSid: 'SM1', MessageStatus: body }, { authToken: 'token' }),
  vonage: (body) =>
    vonageCallback({ messageId: '1', status: body, 'err-code': body }, { secret: 'signature', timestamp }),
  msg91: (body) => msg91Callback(body, { token: 'token', version: 3 }),
  fast2sms: (body) => ({ ...fast2smsCallback({}, { token: 'token' }), payload: Buffer.from(body) }),
}

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
  const read = (callback: Report) => readers[name]?.read(callback)

  test.each(Object.entries(junk))('%s, though signed, is refused or ignored', (_kind, body) => {
    const callback = callbackOf(signed[name]?.(body) as SignedCallback, timestamp * 1000)
    const answer = read(callback)
    expect(answer?.ok ? answer.receipts : answer?.status).toEqual(expect.toSatisfy(isHarmless))
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
      const answer = inbound.twilio?.read(callbackOf(twilioText({ From, Body }, { authToken: 'token' }), 0))
      expect(answer?.ok ? answer.text.keyword : answer?.status).toEqual(
        expect.toSatisfy((it) => it === null || it === 400),
      )
    }
})
