// Vonage's delivery receipts: signed parameters in three styles, and what each status means.
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { vonageReceipts } from '../../../src/providers/vonage/receipts.ts'
import { maxParameters } from '../../../src/wire/form.ts'
import { callbackOf, readAll, vonageCallback } from '../../helper/receipts.ts'

const secret = 'ABC123signature'
const reader = vonageReceipts(secret)
const timestamp = 1767225600
const nowMs = timestamp * 1000
const attemptId = '0199f3a0-0000-7000-8000-000000000002'
const base = {
  msisdn: '447700900000',
  to: 'AcmeInc',
  'network-code': '23410',
  messageId: '0A0000001234567B',
  price: '0.03330000',
  status: 'delivered',
  scts: '2601010000',
  'err-code': '0',
  'message-timestamp': '2026-01-01 00:00:04',
  'client-ref': attemptId,
}
const refused = { ok: false, status: 401 }
type Signing = Parameters<typeof vonageCallback>[1]

function signed(params: Record<string, string>, signing: Partial<Signing> = {}) {
  return vonageCallback(params, { secret, timestamp, ...signing })
}

function read(params: Record<string, string>, signing: Partial<Signing> = {}, now = nowMs) {
  return readAll(reader, callbackOf(signed(params, signing), now))
}

function told(more: Record<string, string>) {
  const answer = read({ ...base, ...more })
  if (!answer.ok) throw new Error(answer.detail)
  return answer.receipts[0]
}

describe('a receipt of Vonage', () => {
  test.each(['form', 'json', 'query'] as const)('as %s brings back the attempt, and its own id', (style) => {
    expect(read(base, { style })).toEqual({
      ok: true,
      receipts: [
        {
          key: '0A0000001234567B:delivered:0',
          kind: 'delivered',
          at: new Date('2026-01-01T00:00:04Z'),
          providerMessageId: '0A0000001234567B',
          notificationId: null,
          attemptId,
          address: '+447700900000',
          suppress: null,
          code: null,
          text: null,
        },
      ],
    })
  })

  test('that was signed elsewhere verifies, in small letters and capitals', () => {
    // echo -n '&a=1_2_3&status=delivered&timestamp=1767225600' | openssl dgst -sha256 -hmac ABC123signature
    const sig = '3a1cce8070e81902c56164439d2333ca7d976d2777c5c855751bc8084121adb0'
    for (const written of [sig, sig.toUpperCase()]) {
      const raw = Buffer.from(`status=delivered&sig=${written}&a=1%262%3D3&timestamp=1767225600`)
      const callback = { raw, headers: {}, query: new URLSearchParams(), url: 'https://notify.example.com/', nowMs }
      expect(readAll(reader, callback)).toMatchObject({ ok: true, receipts: [{ kind: 'delivered' }] })
    }
  })

  test.each(['sha256', 'sha512', 'sha1', 'md5'] as const)('signed by HMAC with %s verifies', (algorithm) => {
    expect(read(base, { algorithm })).toMatchObject({ ok: true })
  })

  test('signed by a bare MD5 gets 401', () => {
    const text = `&status=delivered&timestamp=${timestamp}`
    const sig = createHash('md5')
      .update(text + secret)
      .digest('hex')
    const raw = Buffer.from(`status=delivered&timestamp=${timestamp}&sig=${sig}`)
    const callback = { raw, headers: {}, query: new URLSearchParams(), url: 'https://notify.example.com/', nowMs }
    expect(readAll(reader, callback)).toMatchObject(refused)
  })

  test('is covered by its signature in every parameter', () => {
    const whole = callbackOf(signed(base), nowMs)
    const changed = (change: (form: URLSearchParams) => void) => {
      const form = new URLSearchParams(whole.raw.toString())
      change(form)
      return readAll(reader, { ...whole, raw: Buffer.from(form.toString()) })
    }
    expect(changed(() => {})).toMatchObject({ ok: true })
    expect(changed((form) => form.set('status', 'failed'))).toMatchObject(refused)
    expect(changed((form) => form.set('timestamp', String(timestamp + 1)))).toMatchObject(refused)
    expect(changed((form) => form.append('new', 'x'))).toMatchObject(refused)
    for (const name of ['sig', 'timestamp', 'nonce', 'client-ref'])
      expect(changed((form) => form.delete(name))).toMatchObject(refused)
    for (const sig of ['', 'x', 'g'.repeat(64), '0'.repeat(64), '0'.repeat(32)])
      expect(changed((form) => form.set('sig', sig))).toMatchObject(refused)
  })

  test.each(['form', 'json'] as const)('as %s of more parameters than a report may have gets 401', (style) => {
    const own = new URLSearchParams(vonageCallback(base, { secret, timestamp }).payload.toString()).size
    const of = (count: number) =>
      read({ ...base, ...Object.fromEntries(Array.from({ length: count - own }, (_, i) => [`p${i}`, 'x'])) }, { style })
    expect(of(maxParameters)).toMatchObject({ ok: true })
    expect(of(maxParameters + 1)).toMatchObject(refused)
  })

  test('cannot hide a parameter in the name of another', () => {
    const form = new URLSearchParams(callbackOf(signed(base), nowMs).raw.toString())
    form.delete('err-code')
    form.delete('client-ref')
    form.set(`client-ref=${attemptId}&err-code`, '0')
    const hidden = { ...callbackOf(signed(base), nowMs), raw: Buffer.from(form.toString()) }
    expect(readAll(reader, hidden)).toMatchObject(refused)
  })

  test('may have its parameters in any order', () => {
    const whole = callbackOf(signed(base), nowMs)
    const pairs = [...new URLSearchParams(whole.raw.toString())].reverse()
    const raw = Buffer.from(new URLSearchParams(pairs).toString())
    expect(readAll(reader, { ...whole, raw })).toEqual(readAll(reader, whole))
  })

  test('is taken for 24 hours, as long as Vonage tries again', () => {
    expect(read(base, {}, nowMs + 86_400_000)).toMatchObject({ ok: true })
    expect(read(base, {}, nowMs + 86_401_000)).toMatchObject(refused)
    expect(read(base, {}, nowMs - 300_000)).toMatchObject({ ok: true })
    expect(read(base, {}, nowMs - 301_000)).toMatchObject(refused)
    expect(read(base, { secret: 'another' })).toMatchObject(refused)
  })

  test('repeated with a new signature has the same key, and another status or code has another', () => {
    expect(read(base, { timestamp: timestamp + 9 })).toEqual(read(base))
    expect(told({ status: 'failed' })?.key).not.toBe(told({})?.key)
    expect(told({ 'err-code': '1' })?.key).not.toBe(told({})?.key)
    expect(told({ messageId: '' })?.key).toMatch(/^[0-9a-f]{64}$/)
  })

  test('without a status gets 400, and with an unknown one is ignored', () => {
    const { status: _status, ...rest } = base
    expect(read(rest)).toMatchObject({ ok: false, status: 400 })
    for (const status of ['teleported', 'constructor'])
      expect(read({ ...base, status })).toEqual({ ok: true, receipts: [] })
  })

  test.each([
    ['2026-01-01 00:00:04 +0000', '2026-01-01T00:00:04.000Z'],
    ['2026-01-01 00:00:04  0000', '2026-01-01T00:00:04.000Z'],
    ['2026-11-25T06:00:00.000+00:00', '2026-11-25T06:00:00.000Z'],
    ['2026-11-25T06:00:00.000 00:00', '2026-11-25T06:00:00.000Z'],
    ['2026-11-25T08:00:00.000 02:00', '2026-11-25T06:00:00.000Z'],
    ['2026-11-25T06:00:00.000Z', '2026-11-25T06:00:00.000Z'],
    ['2026-11-25T06:00:00', '2026-11-25T06:00:00.000Z'],
    ['2601010000', null],
    ['', null],
  ])('of %o happened at %s', (at, expected) => {
    expect(told({ 'message-timestamp': at })?.at?.toISOString() ?? null).toBe(expected)
  })
})

describe('a status of Vonage', () => {
  test.each([
    ['accepted', 'taken'],
    ['unknown', 'taken'],
    ['buffered', 'delayed'],
    ['delivered', 'delivered'],
    ['expired', 'undelivered'],
    ['failed', 'undelivered'],
    ['rejected', 'undelivered'],
    ['undeliverable', 'undelivered'],
    ['DELIVERED', 'delivered'],
  ])('%s is %s', (status, kind) => {
    expect(told({ status })).toMatchObject({ kind, suppress: null })
  })

  test.each([
    ['1', null],
    ['2', null],
    ['3', 'invalid_address'],
    ['4', 'opted_out'],
    ['5', null],
    ['6', null],
    ['7', null],
    ['8', null],
    ['9', 'opted_out'],
    ['10', null],
    ['11', null],
    ['12', null],
    ['13', null],
    ['14', null],
    ['15', null],
    ['99', null],
  ])('failed with code %s suppresses as %s', (code, suppress) => {
    const receipt = told({ status: 'failed', 'err-code': code })
    expect(receipt).toMatchObject({ kind: 'undelivered', suppress, code })
    expect(receipt?.text).toMatch(/^Vonage reported failed: (?!no reason)/)
  })

  test('accepted while the handset is busy suppresses nothing', () => {
    expect(told({ status: 'accepted', 'err-code': '3' })).toMatchObject({ kind: 'taken', suppress: null })
  })
})
