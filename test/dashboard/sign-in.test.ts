// Signing in to the dashboard and out of it, and what protects a session.
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signInToken } from '../../src/wire/sign-in-link.ts'
import { signedIn, visitor } from '../helper/visitor.ts'
import { keys, startWorld, type World } from '../helper/world.ts'

let world: World
let now = new Date('2026-11-21T10:00:00Z')
beforeAll(async () => {
  world = await startWorld({ clock: { now: () => now } })
})
afterAll(() => world.stop())

const form = (fields: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(fields) })
/** What the sign-in page gives a browser, then the form that it sends. */
async function signIn(fields: Record<string, string>) {
  const one = visitor(world)
  const csrf = /name="csrf" value="([^"]+)"/.exec((await one.get('/dashboard/sign-in')).html)?.[1] ?? ''
  return one.ask('/dashboard/sign-in', form({ csrf, ...fields }))
}
const operator = { name: 'operator', key: keys.operator }

describe('signing in', () => {
  it.each([
    ['operator', keys.operator],
    ['viewer', keys.viewer],
  ])('with the key of an %s opens a session and says who it is', async (role, key) => {
    const one = await signedIn(world, key)
    const page = await one.get('/dashboard')
    expect(page.status).toBe(200)
    expect(page.text).toContain(` / ${role} Menu`)
    expect(page.html).not.toContain(key)
  })

  it('gives a cookie that scripts and other sites do not get, and stores only its digest', async () => {
    const answer = await signIn({ key: keys.operator })
    expect(answer.status).toBe(303)
    const [line = ''] = answer.headers.getSetCookie()
    expect(line).toMatch(/^posthorn_session=[\w-]{43}; Path=\/dashboard; Max-Age=28800; HttpOnly; SameSite=Strict$/)
    const token = /=([\w-]+)/.exec(line)?.[1] ?? ''
    const { rows } = await world.db.query('select * from dashboard_sessions order by created_at desc limit 1')
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(JSON.stringify(rows)).not.toContain(keys.operator)
  })

  it('is on record with the key’s name', async () => {
    await signedIn(world, keys.viewer)
    const { rows } = await world.db.query(`select key_name, subject from access_log where what = 'signed in'`)
    expect(rows).toContainEqual({ key_name: 'viewer', subject: 'dashboard' })
  })

  it('marks the cookie for https alone where the service is behind https', async () => {
    const secure = await startWorld({ env: { PUBLIC_URL: 'https://mail.fernwood.example' } })
    const answer = await visitor(secure).ask('/dashboard/sign-in')
    expect(answer.headers.getSetCookie()[0]).toMatch(/; Secure$/)
    await secure.stop()
  })

  it('is refused to a wrong key and to a producer’s', async () => {
    const one = visitor(world)
    await one.get('/dashboard/sign-in')
    const wrong = await one.post('/dashboard/sign-in', { key: 'a-key-that-nobody-has', next: '/dashboard/events' })
    expect(wrong.status).toBe(401)
    expect(wrong.text).toContain('This key is not known here.')
    expect(wrong.html, 'the form is there again').toContain('name="key"')
    expect(wrong.html).toContain('name="next" value="/dashboard/events"')
    const producer = await one.post('/dashboard/sign-in', { key: keys.producer })
    expect(producer.status).toBe(403)
    expect(producer.text).toContain('has no right to read')
    expect([...one.cookies.keys()]).toEqual(['posthorn_sign_in'])
  })

  it('has an icon, which anybody may have', async () => {
    const icon = await fetch(`${world.url}/favicon.ico`)
    expect([icon.status, icon.headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
    expect(await icon.text()).toContain('<svg')
  })

  it('is refused to a form that no page of ours has given this browser, which can try again', async () => {
    const [mine, other] = [visitor(world), visitor(world)]
    const tokenOf = (html: string) => /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? ''
    const foreign = tokenOf((await other.get('/dashboard/sign-in')).html)
    // The form of a browser without the cookie, whatever its token: what another site can make somebody send.
    const ofNoToken = createHmac('sha256', '').update('form').digest('base64url')
    for (const csrf of ['', foreign, ofNoToken]) {
      const answer = await visitor(world).ask('/dashboard/sign-in', form({ csrf, key: keys.operator }))
      expect(answer.status).toBe(403)
      expect(answer.headers.getSetCookie().join()).not.toContain('posthorn_session')
    }
    await mine.get('/dashboard/sign-in')
    const refused = await mine.post('/dashboard/sign-in', { csrf: foreign, key: keys.operator })
    expect(refused.text).toContain('Nobody was signed in.')
    expect(mine.cookies.has('posthorn_session')).toBe(false)
    expect((await mine.post('/dashboard/sign-in', { key: keys.operator })).path).toBe('/dashboard')
  })

  it('counts the forms of all tabs of a browser', async () => {
    const one = visitor(world)
    const first = (await one.get('/dashboard/sign-in')).html
    expect((await one.get('/dashboard/sign-in')).html).toBe(first)
  })

  it('leads back to the page that was asked for', async () => {
    const one = visitor(world)
    const asked = await one.get('/dashboard/search?q=ORD-1')
    expect(asked.path).toBe('/dashboard/sign-in?next=%2Fdashboard%2Fsearch%3Fq%3DORD-1')
    const answer = await signIn({ key: keys.viewer, next: '/dashboard/search?q=ORD-1' })
    expect(answer.headers.get('location')).toBe('/dashboard/search?q=ORD-1')
  })

  it.each([
    'https://evil.example/dashboard',
    '//evil.example/dashboard',
    '/\\evil.example/dashboard',
    '/dashboard/../../evil',
    '/dashboardevil',
    'javascript:alert(1)',
    '\t//evil.example',
  ])('never leads elsewhere: %s', async (next) => {
    const answer = await signIn({ key: keys.viewer, next })
    expect(answer.headers.get('location')).toBe('/dashboard')
    const page = await visitor(world).get(`/dashboard/sign-in?${new URLSearchParams({ next })}`)
    expect(page.html).toContain('name="next" value="/dashboard"')
  })
})

describe('a sign-in link', () => {
  it('works once', async () => {
    const path = `/dashboard/link?token=${signInToken(operator, now)}`
    const page = await visitor(world).get(path)
    expect(page.path).toBe('/dashboard')
    expect(page.text).toContain(' / operator Menu')
    const again = await visitor(world).get(path)
    expect(again.status).toBe(401)
    expect(again.text).toContain('This sign-in link was used')
  })

  it('is not used up by a program that looks at its head', async () => {
    const path = `/dashboard/link?token=${signInToken(operator, now)}`
    expect((await visitor(world).ask(path, { method: 'HEAD' })).status).not.toBe(303)
    expect((await visitor(world).get(path)).path).toBe('/dashboard')
  })

  it('ends after 15 minutes, and is worth nothing when it was altered or made with another key', async () => {
    const old = signInToken(operator, new Date(now.getTime() - 15 * 60_000))
    const [content, signature] = signInToken(operator, now).split('.')
    const other = Buffer.from(JSON.stringify(['operator', now.getTime() + 9e9, 'x'])).toString('base64url')
    const forged = signInToken({ name: 'operator', key: 'not-the-key-of-tests' }, now)
    const producer = signInToken({ name: 'backend', key: keys.producer }, now)
    for (const token of [old, `${other}.${signature}`, `${content}.`, content, '', forged, producer])
      expect((await visitor(world).get(`/dashboard/link?token=${token}`)).status, token).toBe(401)
    const twice = `/dashboard/link?token=${forged}&token=${forged}`
    expect((await visitor(world).get(twice)).status).toBe(401)
    expect((await visitor(world).get('/dashboard/sign-in?next=/dashboard/events&next=/')).status).toBe(200)
  })
})

describe('a session', () => {
  it('ends when the person signs out, for whoever still has its cookie', async () => {
    const one = await signedIn(world)
    const copy = [...one.cookies]
    await one.get('/dashboard')
    const out = await one.post('/dashboard/sign-out')
    expect(out.text).toContain('You are signed out.')
    const thief = visitor(world)
    for (const [name, value] of copy) thief.cookies.set(name, value)
    expect((await thief.get('/dashboard')).path).toMatch(/^\/dashboard\/sign-in\?next=.*ended=1$/)
  })

  it('ends on every browser of the key where the person asks for that', async () => {
    const [here, there, other] = [await signedIn(world), await signedIn(world), await signedIn(world, keys.viewer)]
    await here.get('/dashboard')
    await here.post('/dashboard/sign-out', { everywhere: '1' })
    expect((await there.get('/dashboard')).path).toContain('/dashboard/sign-in')
    expect((await other.get('/dashboard')).path).toBe('/dashboard')
  })

  it('ends after 8 hours', async () => {
    const one = await signedIn(world)
    const before = now
    now = new Date(now.getTime() + 8 * 3_600_000 - 1)
    expect((await one.get('/dashboard')).path).toBe('/dashboard')
    now = new Date(now.getTime() + 1)
    expect((await one.get('/dashboard')).text).toContain('Your sign-in has ended.')
    now = before
  })

  it('ends with its key: another key of the same name does not continue it', async () => {
    const one = await signedIn(world)
    await world.db.query(`update dashboard_sessions set key_proof = 'of another key'`)
    expect((await one.get('/dashboard')).path).toContain('/dashboard/sign-in')
  })
})

describe('a form', () => {
  it('without its token, or with that of another session, is refused', async () => {
    const [one, other] = [await signedIn(world), await signedIn(world)]
    const token = /name="csrf" value="([^"]+)"/.exec((await other.get('/dashboard')).html)?.[1] ?? ''
    for (const csrf of ['', 'x', token]) {
      const answer = await one.ask('/dashboard/theme', form({ csrf, theme: 'dark' }))
      expect(answer.status).toBe(403)
      expect(answer.headers.getSetCookie()).toEqual([])
    }
  })

  it.each(['cross-site', 'same-site', 'none'])('that a browser says is %s is refused', async (site) => {
    const one = await signedIn(world)
    await one.get('/dashboard')
    const csrf = /name="csrf" value="([^"]+)"/.exec((await one.get('/dashboard')).html)?.[1] ?? ''
    const answer = await one.ask('/dashboard/theme', { ...form({ csrf }), headers: { 'sec-fetch-site': site } })
    expect(answer.status).toBe(403)
  })

  it.each([
    ['http://evil.example', 403],
    ['http://127.0.0.1:1', 403],
    ['file://', 403],
    ['the service', 303],
    ['null', 303],
  ])('of the origin %s is answered with %i', async (origin, status) => {
    const one = await signedIn(world)
    const csrf = /name="csrf" value="([^"]+)"/.exec((await one.get('/dashboard')).html)?.[1] ?? ''
    const headers = { origin: origin === 'the service' ? world.url : origin }
    expect((await one.ask('/dashboard/theme', { ...form({ csrf }), headers })).status).toBe(status)
  })

  it('of the public address counts too, as a proxy may rename the host', async () => {
    const proxied = await startWorld({ env: { PUBLIC_URL: 'http://mail.fernwood.example' } })
    const ask = (origin: string) => visitor(proxied).ask('/dashboard/sign-out', { method: 'POST', headers: { origin } })
    expect((await ask('http://mail.fernwood.example')).status).toBe(303)
    expect((await ask('http://other.example')).status).toBe(403)
    await proxied.stop()
  })

  it.each(['/dashboard/sign-in', '/dashboard/sign-out', '/dashboard/suppressions', '/dashboard/replays'])(
    'of half a million names for %s is refused before it is decoded, as that takes seconds and anybody may send it',
    async (path) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const answer = await fetch(world.url + path, { method: 'POST', headers, body: '&b'.repeat(500_000) })
      expect(answer.status).toBe(413)
    },
  )

  it.each(['application/json', 'multipart/form-data; boundary=x', 'text/plain', 'nothing at all'])(
    'of the type %s gets a page that says so',
    async (type) => {
      const one = await signedIn(world)
      const answer = await one.ask('/dashboard/theme', {
        method: 'POST',
        headers: { 'content-type': type },
        body: '{}',
      })
      expect(answer.status).toBe(415)
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
      const html = await answer.text()
      expect(html).toContain('<h1>')
      expect(html).toContain('content_type_not_supported')
    },
  )

  it('sets the theme, which the server writes', async () => {
    const one = await signedIn(world)
    await one.get('/dashboard')
    const dark = await one.post('/dashboard/theme', { theme: 'dark', back: '/dashboard' })
    expect(dark.html).toContain('<html lang="en" data-theme="dark">')
    const system = await one.post('/dashboard/theme', { theme: 'system', back: 'https://evil.example' })
    expect(system.html).toContain('<html lang="en">')
    expect(system.path).toBe('/dashboard')
  })
})

describe('every page', () => {
  it('is kept by nobody, runs only our own script, and is framed by nobody', async () => {
    const one = await signedIn(world)
    for (const path of ['/dashboard', '/dashboard/sign-in', '/dashboard/nothing']) {
      const { headers, html } = await one.get(path)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe')
      expect(html).not.toMatch(/<script(?! src=)|<style| style=| on\w+=/)
    }
  })

  it('that is not there says so, to who is signed in', async () => {
    const page = await (await signedIn(world)).get('/dashboard/nothing/here')
    expect(page.status).toBe(404)
    expect(page.text).toContain('The dashboard has no such page.')
    expect((await visitor(world).get('/dashboard/nothing')).path).toContain('/dashboard/sign-in')
  })

  it('of a worker alone is not there', async () => {
    const worker = await startWorld({ env: { POSTHORN_ROLES: 'worker' } })
    expect((await worker.get('/dashboard', '')).status).toBe(404)
    await worker.stop()
  })
})
