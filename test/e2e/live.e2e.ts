// The parts of a page that change by themselves, and when they do not: the browser's clock is the test's, so nothing waits.
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { keys, startWorld, type World } from '../helper/world.ts'
import { launchBrowser, type Opened, openPage } from './browser.ts'

const refreshMs = 10_000

let browser: Browser
let world: World
beforeAll(async () => {
  browser = await launchBrowser()
  world = await startWorld()
})
afterAll(async () => {
  await browser?.close()
  await world?.stop()
})

let opened: Opened
let page: Page
/** How often the live part has been asked for. */
let asked: number
let accepted = 0
beforeEach(async () => {
  opened = await openPage(browser, { width: 1280, scheme: 'light' })
  page = opened.page
  await page.clock.install()
  await page.goto(`${world.url}/dashboard`)
  await page.getByLabel('API key').fill(keys.operator)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${world.url}/dashboard`)
  asked = 0
  page.on('request', (request) => {
    if (request.resourceType() === 'fetch' && new URL(request.url()).pathname === '/dashboard') asked += 1
  })
})
afterEach(() => opened.close())

const figure = () => page.locator('.figures div', { hasText: 'Accepted' }).locator('dd').first()

/** Waits until the page shows this figure. */
async function shown(n: string): Promise<void> {
  await page.locator('.figures div', { hasText: new RegExp(`^Accepted${n}events`) }).waitFor()
}

/** One more event in a minute that nobody counts again soon. Answers the figure that the page will show. */
async function happens(): Promise<string> {
  accepted += 1
  await world.db.query(
    `insert into minute_counts values (date_trunc('minute', now()) - interval '3 hours', 'accepted', $1)
     on conflict (minute, what) do update set n = $1`,
    [accepted],
  )
  return String(accepted)
}

/** Lets the time of one refresh pass. What it asks for is seen before a later request has its answer. */
async function timePasses(): Promise<void> {
  await page.clock.runFor(refreshMs)
  await page.evaluate(`fetch('/dashboard/sign-in').then((answer) => answer.text())`)
}

describe('a part of a page', () => {
  it('changes by itself, again and again, while a person types elsewhere', async () => {
    const search = page.getByLabel('Search')
    await search.fill('ORD-1')
    for (const _turn of ['once', 'twice']) {
      const now = await happens()
      await page.clock.runFor(refreshMs)
      await shown(now)
      expect(await search.inputValue()).toBe('ORD-1')
      expect(await page.evaluate('document.activeElement.id')).toBe('q')
    }
  })

  it('stays as it is while a detail of it is open, and goes on once that is closed', async () => {
    const before = await figure().textContent()
    const now = await happens()
    const detail = page.getByText('As a table')
    await detail.click()
    await page.mouse.move(0, 0)
    await page.evaluate('document.activeElement.blur()')
    await timePasses()
    expect(asked).toBe(0)
    expect(await figure().textContent()).toBe(before)
    expect(await page.locator('#live-overview details').getAttribute('open')).toBe('')
    await detail.click()
    await page.mouse.move(0, 0)
    await page.evaluate('document.activeElement.blur()')
    await page.clock.runFor(refreshMs)
    await shown(now)
  })

  it('keeps the focus that is in it, and the pointer that is on it', async () => {
    await happens()
    const link = page.locator('#live-overview a').first()
    await link.focus()
    await timePasses()
    expect(asked).toBe(0)
    expect(await page.evaluate('document.activeElement.matches("#live-overview a")')).toBe(true)
    await link.blur()
    await figure().hover()
    await timePasses()
    expect(asked).toBe(0)
    await page.mouse.move(0, 0)
    await timePasses()
    expect(asked).toBe(1)
  })

  it('is asked for no more once the person is signed out, and stays readable', async () => {
    await page.context().clearCookies()
    const before = await figure().textContent()
    await happens()
    await timePasses()
    expect(asked).toBe(1)
    for (let turn = 0; turn < 3; turn++) await timePasses()
    expect(asked).toBe(1)
    expect(await figure().textContent()).toBe(before)
    expect(page.url()).toBe(`${world.url}/dashboard`)
  })
})
