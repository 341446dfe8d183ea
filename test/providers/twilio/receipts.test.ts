// Twilio's status callbacks: a signature over the URL and every parameter, and what each status means.
import { describe, expect, test } from 'vitest'
import { twilioReceipts } from '../../../src/providers/twilio/receipts.ts'
import { maxParameters } from '../../../src/wire/form.ts'
import { callbackOf, readAll, twilioCallback } from '../../helper/receipts.ts'

const authToken = '12345678901234567890123456789012'
const reader = twilioReceipts(authToken)
const attempt = '0199f3a0-0000-7000-8000-000000000002'
const base = {
  AccountSid: 'AC00000000000000000000000000000001',
  From: '+15005550001',
  MessageSid: 'SM00000000000000000000000000000001',
  MessageStatus: 'delivered',
  To: '+15005550006',
}
const refused = { ok: false, status: 401 }

function signed(params: Record<string, string | string[]>) {
  return callbackOf(twilioCallback(params, { authToken, attempt }), 0)
}

function read(more: Record<string, string | string[]>) {
  return readAll(reader, signed({ ...base, ...more }))
}

function told(more: Record<string, string | string[]>) {
  const answer = read(more)
  if (!answer.ok) throw new Error(answer.detail)
  return answer.receipts[0]
}

/** Signed elsewhere. */
const vector = {
  raw: Buffer.from(new URLSearchParams(base).toString()),
  headers: { 'x-twilio-signature': 'BEHAkH/VoSfcB27e2ST/H34YmXM=' },
  query: new URLSearchParams('msg=42'),
  url: 'https://notify.example.com/webhooks/twilio/status?msg=42',
  nowMs: 0,
}

describe('a callback of Twilio', () => {
  test('brings back the attempt of its URL, and its own id', () => {
    expect(read({})).toEqual({
      ok: true,
      receipts: [
        {
          key: 'SM00000000000000000000000000000001:delivered',
          kind: 'delivered',
          at: null,
          providerMessageId: 'SM00000000000000000000000000000001',
          notificationId: null,
          attemptId: attempt,
          address: '+15005550006',
          suppress: null,
          code: null,
          text: null,
        },
      ],
    })
  })

  test('that was signed elsewhere verifies, and its URL and every parameter are covered', () => {
    expect(readAll(reader, vector)).toMatchObject({ ok: true, receipts: [{ kind: 'delivered', attemptId: null }] })
    expect(readAll(reader, { ...vector, url: vector.url.replace('42', '43') })).toMatchObject(refused)
    expect(readAll(reader, { ...vector, raw: Buffer.from(`${vector.raw}&ErrorCode=30005`) })).toMatchObject(refused)
    expect(
      readAll(reader, { ...vector, raw: Buffer.from(`${vector.raw}`.replace('delivered', 'failed')) }),
    ).toMatchObject(refused)
    expect(twilioReceipts('another').read(vector)).toMatchObject(refused)
  })

  test('may have its parameters in any order', () => {
    const raw = Buffer.from(new URLSearchParams(Object.entries(base).reverse()).toString())
    expect(readAll(reader, { ...vector, raw })).toEqual(readAll(reader, vector))
  })

  test('in JSON is signed by its hash in the URL, and the body must be of that hash', () => {
    const hash = '796e9125d4decb6100fea3d9a7106488749c12df5ca75e957deeab996d9ead79'
    const query = new URLSearchParams({ bodySHA256: hash })
    const callback = {
      raw: Buffer.from('{"EventType":"x"}'),
      headers: { 'x-twilio-signature': '18KVfEik4/vBJ8v+2Jg7qtMo154=' },
      query,
      url: `https://notify.example.com/hook?${query}`,
      nowMs: 0,
    }
    expect(readAll(reader, callback)).toMatchObject({ ok: false, status: 400 })
    expect(readAll(reader, { ...callback, raw: Buffer.from('{"EventType":"y"}') })).toMatchObject(refused)
  })

  test('with new, empty, untrimmed, repeated, bracketed and odd parameters verifies', () => {
    const odd = {
      Empty: '',
      Blank: ' x ',
      'A[b]': '1',
      Twice: ['b', 'a', 'b'],
      Text: 'käse & + % 漢字 😀',
      __proto__x: '1',
      constructor: 'x',
    }
    expect(read(odd)).toMatchObject({ ok: true, receipts: [{ kind: 'delivered' }] })
  })

  test('of as many parameters as a report may have verifies, and of more gets 401, signed or not', () => {
    const of = (count: number) => {
      const more = Object.fromEntries(
        Array.from({ length: count - Object.keys(base).length }, (_, i) => [`p${i}`, 'x']),
      )
      return read({ ...base, ...more })
    }
    expect(of(maxParameters)).toMatchObject({ ok: true })
    expect(of(maxParameters + 1)).toMatchObject(refused)
    expect(read({ ...base, Twice: Array.from({ length: maxParameters }, () => 'x') })).toMatchObject(refused)
    expect(readAll(reader, { ...signed(base), raw: Buffer.alloc(1024 * 1024, 'a&') })).toMatchObject(refused)
  })

  test('without a signature, with two, or with another’s gets 401', () => {
    for (const header of [undefined, '', 'x', ['a', 'b'], vector.headers['x-twilio-signature']])
      expect(readAll(reader, { ...signed(base), headers: { 'x-twilio-signature': header } })).toMatchObject(refused)
    expect(readAll(reader, { ...vector, url: 'not a URL' })).toMatchObject(refused)
  })

  test('repeated has the same key, and the next status has another', () => {
    expect(told({ Again: '1' })?.key).toBe(told({})?.key)
    expect(told({ MessageStatus: 'sent' })?.key).not.toBe(told({})?.key)
  })

  test('without an id or a status gets 400', () => {
    expect(read({ MessageSid: '' })).toMatchObject({ ok: false, status: 400 })
    expect(read({ MessageStatus: ' ' })).toMatchObject({ ok: false, status: 400 })
  })

  test('by its older names is read too', () => {
    const { MessageSid: SmsSid, MessageStatus: SmsStatus, ...rest } = base
    expect(readAll(reader, signed({ ...rest, SmsSid, SmsStatus }))).toEqual(readAll(reader, signed(base)))
  })

  test('for no attempt of ours has none', () => {
    const callback = callbackOf(twilioCallback(base, { authToken, attempt: 'x' }), 0)
    expect(readAll(reader, callback)).toMatchObject({ receipts: [{ attemptId: null }] })
  })
})

describe('a status of Twilio', () => {
  test.each([
    ['accepted', 'taken'],
    ['scheduled', 'taken'],
    ['queued', 'taken'],
    ['sending', 'taken'],
    ['sent', 'taken'],
    ['partially_delivered', 'taken'],
    ['delivered', 'delivered'],
    ['read', 'delivered'],
    ['undelivered', 'undelivered'],
    ['failed', 'not-sent'],
    ['canceled', 'not-sent'],
  ])('%s is %s', (MessageStatus, kind) => {
    expect(told({ MessageStatus })).toMatchObject({ kind, suppress: null })
  })

  test.each(['receiving', 'received', 'teleported', 'constructor'])('%s is ignored', (MessageStatus) => {
    expect(read({ MessageStatus })).toEqual({ ok: true, receipts: [] })
  })

  test.each([
    ['failed', '21610', 'not-sent', 'opted_out'],
    ['failed', '21211', 'not-sent', 'invalid_address'],
    ['undelivered', '30005', 'undelivered', 'invalid_address'],
    ['undelivered', '30006', 'undelivered', 'invalid_address'],
    ['failed', '30006', 'undelivered', 'invalid_address'],
    ['undelivered', '30003', 'undelivered', null],
    ['failed', '30003', 'undelivered', null],
    ['failed', '30008', 'undelivered', null],
    ['undelivered', '30007', 'undelivered', null],
    ['failed', '30001', 'not-sent', null],
    ['failed', '30034', 'not-sent', null],
    ['failed', '30410', 'taken', null],
    ['undelivered', '30410', 'taken', null],
    ['failed', 'x', 'not-sent', null],
  ])('%s with code %s is %s, suppressed as %s', (MessageStatus, ErrorCode, kind, suppress) => {
    expect(told({ MessageStatus, ErrorCode })).toMatchObject({
      kind,
      suppress,
      code: ErrorCode,
      text: expect.stringContaining(`Twilio reported ${MessageStatus} with code ${ErrorCode}`),
    })
  })

  test.each([
    ['30003', ': the phone is switched off or out of reach'],
    ['30006', ': the number is a landline, or its carrier cannot be reached'],
    ['30034', ': the sender is not registered for texts to the United States (10DLC)'],
    ['39999', ''],
    ['constructor', ''],
  ])('code %s is said in words', (ErrorCode, words) => {
    const text = `Twilio reported undelivered with code ${ErrorCode}${words}`
    expect(told({ MessageStatus: 'undelivered', ErrorCode })).toMatchObject({ text })
  })

  test('keeps its words without the number', () => {
    const more = { MessageStatus: 'failed', ErrorCode: '30006', ErrorMessage: 'Landline: +1 500 555 0006' }
    expect(told(more)).toMatchObject({ text: 'Landline: [address]' })
  })
})
