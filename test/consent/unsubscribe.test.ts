// Unsubscribe links over HTTP: what a mail program, a link scanner, a browser and a forger get.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type UnsubscribeRequest, unsubscribeTokens } from '../../src/privacy/unsubscribe-token.ts'
import { startTcpProxy } from '../helper/tcp-proxy.ts'
import { eventually, keys, type Problem, startWorld, type World } from '../helper/world.ts'

const secretKey = 'a-secret-key-of-the-tests'
const tokens = unsubscribeTokens(secretKey)
const oneClick = 'List-Unsubscribe=One-Click'
const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

let world: World
beforeAll(async () => {
  world = await startWorld({ env: { SECRET_KEY: secretKey, BRAND_NAME: '<b>Fern & wood</b>' } })
})
afterAll(() => world.stop())

let recipientId: string
let address: string
beforeEach(() => {
  recipientId = `cus_${crypto.randomUUID()}`
  address = `${recipientId}@example.org`
})

const sealed = (more: Partial<UnsubscribeRequest> = {}) =>
  tokens.seal({ recipientId, address, channel: 'email', category: 'product', locale: 'en', ...more })
const ask = (token: string, init: RequestInit = {}, at = world) =>
  fetch(`${at.url}/unsubscribe/${token}`, { redirect: 'manual', ...init })
const post = (token: string, body: string | FormData = oneClick, headers: Record<string, string> = {}, at = world) =>
  ask(
    token,
    {
      method: 'POST',
      body,
      headers: typeof body === 'string' ? { 'content-type': 'application/x-www-form-urlencoded', ...headers } : headers,
    },
    at,
  )
const preferences = async () => (await world.get(`/v1/preferences/${recipientId}`, keys.viewer)).body
const said = async () =>
  (
    await world.db.query(
      'select kind, channel, allowed, said_by from preferences where subject = any($1) order by kind',
      [[recipientId, address]],
    )
  ).rows

describe('the mail program’s button', () => {
  it('is one POST: no cookie, no redirect, done when it is answered', async () => {
    const answer = await post(sealed())
    expect(answer.status).toBe(200)
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await preferences()).toEqual({ product: { email: false, sms: true } })
    expect(await said()).toEqual([
      { kind: 'address', channel: 'email', allowed: false, said_by: 'the unsubscribe link' },
      { kind: 'id', channel: 'email', allowed: false, said_by: 'the unsubscribe link' },
    ])
  })

  it('may send its form as multipart, or as no type at all, and may send it twice', async () => {
    const form = new FormData()
    form.set('List-Unsubscribe', 'One-Click')
    expect((await post(sealed(), form)).status).toBe(200)
    expect((await post(sealed(), form)).status).toBe(200)
    expect(await preferences()).toEqual({ product: { email: false, sms: true } })
    const bare = await fetch(`${world.url}/unsubscribe/${sealed({ channel: 'sms', address: '+14155550123' })}`, {
      method: 'POST',
      body: Buffer.from(oneClick),
    })
    expect(bare.status).toBe(200)
    expect(await preferences()).toEqual({ product: { email: false, sms: false } })
  })

  it('may leave its body out', async () => {
    expect((await post(sealed(), '')).status).toBe(200)
    expect(await preferences()).toEqual({ product: { email: false, sms: true } })
  })

  it.each([`${oneClick}\r\n`, `${oneClick}\n`, '\r\n', ' \n', '{}'])(
    'may end its form with a line, or say nothing: %j',
    async (body) => {
      expect((await post(sealed(), body)).status).toBe(200)
      expect(await preferences()).toEqual({ product: { email: false, sms: true } })
    },
  )

  it.each(['', 'foo', 'undefined', 'form; charset=utf-8', 'application/', 'application/json'])(
    'may call its form %j',
    async (type) => {
      const { status } = await post(sealed(), oneClick, { 'content-type': type })
      expect(status).toBe(200)
      expect(await preferences()).toEqual({ product: { email: false, sms: true } })
    },
  )

  it('may call a body with nothing in it JSON', async () => {
    for (const body of ['', '{}', ' { }\r\n'])
      expect((await post(sealed(), body, { 'content-type': 'application/json' })).status, body).toBe(200)
    expect(await preferences()).toEqual({ product: { email: false, sms: true } })
  })

  it.each(['List-Unsubscribe=Never', 'do=nothing', '{"List-Unsubscribe":"One-Click"}'])(
    'that says %j has said nothing: 400',
    async (body) => {
      expect((await post(sealed(), body)).status).toBe(400)
      expect(await said()).toEqual([])
    },
  )

  it('with a broken multipart form or a body without end is refused', async () => {
    expect((await post(sealed(), 'x', { 'content-type': 'multipart/form-data; boundary=none' })).status).toBe(400)
    expect((await post(sealed(), 'x'.repeat(20_000))).status).toBe(413)
    expect(await said()).toEqual([])
  })
})

describe('the page', () => {
  it('changes nothing, however often it is opened: link scanners open it too', async () => {
    for (const method of ['GET', 'GET', 'HEAD'])
      expect((await ask(sealed(), { method, headers: html })).status).toBe(200)
    expect(await said()).toEqual([])
  })

  it('is a person’s own: not kept, not indexed, not framed, its address sent nowhere, nothing in it that runs', async () => {
    const answer = await ask(sealed())
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex',
    })
    const page = await answer.text()
    expect(page).toMatch(/^<!doctype html>\s*<html lang="en" dir="ltr">/)
    expect(page).toContain('<meta name="robots" content="noindex"/>')
    expect(page).not.toMatch(/<script|\sstyle=|\son\w+=|https?:/)
  })

  it('shows the address masked, and its brand as text', async () => {
    const page = await (await ask(sealed())).text()
    expect(page).toContain('c***@example.org')
    expect(page).not.toContain(recipientId)
    expect(page).toContain('&lt;b&gt;Fern &amp; wood&lt;/b&gt;')
    expect(page).not.toContain('<b>Fern')
  })

  it('has its style sheet beside it, whose address changes with it', async () => {
    const href = /<link rel="stylesheet" href="([^"]+)"/.exec(await (await ask(sealed())).text())?.[1] ?? ''
    expect(href).toMatch(/^\.\.\/assets\/look\.css\?[\w-]{12}$/)
    const sheet = await fetch(new URL(href, `${world.url}/unsubscribe/x`))
    expect(sheet.headers.get('content-type')).toBe('text/css; charset=utf-8')
    expect(sheet.headers.get('cache-control')).toContain('immutable')
    expect(await sheet.text()).toContain('--accent:')
  })

  it('has forms to the same address, whose answer leads back to the page', async () => {
    const token = sealed()
    const follow = async (body: string) => {
      const answer = await post(token, body, html)
      expect(answer.status).toBe(303)
      const to = new URL(answer.headers.get('location') ?? '', `${world.url}/unsubscribe/${token}`)
      expect(to.pathname).toBe(`/unsubscribe/${token}`)
      return (await fetch(to)).text()
    }
    expect(await follow('do=leave')).toContain('You’re unsubscribed')
    expect(await preferences()).toEqual({ product: { email: false, sms: true } })
    expect(await follow('do=choose&email=on')).toMatch(/role="status".*Saved\./)
    expect(await preferences()).toEqual({ product: { email: true, sms: false } })
    expect(await follow('do=leave')).toContain('Resubscribe')
    expect(await follow('do=return')).toMatch(/role="status".*You’re subscribed again\./)
    expect(await preferences()).toEqual({ product: { email: true, sms: false } })
  })

  it('shows what was said elsewhere', async () => {
    const body = JSON.stringify({ product: { email: false } })
    const headers = { authorization: `Bearer ${keys.operator}`, 'content-type': 'application/json' }
    await fetch(`${world.url}/v1/preferences/${recipientId}`, { method: 'PUT', headers, body })
    expect(await (await ask(sealed())).text()).toContain('You’re unsubscribed')
  })

  it('of a recipient without an id is of the one address', async () => {
    const token = sealed({ recipientId: null })
    expect(await (await ask(token)).text()).not.toContain('name="sms"')
    await post(token, 'do=choose&sms=on')
    expect(await said()).toEqual([
      { kind: 'address', channel: 'email', allowed: false, said_by: 'the unsubscribe link' },
    ])
  })

  it('is not led elsewhere by what its address is given', async () => {
    expect(await (await ask(`${sealed()}?done=__proto__`)).text()).not.toContain('role="status"')
    expect((await ask(`${sealed()}?done=saved&done=again`)).status).toBe(200)
  })
})

describe('a link that is not ours', () => {
  const forged = () => [
    unsubscribeTokens('a-key-that-somebody-guessed').seal({
      ...{ recipientId, address, locale: 'en' },
      ...{ channel: 'email', category: 'product' },
    }),
    sealed().slice(0, -1),
    `${sealed()}A`,
    Buffer.from(JSON.stringify([recipientId, address, 'email', 'product', 'en'])).toString('base64url'),
    'preview',
    '%00',
    '..%2f..%2fetc',
  ]

  it('is refused by GET and POST alike, and changes nothing', async () => {
    for (const token of forged())
      for (const answer of [await ask(token), await post(token), await post(token, 'do=leave')]) {
        expect(answer.status, token).toBe(401)
        expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
        expect(((await answer.json()) as Problem).status).toBe(401)
      }
    expect(await said()).toEqual([])
  })

  it('is shown to a browser as a page, with the same safe headers', async () => {
    const answers = [await ask('forged', { headers: html }), await post('forged', 'do=leave', html)]
    for (const answer of answers) {
      expect(answer.status).toBe(401)
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(await answer.text()).toContain('This link doesn’t work')
    }
  })
})

it('no token is in the log', async () => {
  const token = sealed()
  await ask(token)
  await post(token)
  await post(token, 'do=again')
  await ask(`${token.slice(0, -1)}`)
  const log = world.log.join('')
  expect(log).toContain('"stage":"consent"')
  expect(log).toContain('/unsubscribe/:token')
  for (const word of [token, token.slice(0, 24), recipientId, '@example.org', secretKey])
    expect(log).not.toContain(word)
})

it('who asks too often is told when to continue, and others are not held up', async () => {
  const limited = await startWorld({ env: { SECRET_KEY: secretKey, INGRESS_RATE_LIMIT: '3', TRUST_PROXY: 'true' } })
  const from = (ip: string) => post(sealed(), oneClick, { 'x-forwarded-for': ip }, limited)
  const answers: Response[] = []
  for (let i = 0; i < 4; i++) answers.push(await from('192.0.2.1'))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
  expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await from('192.0.2.2')).status).toBe(200)
  await limited.stop()
})

it('while the database is away nobody is told that it was stored', async () => {
  const proxy = await startTcpProxy()
  const cut = await startWorld({ env: { SECRET_KEY: secretKey }, through: proxy.through })
  const token = sealed()
  await proxy.cut()
  const away = await post(token, oneClick, {}, cut)
  expect(away.status).toBe(503)
  expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0)
  const page = await ask(token, { headers: html }, cut)
  expect(page.status).toBe(503)
  expect(page.headers.get('cache-control')).toBe('no-store')
  expect(await page.text()).toContain('We can’t do this right now')
  await proxy.restore()
  await eventually(async () => (await cut.get('/readyz', '')).status === 200)
  expect((await post(token, oneClick, {}, cut)).status).toBe(200)
  expect((await cut.get(`/v1/preferences/${recipientId}`)).body).toEqual({ product: { email: false, sms: true } })
  await cut.stop()
  await proxy.close()
})
