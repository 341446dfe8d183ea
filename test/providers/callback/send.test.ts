// Callbacks to apps: signed as the Standard Webhooks library verifies it, once acknowledged by a 2xx, and never sent to an
// address that is nobody's business.
import { createServer, type Server } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { callback } from '../../../src/providers/callback/send.ts'
import type { Provider } from '../../../src/providers/provider.ts'
import { isPublic } from '../../../src/wire/public-address.ts'
import { startVendor, type Vendor, type VendorAnswer } from '../../helper/vendor.ts'
import { callbackMessage, conformsTo, key, nowMs, options } from '../conformance.ts'
import { httpStage } from '../http-stage.ts'

const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`
const secrets = [
  { name: 'shop', secret: secretOf(1) },
  { name: 'shop', secret: secretOf(2) },
  { name: 'school', secret: secretOf(3) },
]
const realNowMs = () => systemClock.now().getTime()

conformsTo({
  provider: (url) => callback({ urls: { shop: `${url}/hooks` }, allowPrivate: true, secrets }, nowMs),
  message: callbackMessage,
  stage: () =>
    httpStage({
      accepts: () => ({ status: 204, text: '' }),
      refuses: (words) => ({ status: 422, text: words }),
      busy: { error: 'slow down' },
      id: (request) => request.headers['webhook-id'] as string,
    }),
  protocol: 'http:',
  sends: 'key',
  secret: secretOf(1),
  ref: new RegExp(`^${key}$`),
  byStatus: true,
})

describe('a callback', () => {
  let app: Vendor
  let provider: Provider

  beforeEach(async () => {
    app = await startVendor({ status: 200, text: 'thanks' })
    const urls = { shop: `${app.url}/hooks?key=of-the-shop`, school: app.url }
    provider = callback({ urls, allowPrivate: true, secrets }, realNowMs)
  })
  afterEach(async () => {
    await app.close()
    await provider.close?.()
  })

  const message = () => ({ ...callbackMessage, to: `${app.url}/hooks?key=of-the-shop` })
  const answered = async (answer: VendorAnswer) => {
    app.answer(answer)
    return provider.send(message(), options())
  }

  it('is signed by every secret of its app, and by no other', async () => {
    expect(await provider.send(message(), options())).toEqual({ kind: 'accepted', ref: key, statusCode: 200 })
    const [request] = app.requests
    expect(request).toMatchObject({ method: 'POST', path: '/hooks?key=of-the-shop', body: callbackMessage.text })
    expect(request?.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'posthorn' })
    const verify = (byte: number) =>
      new Webhook(secretOf(byte)).verify(request?.body ?? '', request?.headers as Record<string, string>)
    for (const byte of [1, 2]) expect(verify(byte)).toEqual(JSON.parse(callbackMessage.text))
    expect(() => verify(3)).toThrow('No matching signature')
    expect(String(request?.headers['webhook-signature']).split(' ')).toHaveLength(2)
  })

  it('is signed again on every try, under an id without a dot', async () => {
    const at = { ms: Date.UTC(2026, 10, 21, 12) }
    const aged = callback({ urls: { shop: app.url }, allowPrivate: true, secrets }, () => at.ms)
    await aged.send(message(), { ...options(), key: `${key}.1` })
    at.ms += 3_600_000
    await aged.send(message(), { ...options(), key: `${key}.1` })
    const headers = app.requests.map((request) => request.headers)
    expect(headers.map((each) => each['webhook-id'])).toEqual([`${key}_1`, `${key}_1`])
    expect(headers.map((each) => each['webhook-timestamp'])).toEqual(['1795262400', '1795266000'])
    expect(headers[0]?.['webhook-signature']).not.toBe(headers[1]?.['webhook-signature'])
    await aged.close?.()
  })

  it.each<[VendorAnswer, object]>([
    [
      { status: 202, text: '<html>' },
      { kind: 'accepted', statusCode: 202 },
    ],
    ['cut', { kind: 'accepted', statusCode: 200 }],
    [
      { status: 410, text: 'gone' },
      { kind: 'rejected', blame: 'message', code: 'gone', statusCode: 410 },
    ],
    [
      { status: 400, json: {} },
      { kind: 'deferred', code: 'http_400', messageOnly: true },
    ],
    [
      { status: 401, json: {} },
      { kind: 'deferred', code: 'http_401', messageOnly: true },
    ],
    [
      { status: 404, json: {} },
      { kind: 'deferred', code: 'http_404', messageOnly: true },
    ],
    [
      { status: 500, json: {} },
      { kind: 'deferred', code: 'http_500', messageOnly: true },
    ],
    [
      { status: 503, headers: { 'retry-after': '120' }, text: '' },
      { kind: 'deferred', code: 'http_503', retryAfterMs: 120_000, messageOnly: true },
    ],
    ['reset', { kind: 'deferred', messageOnly: true }],
    ['junk', { kind: 'deferred', messageOnly: true }],
  ])('answered %j comes to %j', async (answer, outcome) => {
    expect(await answered(answer)).toMatchObject(outcome)
  })

  it.each([301, 302, 303, 307, 308])('follows no redirect (%i)', async (status) => {
    const elsewhere = await startVendor({ status: 200, text: '' })
    const outcome = await answered({ status, headers: { location: elsewhere.url }, text: '' })
    expect(outcome).toMatchObject({ kind: 'deferred', text: expect.stringContaining('redirects are not followed') })
    expect(elsewhere.connections()).toBe(0)
    await elsewhere.close()
  })

  it('takes the status for the answer, however long the body behind it is', async () => {
    expect(await answered({ status: 200, text: 'x'.repeat(10_000_000) })).toMatchObject({ kind: 'accepted' })
    expect(await answered({ status: 500, text: 'x'.repeat(10_000_000) })).toMatchObject({ kind: 'deferred' })
  })

  it('goes where its app is by now, and says so', async () => {
    const outcome = await provider.send({ ...callbackMessage, to: 'http://127.0.0.1:1/old' }, options())
    const text = `The callback URL has changed; the call went to the current one, ${app.url}/hooks.`
    expect(outcome).toMatchObject({ kind: 'accepted', text })
  })

  it('is not sent to an app that has none any more', async () => {
    const outcome = await provider.send({ ...callbackMessage, app: 'blog' }, options())
    expect(outcome).toMatchObject({ kind: 'rejected', blame: 'message', code: 'no_callback' })
    expect(app.requests).toEqual([])
  })

  it('keeps an app that answers nothing from taking all the time there is', async () => {
    app.answer('hang')
    const ends = Array.from({ length: 6 }, () => new AbortController())
    const calls = ends.map((end) => provider.send(message(), options(end.signal)))
    await app.waitForRequests(6)
    for (const end of ends.slice(0, 5)) end.abort()
    await Promise.all(calls.slice(0, 5))
    // One call has its whole limit still, so these are cut short by themselves.
    const short = await Promise.all([provider.send(message(), options()), provider.send(message(), options())])
    expect(short).toMatchObject([{ kind: 'deferred' }, { kind: 'deferred' }])
    app.answer({ status: 200, text: '' })
    expect(await provider.send({ ...message(), app: 'school' }, options())).toMatchObject({ kind: 'accepted' })
    ends[5]?.abort()
    await calls[5]
  })
})

describe('a private address', () => {
  let server: Server
  let connections = 0

  beforeEach(async () => {
    connections = 0
    server = createServer((socket) => {
      connections += 1
      socket.destroy()
    })
    await new Promise<void>((resolve) => server.listen(0, resolve))
  })
  afterEach(() => new Promise((resolve) => server.close(resolve)))

  it.each(['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0', '2130706433', '0x7f.1', '127.1'])(
    '%s is not called',
    async (host) => {
      const address = server.address()
      const port = typeof address === 'object' ? address?.port : 0
      for (const protocol of ['http', 'https']) {
        const to = `${protocol}://${host}:${port}/hooks`
        const guarded = callback({ urls: { shop: to }, allowPrivate: false, secrets }, nowMs)
        const outcome = await guarded.send({ ...callbackMessage, to }, options())
        expect(outcome).toMatchObject({ kind: 'deferred', code: 'private_address', messageOnly: true })
        await guarded.close?.()
      }
      expect(connections).toBe(0)
    },
  )

  it.each([
    ['93.184.215.14', true],
    ['2606:2800:21f:cb07::1', true],
    ['::ffff:93.184.215.14', true],
    ['64:ff9b::5db8:d70e', true],
    ['10.0.0.1', false],
    ['172.16.0.1', false],
    ['192.168.1.1', false],
    ['100.64.0.1', false],
    ['169.254.169.254', false],
    ['198.18.0.1', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['::', false],
    ['::1', false],
    ['::127.0.0.1', false],
    ['::ffff:10.0.0.1', false],
    ['64:ff9b::a00:1', false],
    ['64:ff9b:1::1', false],
    ['2002:7f00:1::', false],
    ['2001::1', false],
    ['fe80::1', false],
    ['fe80::1%eth0', false],
    ['fec0::1', false],
    ['fd00::1', false],
    ['ff02::1', false],
    ['shop.example.com', false],
  ])('%s is public: %s', (address, expected) => {
    expect(isPublic(address)).toBe(expected)
  })
})
