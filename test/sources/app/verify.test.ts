import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { appSource } from '../../../src/sources/app/app.ts'
import type { Headers } from '../../../src/sources/source.ts'
import { signedApp } from '../../helper/signed.ts'
import { webhooksOf } from '../../helper/source.ts'

const secret = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='
const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const strange = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
const id = 'msg_test_0001'
const timestamp = 1767225600
const nowMs = timestamp * 1000
const body = '{"type":"order.shipped","timestamp":"2026-01-01T00:00:00Z","data":{"id":"ord_1","total":1999}}'
const signature = 'v1,J1hV+ILP/TPTjTpwltmMRZtU6OZ/14vy7PF4PuysWhs='
const ed25519 = 'v1a,M1xH8wKHbDsz7iAdIR4Qhu9XOfJwBaKlPgl2+378FSCVcKx0tvb5tgl6Cdw6x4kBxLV+ktdZDvnrQvDkoEivCg=='
const good = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature }
const webhooks = webhooksOf(
  appSource({ name: 'shop', secrets: [secret, other], isTest: false, audienceOf: () => 'people' }),
)

function verify(headers: Headers, payload: Buffer | string = body, now = nowMs) {
  const read = webhooks.read(Buffer.from(payload), headers, now)
  return read.ok ? { ok: true, sourceId: read.sourceId } : read
}

function svix({ 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature }: typeof good) {
  return { 'svix-id': id, 'svix-timestamp': timestamp, 'svix-signature': signature }
}

const verified = { ok: true, sourceId: id }
const refused = { ok: false, status: 401 }

describe('an app’s signature', () => {
  test('that was computed elsewhere verifies, under both names of the headers', () => {
    expect(verify(good)).toEqual(verified)
    expect(verify(svix(good))).toEqual(verified)
  })

  test.each(['webhook', 'svix'] as const)('by the library verifies, in %s style', (style) => {
    const { payload, headers } = signedApp({ type: 'a' }, { secret: other, id, timestamp, style })
    expect(verify(headers, payload)).toEqual(verified)
    expect(headers[`${style}-signature`]).toBe(new Webhook(other).sign(id, new Date(nowMs), payload))
  })

  test('by a secret that is not configured is refused', () => {
    const { payload, headers } = signedApp(body, { secret: strange, timestamp })
    expect(verify(headers, payload)).toMatchObject(refused)
  })

  test('verifies beside those of a secret that comes or goes, and of schemes we do not read', () => {
    const { payload, headers } = signedApp(body, { secret: [strange, secret], id, timestamp })
    expect(verify(headers, payload)).toEqual(verified)
    expect(verify({ ...good, 'webhook-signature': `${ed25519} v2,abc ${signature}` })).toEqual(verified)
    expect(verify({ ...good, 'webhook-signature': ed25519 })).toMatchObject(refused)
  })

  test('in svix’s headers wins where both sets are whole', () => {
    const bad = { ...good, 'webhook-signature': 'v1,AAAA' }
    expect(verify({ ...svix(good), ...bad })).toEqual(verified)
    expect(verify({ ...svix(bad), ...good })).toMatchObject(refused)
  })

  test('is not pieced together from two sets', () => {
    const { 'webhook-id': _id, ...rest } = good
    expect(verify({ ...rest, 'svix-id': id })).toMatchObject(refused)
    expect(verify({ ...good, 'svix-id': 'another' })).toEqual(verified)
  })

  test.each([
    ['as old as the tolerance', 300, true],
    ['older than the tolerance', 301, false],
    ['as far ahead as the tolerance', -300, true],
    ['further ahead than the tolerance', -301, false],
  ])('%s', (_name, ageSeconds, ok) => {
    expect(verify(good, body, nowMs + ageSeconds * 1000)).toMatchObject(ok ? verified : refused)
  })

  test.each([
    ['1767225600abc'],
    ['1767225600.0'],
    [' 1767225600'],
    ['+1767225600'],
    ['1.7672256e9'],
    ['0x6955B900'],
    ['soon'],
    ['1767225600, 1767225600'],
  ])('with the timestamp %o is refused', (timestamp) => {
    expect(verify({ ...good, 'webhook-timestamp': timestamp })).toMatchObject(refused)
  })

  test('covers the body, the id and the timestamp', () => {
    expect(verify(good, `${body} `)).toMatchObject(refused)
    expect(verify({ ...good, 'webhook-id': 'msg_test_0002' })).toMatchObject(refused)
    expect(verify({ ...good, 'webhook-timestamp': String(timestamp + 1) })).toMatchObject(refused)
  })

  test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('without %s is refused', (name) => {
    for (const header of [undefined, '', ['a', 'b']]) {
      expect(verify({ ...good, [name]: header })).toMatchObject(refused)
      expect(webhooks.headFault({ ...good, [name]: header }, nowMs)).toMatchObject(refused)
    }
  })

  test.each([
    'v1',
    'v1,',
    'v1,AAAA',
    signature.slice(3),
    signature.replace('v1', 'v0'),
    `${signature},x`,
    ' , ,',
    `${signature} `.repeat(50),
  ])('written as %o is refused, before the body is read', (signature) => {
    expect(verify({ ...good, 'webhook-signature': signature })).toMatchObject(refused)
    expect(webhooks.headFault({ ...good, 'webhook-signature': signature }, nowMs)).toMatchObject(refused)
  })

  test('is over the bytes, which need not be UTF-8', () => {
    const raw = Buffer.from([0x7b, 0xff, 0x7d])
    const replaced = signedApp(Buffer.from(raw.toString()), { secret, id, timestamp })
    expect(verify(replaced.headers, raw)).toMatchObject(refused)
  })
})

test.each([
  ['longer than 256 characters', 'm'.repeat(257)],
  ['with a control character', 'msg\u0001'],
])('a message id %s gets 400, though it is signed', (_name, id) => {
  const { payload, headers } = signedApp(body, { secret, id, timestamp })
  expect(verify(headers, payload)).toMatchObject({ ok: false, status: 400 })
})

test('a message id of 256 characters is the event’s id', () => {
  const id = 'm'.repeat(256)
  const { payload, headers } = signedApp(body, { secret, id, timestamp })
  expect(verify(headers, payload)).toEqual({ ok: true, sourceId: id })
})

test('a secret may lack its prefix, and must be base64', () => {
  const bare = webhooksOf(
    appSource({ name: 'shop', secrets: [secret.slice(6)], isTest: false, audienceOf: () => 'people' }),
  )
  expect(bare.read(Buffer.from(body), good, nowMs)).toMatchObject(verified)
  for (const wrong of ['whsec_', 'whsec_not base64!', ''])
    expect(() => appSource({ name: 'shop', secrets: [wrong], isTest: false, audienceOf: () => 'people' })).toThrow(
      'not base64',
    )
})
