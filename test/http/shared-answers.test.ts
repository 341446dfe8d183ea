// What anybody may ask for without a key is made once for all who ask: by moments, or for good.
import fastify from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { problemPage } from '../../src/dashboard/problem-page.tsx'
import { signInPage } from '../../src/dashboard/sign-in-page.tsx'
import { brokenLinkPage, failedPage } from '../../src/http/pages/unsubscribe-page.tsx'
import { health } from '../../src/http/routes/health.ts'
import { pageWords } from '../../src/http/words/words.ts'
import { keys, startWorld, type World } from '../helper/world.ts'

const rendered = vi.hoisted(() => ({ pages: 0 }))
vi.mock('react-dom/server', async (original) => {
  const server = await original<typeof import('react-dom/server')>()
  return {
    ...server,
    renderToStaticMarkup: (element: Parameters<typeof server.renderToStaticMarkup>[0]) => {
      rendered.pages += 1
      return server.renderToStaticMarkup(element)
    },
  }
})

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
    const before = rendered.pages
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const answer = await ask(known)
      expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([304, '', tag])
    }
    const again = await ask('"other"')
    expect([again.status, await again.text()]).toEqual([200, text])
    expect(rendered.pages).toBe(before)
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
  const drawn = (pages: () => string[]) => {
    const before = rendered.pages
    return { pages: pages(), times: rendered.pages - before }
  }
  const assets = { sheet: 'assets/a.css', script: 'assets/a.js' }
  const around = { theme: null, assets, csrf: '', flash: null }

  it('the sign-in, with the fields of each visitor', () => {
    const nexts = ['/dashboard', '/dashboard/search?q="><script>&a=$1']
    const { pages, times } = drawn(() =>
      nexts.map((next, i) => signInPage({ ...around, csrf: `csrf-${i}`, next, notice: null })),
    )
    expect(times).toBe(1)
    expect(pages[0]).toContain('name="csrf" value="csrf-0"')
    expect(pages[0]).toContain('name="next" value="/dashboard"')
    expect(pages[1]).toContain('name="csrf" value="csrf-1"')
    expect(pages[1]).toContain('value="/dashboard/search?q=&quot;&gt;&lt;script&gt;&amp;a=$1"')
    const notice = { tone: 'bad' as const, text: 'Another notice' }
    const other = drawn(() => [signInPage({ ...around, csrf: 'c', next: '/dashboard', notice })])
    expect(other).toMatchObject({ times: 1, pages: [expect.stringContaining('Another notice')] })
  })

  it('a problem, with the request’s id and the way back', () => {
    const problem = { code: 'too_many_requests', title: 'Too many', status: 429, detail: 'Too many.' }
    const { pages, times } = drawn(() =>
      ['1', '2'].map((id) =>
        problemPage(
          { ...problem, requestId: `request-${id}` } as Parameters<typeof problemPage>[0],
          { ...around, here: `/dashboard/link?token="${id}` },
          null,
        ),
      ),
    )
    expect(times).toBe(1)
    for (const [i, page] of pages.entries()) {
      expect(page).toContain(`request-${i + 1}`)
      expect(page).toContain(`href="/dashboard/link?token=&quot;${i + 1}"`)
    }
  })

  it('a broken unsubscribe link, in each language', () => {
    const of = (locale: string) => ({
      words: pageWords(locale, 'en'),
      brand: { name: 'Acme', address: null },
      sheet: '../a.css',
    })
    const { pages, times } = drawn(() => ['en', 'es', 'en', 'es'].map((locale) => brokenLinkPage(of(locale))))
    expect(times).toBe(2)
    expect(pages[0]).toBe(pages[2])
    expect(pages[0]).not.toBe(pages[1])
    const failed = drawn(() => ['a', 'b'].map((id) => failedPage(of('en'), `request-${id}`)))
    expect(failed.times).toBe(1)
    expect(failed.pages[1]).toContain('request-b')
  })
})
