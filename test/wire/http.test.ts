// The transport's one promise: `not-sent` only where not a byte of the request can have been read.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type HttpRequest, retryAfterMs, type Transport, transport } from '../../src/wire/http.ts'
import { startVendor, type Vendor, type VendorAnswer } from '../helper/vendor.ts'
import { closedPort } from '../providers/conformance.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function vendorAnswering(...answers: VendorAnswer[]): Promise<{ vendor: Vendor; wire: Transport }> {
  const vendor = await startVendor()
  vendor.answer(...answers)
  const wire = transport(vendor.url)
  cleanups.push(vendor.close, wire.close)
  return { vendor, wire }
}

function request(signal = new AbortController().signal): HttpRequest {
  return { method: 'POST', path: '/send', headers: { 'content-type': 'text/plain' }, body: 'hello', signal }
}

describe('the HTTP transport', () => {
  it('carries a request and its answer', async () => {
    const { vendor, wire } = await vendorAnswering({ status: 201, headers: { 'x-id': '7' }, json: { ok: 1 } })
    const carried = await wire.send(request())
    expect(carried).toMatchObject({ kind: 'answer', statusCode: 201, body: '{"ok":1}', headers: { 'x-id': '7' } })
    expect(vendor.requests[0]).toMatchObject({ method: 'POST', path: '/send', body: 'hello' })
  })

  it('keeps the path of its base URL', async () => {
    const { vendor } = await vendorAnswering({})
    const wire = transport(`${vendor.url}/gateway/`)
    cleanups.push(wire.close)
    await wire.send(request())
    expect(vendor.requests[0]?.path).toBe('/gateway/send')
  })

  it('follows no redirect', async () => {
    const { vendor, wire } = await vendorAnswering({ status: 307, headers: { location: '/elsewhere' } })
    expect(await wire.send(request())).toMatchObject({ kind: 'answer', statusCode: 307 })
    expect(vendor.requests).toHaveLength(1)
  })

  it.each<[string, VendorAnswer, object]>([
    ['a reset before the body was read', 'reset', { kind: 'lost', statusCode: null }],
    ['a reset after the request was read', 'reset-after-read', { kind: 'lost', statusCode: null }],
    ['a body that ends half way', 'cut', { kind: 'lost', statusCode: 200 }],
    ['bytes that are not HTTP', 'junk', { kind: 'lost', statusCode: null }],
    ['a body without end', { text: 'x'.repeat(2 * 1024 * 1024) }, { kind: 'lost', statusCode: 200 }],
  ])('calls %s lost, and sends it once', async (_, answer, expected) => {
    const { vendor, wire } = await vendorAnswering(answer)
    expect(await wire.send(request())).toMatchObject(expected)
    expect(vendor.requests).toHaveLength(1)
  })

  it('calls a refused connection not sent', async () => {
    const wire = transport(`http://127.0.0.1:${await closedPort()}`)
    cleanups.push(wire.close)
    expect(await wire.send(request())).toMatchObject({ kind: 'not-sent', code: 'ECONNREFUSED' })
  })

  it('calls a name that is not found not sent', async () => {
    const wire = transport('http://vendor.invalid')
    cleanups.push(wire.close)
    expect(await wire.send(request())).toMatchObject({
      kind: 'not-sent',
      code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
    })
  })

  it('calls a server that speaks no TLS not sent', async () => {
    const { vendor } = await vendorAnswering({})
    const wire = transport(vendor.url.replace('http:', 'https:'))
    cleanups.push(wire.close)
    expect(await wire.send(request())).toMatchObject({ kind: 'not-sent' })
    expect(vendor.requests).toHaveLength(0)
  })

  it('calls a limit that ends during the TLS handshake not sent', async () => {
    const sockets: Socket[] = []
    const silent = createServer((socket) => void sockets.push(socket.on('error', () => {}))).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const wire = transport(`https://127.0.0.1:${(silent.address() as AddressInfo).port}`)
    const limit = new AbortController()
    const carrying = wire.send(request(limit.signal))
    await once(silent, 'connection')
    limit.abort(new DOMException('too late', 'TimeoutError'))
    expect(await carrying).toMatchObject({ kind: 'not-sent', code: 'timeout' })
    for (const socket of sockets) socket.destroy()
    silent.close()
    await wire.close()
  })

  it('sends nothing once the limit is over, not even when the connection comes about later', async () => {
    const { vendor, wire } = await vendorAnswering({})
    const limit = new AbortController()
    const carrying = wire.send(request(limit.signal))
    limit.abort()
    expect(await carrying).toMatchObject({ kind: 'not-sent', code: 'aborted' })
    expect(await wire.send(request())).toMatchObject({ kind: 'answer' })
    expect(vendor.requests).toHaveLength(1)
  })

  it('calls a limit that ends while the vendor thinks lost', async () => {
    const { vendor, wire } = await vendorAnswering('hang')
    const limit = new AbortController()
    const carrying = wire.send(request(limit.signal))
    await vendor.waitForRequests(1)
    limit.abort(new DOMException('too late', 'TimeoutError'))
    expect(await carrying).toMatchObject({ kind: 'lost', code: 'timeout', statusCode: null })
  })
})

describe('Retry-After', () => {
  const now = Date.UTC(2026, 10, 21, 12, 0, 0)
  it.each([
    ['7', 7_000],
    ['0.5', 500],
    ['0', 0],
    ['Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
    ['99999999999', 86_400_000],
    ['soon', undefined],
    ['-5', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j is %j ms', (value, expected) => {
    expect(retryAfterMs({ 'retry-after': value }, now)).toBe(expected)
  })
})
