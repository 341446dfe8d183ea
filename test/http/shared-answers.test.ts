// What anybody may ask for without a key is made once for all who ask: by moments, or for good.
import { randomUUID } from 'node:crypto'
import fastify from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problemPage } from '../../src/dashboard/problem-page.tsx'
import { signInPage } from '../../src/dashboard/sign-in-page.tsx'
import { brokenLinkPage, failedPage } from '../../src/http/pages/unsubscribe-page.tsx'
import { health } from '../../src/http/routes/health.ts'
import { unchanging } from '../../src/http/unchanging.ts'
import { pageWords } from '../../src/http/words/words.ts'
import { keys, startWorld, type World } from '../helper/world.ts'

describe('what does not change', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.stop())

  it.each(['/openapi.json', '/docs', '/docs/problems'])('%s is made once, and 304 to who has it', async (path) => {
    const ask = (known?: string) => fetch(world.url + path, { headers: known ? { 'if-none-match': known } : {} })
    const first = await ask()
    const text = await first.text()
    const tag = first.headers.get('etag') ?? ''
    expect(tag).toMatch(/^"[\w-]{43}"$/)
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const answer = await ask(known)
      expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([304, '', tag])
    }
    const again = await ask('"other"')
    expect([again.status, await again.text()]).toEqual([200, text])
  })

  it('is made once for all who ask, at the same time or later', async () => {
    let made = 0
    const server = fastify()
    const make = async () => {
      made += 1
      return 'text'
    }
    server.get('/', unchanging({}, make))
    await Promise.all(Array.from({ length: 20 }, () => server.inject('/')))
    expect((await server.inject('/')).body).toBe('text')
    expect(made).toBe(1)
    await server.close()
  })

  it('a key changes nothing about it', async () => {
    const [open, known] = await Promise.all(
      ['', keys.viewer].map((key) =>
        fetch(`${world.url}/openapi.json`, { headers: { authorization: `Bearer ${key}` } }),
      ),
    )
    expect(await known?.text()).toBe(await open?.text())
  })
})

it('/readyz checks once for all who ask at the same time, and again for who asks later', async () => {
  const checks: ((missing: string[]) => void)[] = []
  const notReady = () => new Promise<string[]>((resolve) => checks.push(resolve))
  const server = fastify().setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler)
  await server.register(health, {
    metrics: { text: async () => '', contentType: 'text/plain' },
    notReady,
    warning: () => null,
  })
  const ask = () => server.inject('/readyz').then(({ statusCode }) => statusCode)
  const many = Array.from({ length: 20 }, ask)
  await expect.poll(() => checks.length).toBeGreaterThan(0)
  checks[0]?.(['database'])
  expect(new Set(await Promise.all(many))).toEqual(new Set([503]))
  expect(checks).toHaveLength(1)
  const later = ask()
  await expect.poll(() => checks.length).toBe(2)
  checks[1]?.([])
  expect(await later).toBe(200)
  await server.close()
})

describe('a page for somebody unknown is drawn once', () => {
  /** The answers to calls in turn, and how often each call read the style sheet's name: a call that draws reads it once more. */
  function reads(calls: ((sheet: { readonly sheet: string }) => string)[]) {
    let count = 0
    // Of this test alone: others have had pages drawn as well.
    const name = `${randomUUID()}.css`
    const sheet = {
      get sheet() {
        count += 1
        return name
      },
    }
    return calls.map((call) => {
      const before = count
      const page = call(sheet)
      return { page, reads: count - before }
    })
  }
  const pagesOf = (calls: ReturnType<typeof reads>) => calls.map(({ page }) => page)
  const draws = (calls: ReturnType<typeof reads>) => {
    const least = Math.min(...calls.map((call) => call.reads))
    return calls.map((call) => call.reads > least)
  }
  const withAssets = (sheet: { readonly sheet: string }) => ({
    theme: null,
    assets: Object.assign(sheet, { script: 'a.js' }),
    csrf: '',
    flash: null,
  })

  it('the sign-in, with the fields of each visitor', () => {
    const nexts = ['/dashboard', '/dashboard/search?q="><script>&a=$1']
    const notice = { tone: 'bad' as const, text: 'Another notice' }
    const calls = reads([
      ...nexts.map(
        (next, i) => (sheet: { readonly sheet: string }) =>
          signInPage({ ...withAssets(sheet), csrf: `csrf-${i}`, next, notice: null }),
      ),
      (sheet) => signInPage({ ...withAssets(sheet), csrf: 'c', next: '/dashboard', notice }),
    ])
    expect(draws(calls)).toEqual([true, false, true])
    const pages = pagesOf(calls)
    expect(pages[0]).toContain('name="csrf" value="csrf-0"')
    expect(pages[0]).toContain('name="next" value="/dashboard"')
    expect(pages[1]).toContain('name="csrf" value="csrf-1"')
    expect(pages[1]).toContain('value="/dashboard/search?q=&quot;&gt;&lt;script&gt;&amp;a=$1"')
    expect(pages[2]).toContain('Another notice')
  })

  it('a problem, with the request’s id and the way back', () => {
    const problem = { code: 'too_many_requests', title: 'Too many', status: 429, detail: 'Too many.' }
    const calls = reads(
      ['1', '2'].map(
        (id) => (sheet) =>
          problemPage(
            { ...problem, requestId: `request-${id}` } as Parameters<typeof problemPage>[0],
            { ...withAssets(sheet), here: `/dashboard/link?token="${id}` },
            null,
          ),
      ),
    )
    expect(draws(calls)).toEqual([true, false])
    for (const [i, page] of pagesOf(calls).entries()) {
      expect(page).toContain(`request-${i + 1}`)
      expect(page).toContain(`href="/dashboard/link?token=&quot;${i + 1}"`)
    }
  })

  it('a broken unsubscribe link, in each language', () => {
    const of = (locale: string, sheet: { readonly sheet: string }) =>
      Object.assign(sheet, { words: pageWords(locale, 'en'), brand: { name: 'Acme', address: null } })
    const calls = reads(['en', 'es', 'en', 'es'].map((locale) => (sheet) => brokenLinkPage(of(locale, sheet))))
    expect(draws(calls)).toEqual([true, true, false, false])
    const pages = pagesOf(calls)
    expect(pages[0]).toBe(pages[2])
    expect(pages[0]).not.toBe(pages[1])
    const failed = reads(['a', 'b'].map((id) => (sheet) => failedPage(of('en', sheet), `request-${id}`)))
    expect(draws(failed)).toEqual([true, false])
    expect(pagesOf(failed)[1]).toContain('request-b')
  })
})
