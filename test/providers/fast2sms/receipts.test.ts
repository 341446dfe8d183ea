// Fast2SMS's delivery webhook: a token in the URL, and a body that was written in the vendor's panel.
import { describe, expect, test } from 'vitest'
import { fast2smsReceipts } from '../../../src/providers/fast2sms/receipts.ts'
import { callbackOf, fast2smsCallback, readAll } from '../../helper/receipts.ts'

const token = 'token-of-the-settings'
const reader = fast2smsReceipts(token)
const attemptId = '0199f3a0-0000-7000-8000-000000000002'
const notificationId = '0199f3a0-0000-7000-8000-000000000001'
const base = {
  udf1: attemptId,
  udf2: notificationId,
  request_id: 'lwdtp7cjyqxvfe9',
  status: 'Delivered',
  description: 'Delivered to handset',
}
type Style = 'form' | 'json' | 'query'

function read(fields: Record<string, string>, style: Style = 'json', given = token) {
  return readAll(reader, callbackOf(fast2smsCallback(fields, { token: given, style }), 0))
}

function reads(body: unknown) {
  const callback = callbackOf(fast2smsCallback(base, { token }), 0)
  return readAll(reader, { ...callback, raw: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) })
}

describe('a callback of Fast2SMS', () => {
  test.each(['json', 'form', 'query'] as const)('as %s brings back the attempt, and its own id', (style) => {
    expect(read(base, style)).toEqual({
      ok: true,
      receipts: [
        {
          key: expect.stringMatching(/^[0-9a-f]{64}$/),
          kind: 'delivered',
          at: null,
          providerMessageId: 'lwdtp7cjyqxvfe9',
          notificationId,
          attemptId,
          address: null,
          suppress: null,
          code: null,
          text: 'Delivered: Delivered to handset',
        },
      ],
    })
  })

  test('brings back the notification from a key that goes on after its id', () => {
    expect(read({ ...base, udf2: `${notificationId}.2` })).toMatchObject({ receipts: [{ notificationId }] })
    expect(read({ ...base, udf2: 'x' })).toMatchObject({ receipts: [{ notificationId: null }] })
  })

  test('repeated has the same key, and another status has another', () => {
    expect(read(base, 'form')).toEqual(read({ ...base, more: 'x' }, 'query'))
    const [one, two] = [read(base), read({ ...base, status: 'Failed' })]
    expect(one.ok && two.ok && one.receipts[0]?.key !== two.receipts[0]?.key).toBe(true)
  })

  test('without the token or with another gets 401, whatever its body', () => {
    for (const given of ['', 'another', `${token} `, token.toUpperCase()])
      expect(read({}, 'json', given)).toMatchObject({ ok: false, status: 401 })
  })

  test('may hold many, and what can be read is kept beside what cannot', () => {
    expect(reads([null, 7, [], base, { ...base, status: 'whatever', description: '' }])).toMatchObject({
      ok: true,
      receipts: [{ kind: 'delivered' }],
    })
  })

  test.each(['{', '[]', '[[1]]', '{}', 'null', '7', 'status=', ''])('whose body is %o gets 400', (body) => {
    expect(reads(body)).toMatchObject({ ok: false, status: 400 })
  })
})

test.each([
  ['DELIVERED', '', 'delivered'],
  ['Failed', '', 'undelivered'],
  ['Undelivered', '', 'undelivered'],
  ['DND', 'blocked by the register', 'undelivered'],
  ['Sent', '', 'taken'],
  ['Submitted', '', 'taken'],
  ['3', 'Rejected by the operator', 'undelivered'],
])('the status %o with %o is %s, and no address is suppressed for it', (status, description, kind) => {
  expect(read({ ...base, status, description })).toMatchObject({ ok: true, receipts: [{ kind, suppress: null }] })
})

test('what is said of a number is kept without it', () => {
  expect(read({ ...base, status: 'Failed', description: '9812345678 is switched off' })).toMatchObject({
    receipts: [{ text: 'Failed: [address] is switched off' }],
  })
})
