// Mailgun's webhooks: a signature over a timestamp and a token only, and what each event says.
import { createHmac } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import { mailgunReceipts } from '../../../src/providers/mailgun/receipts.ts'
import { callbackOf, mailgunCallback, readAll } from '../../helper/receipts.ts'

const signingKey = 'key-test'
const reader = mailgunReceipts(signingKey)
const timestamp = 1767225600
const nowMs = timestamp * 1000
const token = 'a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4e5f6a1'
const ours = {
  notification_id: '0199f3a0-0000-7000-8000-000000000001',
  attempt_id: '0199f3a0-0000-7000-8000-000000000002',
}
const base = {
  event: 'delivered',
  id: 'MXcc2gEpS-eN8HfkOnmK2w',
  timestamp: timestamp - 4.5,
  recipient: 'ada@example.com',
  message: { headers: { 'message-id': '20260101.000be97f@mg.example.com' } },
  'user-variables': ours,
}
const refused = { ok: false, status: 401 }

function read(event: unknown, { at = timestamp, now = nowMs, key = signingKey } = {}) {
  return readAll(reader, callbackOf(mailgunCallback(event, { signingKey: key, timestamp: at, token }), now))
}

function told(event: unknown) {
  const answer = read(event)
  if (!answer.ok) throw new Error(answer.detail)
  return answer.receipts[0]
}

function signedAs(signature: unknown, event: unknown = base) {
  const raw = Buffer.from(JSON.stringify({ signature, 'event-data': event }))
  const url = 'https://notify.example.com/receipts/mailgun'
  return readAll(reader, { raw, headers: {}, query: new URLSearchParams(), url, nowMs })
}

describe('a webhook of Mailgun', () => {
  test('brings back our ids, its own, and a token that counts once', () => {
    expect(read(base)).toEqual({
      ok: true,
      once: token,
      receipts: [
        {
          key: 'MXcc2gEpS-eN8HfkOnmK2w:2025-12-31',
          kind: 'delivered',
          at: new Date(nowMs - 4_500),
          providerMessageId: '20260101.000be97f@mg.example.com',
          notificationId: ours.notification_id,
          attemptId: ours.attempt_id,
          address: 'ada@example.com',
          suppress: null,
          code: null,
          text: null,
        },
      ],
    })
  })

  test('that was signed elsewhere verifies', () => {
    const signature = 'aa275be7f412903467ae246deb2419a59d0dcd7959b18b174bdec26a0faa51dd'
    expect(signedAs({ timestamp: '1767225600', token, signature })).toMatchObject({ ok: true, once: token })
    expect(signedAs({ timestamp: 1767225600, token, signature })).toMatchObject({ ok: true })
    expect(signedAs({ timestamp: '1767225601', token, signature })).toMatchObject(refused)
    expect(signedAs({ timestamp: '1767225600', token: `${token}0`, signature })).toMatchObject(refused)
  })

  test('cannot become another by moving a digit between timestamp and token', () => {
    const signature = 'aa275be7f412903467ae246deb2419a59d0dcd7959b18b174bdec26a0faa51dd'
    expect(signedAs({ timestamp: '176722560', token: `0${token}`, signature })).toMatchObject(refused)
    expect(signedAs({ timestamp: `1767225600${token[0]}`, token: token.slice(1), signature })).toMatchObject(refused)
  })

  test.each([' 1767225600', '1.7672256e9', '0x6955B900', '01767225600', '+1767225600'])(
    'signed well with the timestamp %o gets 401',
    (odd) => {
      const signature = createHmac('sha256', signingKey)
        .update(odd + token)
        .digest('hex')
      expect(signedAs({ timestamp: odd, token, signature })).toMatchObject(refused)
    },
  )

  test('is taken for 12 hours, longer than Mailgun tries again', () => {
    expect(read(base, { now: nowMs + 43_200_000 })).toMatchObject({ ok: true })
    expect(read(base, { now: nowMs + 43_201_000 })).toMatchObject(refused)
    expect(read(base, { now: nowMs - 300_000 })).toMatchObject({ ok: true })
    expect(read(base, { now: nowMs - 301_000 })).toMatchObject(refused)
    expect(read(base, { key: 'another' })).toMatchObject(refused)
  })

  test.each([
    [undefined],
    [null],
    ['x'],
    [{}],
    [{ timestamp: '1767225600', token, signature: 7 }],
    [{ timestamp: '1767225600', token: {}, signature: 'aa' }],
    [{ timestamp: [], token, signature: '' }],
    [{ timestamp: '1767225600', token: 'x y', signature: 'a'.repeat(64) }],
    [{ timestamp: '1767225600', token: 'x'.repeat(101), signature: 'a'.repeat(64) }],
    [{ timestamp: '1767225600', token, signature: 'g'.repeat(64) }],
  ])('with %o for a signature gets 401', (signature) => {
    expect(signedAs(signature)).toMatchObject(refused)
  })

  test('repeated with another token has the same key, and the id of another day has another', () => {
    expect(told(base)?.key).toBe(told({ ...base })?.key)
    expect(told({ ...base, timestamp: timestamp + 1 })?.key).not.toBe(told(base)?.key)
  })

  test('without an id is known by what it says', () => {
    const { id: _id, ...rest } = base
    expect(told(rest)?.key).toMatch(/^[0-9a-f]{64}$/)
    expect(told({ ...rest, event: 'opened' })?.key).not.toBe(told(rest)?.key)
  })

  test('signed well but without an event gets 400, and an unknown event is ignored', () => {
    for (const event of [null, 'x', [], {}, { event: {} }])
      expect(read(event)).toMatchObject({ ok: false, status: 400 })
    for (const event of ['stored', 'list_member_uploaded', 'constructor'])
      expect(read({ ...base, event })).toEqual({ ok: true, once: token, receipts: [] })
  })

  test('made of brackets is refused before it is parsed, as its signature is in it', () => {
    const parser = vi.spyOn(JSON, 'parse')
    const raw = Buffer.from('['.repeat(500_000) + ']'.repeat(500_000))
    expect(readAll(reader, { raw, headers: {}, query: new URLSearchParams(), url: '', nowMs })).toMatchObject(refused)
    expect(parser).not.toHaveBeenCalled()
    parser.mockRestore()
  })

  test('whose user variables are an empty list, as Mailgun sends none, has no ids of ours', () => {
    expect(told({ ...base, 'user-variables': [] })).toMatchObject({ notificationId: null, attemptId: null })
  })

  test('with angle brackets around the message’s id names it without', () => {
    const message = { headers: { 'message-id': '<1@mg.example.com>' } }
    expect(told({ ...base, message })?.providerMessageId).toBe('1@mg.example.com')
  })
})

describe('an event of Mailgun', () => {
  const permanent = { severity: 'permanent' }
  const refusal = (code: string, message: string) => {
    const status = { code: 550, 'enhanced-code': code, message }
    return { ...permanent, reason: 'bounce', 'delivery-status': status }
  }
  test.each([
    ['accepted', {}, 'taken', null],
    ['rejected', {}, 'not-sent', null],
    ['delivered', {}, 'delivered', null],
    ['opened', {}, 'opened', null],
    ['opened', { 'client-info': { bot: '', 'client-type': 'browser' } }, 'opened', null],
    ['opened', { 'client-info': { bot: 'gmail' } }, 'scanned', null],
    ['clicked', {}, 'clicked', null],
    ['opened', { 'client-info': { bot: '', 'client-type': 'robot' } }, 'scanned', null],
    ['opened', { 'client-info': { 'client-type': 'mobile browser' } }, 'opened', null],
    ['clicked', { 'client-info': { bot: 'generic' } }, 'scanned', null],
    ['clicked', { 'client-info': { 'client-type': 'library' } }, 'scanned', null],
    ['complained', {}, 'complained', 'complaint'],
    ['unsubscribed', {}, 'unsubscribed', null],
    ['failed', { severity: 'temporary', reason: 'generic' }, 'delayed', null],
    ['failed', { reason: 'bounce' }, 'delayed', null],
    ['failed', { ...permanent, reason: 'bounce' }, 'undelivered', null],
    ['failed', refusal('5.1.1', 'gone'), 'undelivered', 'hard_bounce'],
    ['failed', refusal('', '550 No such user here'), 'undelivered', 'hard_bounce'],
    ['failed', { ...refusal('5.1.1', 'gone'), reason: 'generic' }, 'undelivered', 'hard_bounce'],
    ['failed', { ...refusal('5.1.1', 'gone'), reason: 'espblock' }, 'undelivered', null],
    ['failed', { ...refusal('5.1.1', 'gone'), severity: 'temporary' }, 'delayed', null],
    ['failed', refusal('5.7.1', 'Rejected by content policy'), 'undelivered', null],
    ['failed', refusal('5.2.2', 'Mailbox over quota'), 'undelivered', null],
    ['failed', refusal('', '5.7.606 banned sending IP'), 'undelivered', null],
    ['failed', refusal('5.4.4', 'host unknown'), 'undelivered', null],
    ['failed', refusal('', 'blocked'), 'undelivered', null],
    ['failed', { ...permanent, reason: 'suppress-bounce' }, 'not-sent', 'hard_bounce'],
    ['failed', { ...permanent, reason: 'suppress-complaint' }, 'not-sent', 'complaint'],
    ['failed', { ...permanent, reason: 'suppress-unsubscribe' }, 'not-sent', null],
    ['failed', { ...permanent, reason: 'generic' }, 'undelivered', null],
    ['failed', { ...permanent, reason: 'old' }, 'undelivered', null],
    ['failed', permanent, 'undelivered', null],
  ])('%s %o is %s', (event, more, kind, suppress) => {
    expect(told({ ...base, event, ...more })).toMatchObject({ kind, suppress })
  })

  test('keeps its words without the address', () => {
    const status = { code: 550, message: '5.1.1 ada@example.com does not exist' }
    expect(told({ ...base, event: 'failed', ...permanent, reason: 'bounce', 'delivery-status': status })).toMatchObject(
      {
        code: 'bounce.550',
        text: '5.1.1 [address] does not exist',
      },
    )
  })
})
