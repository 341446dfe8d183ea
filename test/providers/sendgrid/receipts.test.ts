// SendGrid's event webhook: an ECDSA signature, many events at once, and what each of them says.
import { describe, expect, test } from 'vitest'
import { sendgridReceipts } from '../../../src/providers/sendgrid/receipts.ts'
import { callbackOf, readAll, sendgridCallback, sendgridKeys } from '../../helper/receipts.ts'

const { publicKey, privateKey } = sendgridKeys()
const reader = sendgridReceipts(publicKey)
const timestamp = 1767225600
const nowMs = timestamp * 1000
const ours = {
  notification_id: '0199f3a0-0000-7000-8000-000000000001',
  attempt_id: '0199f3a0-0000-7000-8000-000000000002',
}
const base = {
  ...ours,
  email: 'ada@example.com',
  timestamp: timestamp - 5,
  'smtp-id': '<14c5d75ce93.dfd.64b469@ismtpd-555>',
  sg_event_id: 'ZGVsaXZlcmVk',
  sg_message_id: '14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0',
}
const refused = { ok: false, status: 401 }

function read(events: unknown, { at = timestamp, now = nowMs, key = privateKey } = {}) {
  return readAll(reader, callbackOf(sendgridCallback(events, { privateKey: key, timestamp: at }), now))
}

function told(...events: unknown[]) {
  const answer = read(events)
  if (!answer.ok) throw new Error(answer.detail)
  return answer.receipts
}

describe('a webhook of SendGrid', () => {
  test('reports many events, with our ids and the part of its own id that the send call returned', () => {
    const receipts = told({ ...base, event: 'processed' }, { ...base, event: 'delivered', response: '250 OK' })
    expect(receipts).toEqual(
      ['taken', 'delivered'].map((kind) => ({
        key: expect.stringMatching(/^[0-9a-f]{64}$/),
        kind,
        at: new Date(nowMs - 5_000),
        providerMessageId: '14c5d75ce93',
        notificationId: ours.notification_id,
        attemptId: ours.attempt_id,
        address: 'ada@example.com',
        suppress: null,
        code: null,
        text: null,
      })),
    )
    expect(receipts[0]?.key).not.toBe(receipts[1]?.key)
  })

  test('may fill a mebibyte with events as short as they come', () => {
    const events = Array.from({ length: 5000 }, (_, i) => ({ ...base, event: 'delivered', timestamp: timestamp - i }))
    const short = events.map(({ notification_id: _our, attempt_id: _ids, ...event }) => event)
    expect(JSON.stringify(short).length).toBeGreaterThan(1024 * 1024 * 0.95)
    expect(told(...short)).toHaveLength(5000)
  })

  test('repeated has the same keys, although sg_event_id and the order of the fields have changed', () => {
    const [first] = told({ ...base, event: 'delivered' })
    const [again] = told({ event: 'delivered', ...base, sg_event_id: 'another' })
    expect(again?.key).toBe(first?.key)
  })

  test.each([
    ['event', { event: 'open' }],
    ['time', { timestamp: timestamp - 4 }],
    ['person', { email: 'bob@example.com' }],
    ['message', { sg_message_id: 'another.filter' }],
    ['attempt', { attempt_id: '0199f3a0-0000-7000-8000-000000000003' }],
    ['link', { url: 'https://example.com/two' }],
  ])('of another %s has another key', (_name, other) => {
    const click = { ...base, event: 'click', url: 'https://example.com/one' }
    const [one, two] = told(click, { ...click, ...other })
    expect(one?.key).not.toBe(two?.key)
  })

  test('is taken for 24 hours, as long as SendGrid tries again', () => {
    expect(read([], { now: nowMs + 86_400_000 })).toEqual({ ok: true, receipts: [] })
    expect(read([], { now: nowMs + 86_401_000 })).toMatchObject(refused)
    expect(read([], { now: nowMs - 300_000 })).toEqual({ ok: true, receipts: [] })
    expect(read([], { now: nowMs - 301_000 })).toMatchObject(refused)
  })

  test('signed with another key, over other bytes or at another time gets 401', () => {
    expect(read([], { key: sendgridKeys().privateKey })).toMatchObject(refused)
    const callback = callbackOf(sendgridCallback([base], { privateKey, timestamp }), nowMs)
    expect(readAll(reader, { ...callback, raw: Buffer.concat([callback.raw, Buffer.from(' ')]) })).toMatchObject(
      refused,
    )
    const moved = { ...callback.headers, 'x-twilio-email-event-webhook-timestamp': String(timestamp + 1) }
    expect(readAll(reader, { ...callback, headers: moved })).toMatchObject(refused)
  })

  test.each(['', 'AAAA', 'not base64!', 'MEUCIQ=='])('with %o for a signature gets 401', (signature) => {
    const callback = callbackOf(sendgridCallback([], { privateKey, timestamp }), nowMs)
    const headers = { ...callback.headers, 'x-twilio-email-event-webhook-signature': signature }
    expect(readAll(reader, { ...callback, headers })).toMatchObject(refused)
    expect(readAll(reader, { ...callback, headers: {} })).toMatchObject(refused)
  })

  test('keeps what can be read among what cannot', () => {
    const junk = [null, 7, 'x', [], {}, { event: 7 }, { event: 'asm_unknown' }, { event: 'constructor' }]
    expect(
      told(...junk, { ...base, event: 'open' }, { event: 'delivered', sg_message_id: {}, timestamp: 'now' }),
    ).toEqual([
      expect.objectContaining({ kind: 'opened' }),
      expect.objectContaining({ kind: 'delivered', providerMessageId: null, at: null, notificationId: null }),
    ])
  })

  test('that is not UTF-8 gets 400', () => {
    expect(read(Buffer.from('[{"event":"open","email":"\xff"}]', 'latin1'))).toMatchObject({ ok: false, status: 400 })
  })

  test.each(['{}', '"x"', 'null', '[', ''])('whose body is %o gets 400', (body) => {
    expect(read(body)).toMatchObject({ ok: false, status: 400 })
  })
})

describe('an event of SendGrid', () => {
  test.each([
    ['processed', {}, 'taken', null],
    ['deferred', { response: '450 4.2.1 try again later' }, 'delayed', null],
    ['delivered', {}, 'delivered', null],
    ['open', {}, 'opened', null],
    ['open', { sg_machine_open: false }, 'opened', null],
    ['open', { sg_machine_open: true }, 'scanned', null],
    ['open', { sg_machine_open: 'true' }, 'scanned', null],
    ['open', { sg_machine_open: 'True' }, 'scanned', null],
    ['open', { sg_machine_open: 'false' }, 'opened', null],
    ['click', {}, 'clicked', null],
    ['spamreport', {}, 'complained', 'complaint'],
    ['unsubscribe', {}, 'unsubscribed', null],
    ['group_unsubscribe', {}, 'unsubscribed', null],
    ['group_resubscribe', {}, 'resubscribed', null],
    ['bounce', { type: 'bounce', status: '5.1.1' }, 'undelivered', 'hard_bounce'],
    ['bounce', { type: 'bounce', status: '5.0.0' }, 'undelivered', null],
    ['bounce', { status: '5.0.0', reason: '550 5.7.509 Access denied, DMARC' }, 'undelivered', null],
    ['bounce', { status: '5.0.0', bounce_classification: 'Reputation', reason: '554 refused' }, 'undelivered', null],
    [
      'bounce',
      { status: '5.0.0', bounce_classification: 'Mailbox Unavailable', reason: '552 full' },
      'undelivered',
      null,
    ],
    ['bounce', { status: '5.0.0', bounce_classification: 'Technical', reason: 'no MX' }, 'undelivered', null],
    ['bounce', { status: '5.0.0', bounce_classification: 'Content', reason: '550 unknown user' }, 'undelivered', null],
    [
      'bounce',
      { status: '5.0.0', bounce_classification: 'Invalid Address', reason: '550 refused' },
      'undelivered',
      'hard_bounce',
    ],
    ['bounce', { bounce_classification: 'Unclassified', reason: '550 no such user' }, 'undelivered', 'hard_bounce'],
    ['bounce', { status: '5.1.1', bounce_classification: 'Unclassified' }, 'undelivered', 'hard_bounce'],
    ['bounce', { type: 'bounce', reason: '550 5.1.1 unknown user' }, 'undelivered', 'hard_bounce'],
    ['bounce', { type: 'bounce', reason: '550 unknown user' }, 'undelivered', 'hard_bounce'],
    ['bounce', { type: 'bounce', status: '5.7.1' }, 'undelivered', null],
    ['bounce', { type: 'bounce', status: '5.2.2' }, 'undelivered', null],
    ['bounce', { type: 'bounce', status: '4.2.2' }, 'undelivered', null],
    ['bounce', { type: 'bounce' }, 'undelivered', null],
    ['bounce', { status: '5.0.0', reason: '500 unknown recipient' }, 'undelivered', 'hard_bounce'],
    ['bounce', { reason: '550 5.1.1 unknown user' }, 'undelivered', 'hard_bounce'],
    ['bounce', {}, 'undelivered', null],
    ['bounce', { status: '4.2.2', reason: '452 mailbox full' }, 'undelivered', null],
    ['bounce', { reason: '550 5.7.1 policy' }, 'undelivered', null],
    ['bounce', { type: 'blocked', status: '5.1.1' }, 'undelivered', null],
    ['bounce', { type: 'blocked' }, 'undelivered', null],
    ['dropped', { reason: 'Bounced Address' }, 'not-sent', 'hard_bounce'],
    ['dropped', { reason: 'Spam Reporting Address' }, 'not-sent', 'complaint'],
    ['dropped', { reason: 'Invalid' }, 'not-sent', 'invalid_address'],
    ['dropped', { reason: 'Unsubscribed Address' }, 'not-sent', null],
    ['dropped', { reason: 'Recipient List over Package Quota' }, 'not-sent', null],
  ])('%s %o is %s', (event, more, kind, suppress) => {
    expect(told({ ...base, event, ...more })).toEqual([expect.objectContaining({ kind, suppress })])
  })

  test('keeps its words without the address', () => {
    const reason = '550 5.1.1 <ada@example.com>: Recipient address rejected'
    expect(told({ ...base, event: 'bounce', type: 'bounce', reason })).toMatchObject([
      { code: '5.1.1', text: '550 5.1.1 <[address]>: Recipient address rejected' },
    ])
  })
})
