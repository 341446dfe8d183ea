// MSG91's delivery reports: a token in the URL, three shapes, and what the words mean.
import { describe, expect, test } from 'vitest'
import { msg91Receipts } from '../../../src/providers/msg91/receipts.ts'
import { callbackOf, msg91Callback, readAll } from '../../helper/receipts.ts'

const token = 'a receipt+token&of=32'
const reader = msg91Receipts(token)
const report = { date: '2026-01-01 10:06:20', number: '919812345678', status: '1', desc: 'DELIVERED', failedReason: '' }
const request = { senderId: 'ABCDEF', requestId: '346a65706b4b313330', userId: '27', campaignName: 'API' }

function read(body: unknown, version: 2 | 3 = 2, given = token) {
  return readAll(reader, callbackOf(msg91Callback(body, { token: given, version }), 0))
}

function told(more: Record<string, unknown>) {
  const answer = read({ ...request, ...report, ...more }, 3)
  if (!answer.ok) throw new Error(answer.detail)
  return answer.receipts[0]
}

const delivered = {
  key: expect.stringMatching(/^[0-9a-f]{64}$/),
  kind: 'delivered',
  at: null,
  providerMessageId: request.requestId,
  notificationId: null,
  attemptId: null,
  address: null,
  suppress: null,
  code: '1',
  text: 'DELIVERED',
}

describe('a callback of MSG91', () => {
  test('in version 2 holds many requests and their reports', () => {
    const other = { ...report, number: '919812345679', status: '2', desc: 'FAILED', failedReason: 'DLT mismatch' }
    const answer = read([
      { ...request, report: [report, other] },
      { ...request, requestId: 'another', report: [report] },
    ])
    expect(answer).toEqual({
      ok: true,
      receipts: [
        delivered,
        { ...delivered, kind: 'undelivered', code: '2', text: 'FAILED: DLT mismatch' },
        { ...delivered, providerMessageId: 'another' },
      ],
    })
    expect(new Set(answer.ok ? answer.receipts.map(({ key }) => key) : []).size).toBe(3)
  })

  test('in version 3 is flat, and a repeat has the same key', () => {
    expect(read({ ...request, ...report }, 3)).toEqual({ ok: true, receipts: [delivered] })
    expect(read({ ...report, ...request }, 3)).toEqual(read({ ...request, ...report }, 3))
    expect(told({ status: '2', desc: 'FAILED' })?.key).not.toBe(told({})?.key)
  })

  test('in version 2 may come as JSON, its list in text or not', () => {
    const list = [{ ...request, report: [report] }]
    expect(read({ data: JSON.stringify(list) }, 3)).toEqual({ ok: true, receipts: [delivered] })
    expect(read({ data: list }, 3)).toEqual({ ok: true, receipts: [delivered] })
    expect(read(list, 3)).toEqual({ ok: true, receipts: [delivered] })
  })

  describe('with the list', () => {
    const list = JSON.stringify([{ ...request, report: [report] }])
    const part = (name: string, value: string, more = '') =>
      `--x-1\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`
    test.each([
      ['behind a byte order mark', `\ufeff${list}`],
      ['behind a byte order mark in a form', `\ufeffdata=${encodeURIComponent(list)}`],
      ['behind a byte order mark within a form', `data=${encodeURIComponent(`\ufeff${list}`)}`],
      ['in multipart', `${part('data', list)}--x-1--\r\n`],
      ['in multipart among other fields', `${part('userId', '7')}${part('data', list)}${part('data', '[]')}--x-1--`],
      [
        'in multipart as a file',
        `${part('data', `\ufeff${list}`, '; filename="a.json"\r\nContent-Type: application/json')}--x-1--`,
      ],
      ['in multipart with a preamble of a line', `\r\n${part('data', list)}--x-1--\r\n`],
      ['in multipart with plain line breaks', `${part('data', list)}--x-1--\r\n`.replaceAll('\r', '')],
    ])('%s', (_how, raw) => {
      expect(read(Buffer.from(raw), 3)).toEqual({ ok: true, receipts: [delivered] })
    })

    test.each([
      ['that ends early', part('data', list.slice(0, -9))],
      ['of too many fields', `${part('a', '1').repeat(501)}${part('data', list)}--x-1--`],
      ['without a field of that name', `${part('date', list)}--x-1--`],
      ['without fields', '--x-1\r\n--x-1--'],
      ['of nothing but lines', '--\r\n'.repeat(1_000)],
    ])('multipart %s is 400', (_how, raw) => {
      expect(read(Buffer.from(raw), 3)).toMatchObject({ ok: false, status: 400 })
    })
  })

  test('of the newer webhook is read by its names', () => {
    const body = {
      requestId: 'r1',
      telNum: '919812345678',
      status: 'Failed',
      failureReason: 'no reply from 919812345678',
    }
    expect(read(body, 3)).toMatchObject({
      ok: true,
      receipts: [{ kind: 'undelivered', providerMessageId: 'r1', code: 'Failed', text: 'no reply from [address]' }],
    })
  })

  test('brings our attempt back as CRQID, in every version', () => {
    const attemptId = '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'
    const ours = { ...delivered, attemptId }
    expect(read([{ ...request, report: [{ ...report, CRQID: attemptId.toUpperCase() }] }])).toEqual({
      ok: true,
      receipts: [ours],
    })
    expect(told({ CRQID: attemptId })).toEqual(ours)
    expect(told({ CRQID: attemptId, requestId: undefined })).toEqual({ ...ours, providerMessageId: null })
    for (const none of ['0', '', 7, null, `${attemptId}x`]) expect(told({ CRQID: none })).toEqual(delivered)
  })

  test('without the token, with another or with two gets 401, whatever its body', () => {
    expect(read([], 2, 'another')).toMatchObject({ ok: false, status: 401 })
    expect(read([], 2, '')).toMatchObject({ ok: false, status: 401 })
    const callback = callbackOf(msg91Callback({}, { token }), 0)
    expect(readAll(reader, { ...callback, query: new URLSearchParams() })).toMatchObject({ ok: false, status: 401 })
    const twice = new URLSearchParams([...callback.query, ['token', 'x']])
    expect(readAll(reader, { ...callback, query: twice })).toMatchObject({ ok: false, status: 401 })
  })

  test('that names no request gets 400: version 4 does not', () => {
    const version4 = [
      { data: [{ meta: '0', INMSID: '0', description: 'DELIVERED', ts: 1767225600 }], event: 'delivered' },
    ]
    for (const body of [version4, {}, [], [null, 7, 'x', []], { data: '[' }, { data: 7 }, { requestId: {} }])
      expect(read(body, 3)).toMatchObject({ ok: false, status: 400 })
  })
})

describe('the words of MSG91', () => {
  test.each([
    ['DELIVERED', '2', 'delivered'],
    ['DELIVRD', '', 'delivered'],
    ['FAILED', '2', 'undelivered'],
    ['Delivery failed', '1', 'undelivered'],
    ['NOT DELIVERED', '1', 'undelivered'],
    ['UNDELIVERED', '1', 'undelivered'],
    ['NDNC', '9', 'undelivered'],
    ['REJECTED', '16', 'undelivered'],
    ['Blocked number', '17', 'undelivered'],
    ['EXPIRED', '', 'undelivered'],
    ['Unsent', '', 'undelivered'],
    ['SENT', '', 'taken'],
    ['PENDING', '5', 'taken'],
    ['Submitted to operator', '', 'taken'],
    ['RETRYING', '', 'delayed'],
    ['', '1', 'delivered'],
    ['', '2', 'undelivered'],
    ['', '9', 'undelivered'],
    ['', '16', 'undelivered'],
    ['', '17', 'undelivered'],
    ['', '25', 'undelivered'],
  ])('%o with status %o are %s', (desc, status, kind) => {
    expect(told({ desc, status })).toMatchObject({ kind, suppress: null })
  })

  test.each([
    ['', '8'],
    ['whatever', ''],
    [7, null],
    [{}, []],
  ])('%o with status %o are ignored', (desc, status) => {
    expect(told({ desc, status })).toBeUndefined()
  })
})
