// Every answer has the security headers: of each operation, of pages and files, and of what no route answers.
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Document, documented } from '../helper/documented.ts'
import { startTcpProxy } from '../helper/tcp-proxy.ts'
import { signedIn } from '../helper/visitor.ts'
import { keys, startWorld, type World } from '../helper/world.ts'

const always = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  'strict-transport-security': 'max-age=31536000',
  'content-security-policy': expect.stringMatching(/^default-src 'none';.* frame-ancestors 'none'/),
}

/** They are the same for everybody, and are asked for again only where they have changed. */
const unchanging = ['/openapi.json', '/docs', '/docs/problems']
const headersAt = (path: string) => ({ ...always, ...(unchanging.includes(path) && { 'cache-control': 'no-cache' }) })

const json = { 'content-type': 'application/json' }

let world: World
beforeAll(async () => {
  world = await startWorld({ env: { PUBLIC_URL: 'https://notify.example.com', TRUST_PROXY: '1' } })
})
afterAll(() => world.stop())

async function headersOf(path: string, init: RequestInit = {}): Promise<{ status: number; headers: object }> {
  const answer = await fetch(world.url + path, { redirect: 'manual', ...init })
  await answer.arrayBuffer()
  return { status: answer.status, headers: Object.fromEntries(answer.headers) }
}

it('every operation of the OpenAPI document answers with them, with a key and without one', async () => {
  const api = documented((await world.get<Document>('/openapi.json', '')).body)
  expect(api.operations.length).toBeGreaterThan(40)
  for (const [index, { method, path, operationId }] of api.operations.entries()) {
    const url = path.replaceAll(/\{\w+\}/g, 'nothing')
    // An address of its own, as refused calls are counted.
    const caller = { 'x-forwarded-for': `203.0.113.${index}` }
    const known = await headersOf(url, { method, headers: { ...caller, authorization: `Bearer ${keys.operator}` } })
    expect(known.headers, operationId).toMatchObject(headersAt(path))
    expect((await headersOf(url, { method, headers: caller })).headers, operationId).toMatchObject(headersAt(path))
  }
})

describe('they are on', () => {
  it.each([
    ['an unknown route', 404, '/nothing', {}],
    ['a method that a route does not take', 405, '/v1/events', { method: 'DELETE' }],
    ['a missing key', 401, '/v1/events', {}],
    [
      'a body that is too large',
      413,
      '/v1/cancellations',
      { method: 'POST', headers: json, body: 'x'.repeat(200_000) },
    ],
    ['a body of another type', 415, '/v1/events', { method: 'POST', body: 'a=b' }],
    ['an unsigned webhook', 401, '/webhooks/stripe', { method: 'POST', body: '{}' }],
    ['a URL that cannot be decoded', 400, '/v1/events/%zz', {}],
    ['the page about problems', 200, '/docs/problems', {}],
    ['the page of the API', 200, '/docs', {}],
    ['the way to the dashboard', 303, '/dashboard', {}],
    ['the sign-in', 200, '/dashboard/sign-in', {}],
    [
      'a form of another site',
      403,
      '/dashboard/sign-in',
      { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } },
    ],
    ['a broken unsubscribe link', 401, '/unsubscribe/nothing', { headers: { accept: 'text/html' } }],
  ] as [string, number, string, RequestInit][])('%s (%i)', async (_what, status, path, init) => {
    const headers = { authorization: status === 401 ? '' : `Bearer ${keys.operator}`, ...init.headers }
    expect(await headersOf(path, { ...init, headers })).toMatchObject({ status, headers: headersAt(path) })
  })

  it('a page of the dashboard', async () => {
    const page = await (await signedIn(world)).get('/dashboard')
    expect(page.status).toBe(200)
    expect(Object.fromEntries(page.headers)).toMatchObject(always)
  })

  it('a file, which alone may be kept', async () => {
    const { headers } = await headersOf('/assets/look.css')
    expect(headers).toMatchObject({ ...always, 'cache-control': expect.stringContaining('immutable') })
  })

  it('what is not HTTP', async () => {
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1')
    let heard = ''
    socket.on('data', (bytes) => {
      heard += bytes
    })
    socket.end('HELLO\r\n\r\n')
    await once(socket, 'close')
    const lines = heard.split('\r\n').map((line) => line.split(': '))
    expect(Object.fromEntries(lines)).toMatchObject(always)
  })
})

it('they are on an answer that the database is away, and do not demand https where the service is reached by http', async () => {
  const proxy = await startTcpProxy()
  const cut = await startWorld({ through: proxy.through })
  await proxy.cut()
  const answer = await fetch(`${cut.url}/v1/events`, { headers: { authorization: `Bearer ${keys.viewer}` } })
  const { 'strict-transport-security': _, ...others } = always
  expect(answer.status).toBe(503)
  expect(Object.fromEntries(answer.headers)).toMatchObject(others)
  expect(answer.headers.has('strict-transport-security')).toBe(false)
  await proxy.restore()
  await cut.stop()
  await proxy.close()
})
