// The dashboard as people see it: the real service in a real browser, on a phone and a desk, in light and dark.
import axe, { type AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keys, startWorld, type World } from '../helper/world.ts'
import { type Look, launchBrowser, type Opened, openPage, pageFacts, takePicture } from './browser.ts'
import { seed } from './seed.ts'

const leastContrast = 4.5
const looks: Look[] = [1280, 390].flatMap((width) => [
  { width, scheme: 'light' as const },
  { width, scheme: 'dark' as const },
])

let browser: Browser
let world: World
/** What is looked at, by the names of the pictures. */
let pages: Record<string, string>
beforeAll(async () => {
  browser = await launchBrowser()
  world = await startWorld()
  pages = await seed(world)
})
afterAll(async () => {
  await browser?.close()
  await world?.stop()
})

/** A browser that is signed in, and what it complained about. */
async function open(look: Look, key: string = keys.operator, at = world): Promise<Opened & { faults: string[] }> {
  const opened = await openPage(browser, look)
  const { page } = opened
  const faults: string[] = []
  page.on('console', (message) => faults.push(message.text()))
  page.on('pageerror', (error) => faults.push(String(error)))
  await page.goto(`${at.url}/dashboard`)
  await page.getByLabel('API key').fill(key)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${at.url}/dashboard`)
  return { ...opened, faults }
}

/** What every page must keep: no violation of axe, no sideways scrolling, contrast, one title, tap targets on a phone. */
async function readsWell(page: Page, { width, scheme }: Look, name: string): Promise<void> {
  await takePicture(page, `${name}-${width}-${scheme}`)
  const seen = await pageFacts(page)
  expect(seen.scheme).toBe(scheme)
  expect(seen.overflowPx, 'it scrolls sideways').toBe(0)
  expect(seen.headings.length, 'one title').toBe(1)
  expect(await page.textContent('body'), 'code is marked up').not.toContain('`')
  expect(seen.texts.filter(({ contrast }) => contrast < leastContrast)).toEqual([])
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source)
  const { violations } = await page.evaluate<AxeResults>('axe.run(document, { iframes: false })')
  expect(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`))).toEqual([])
}

/** In the order of the pictures. */
const names = [
  ...[
    'overview',
    'unconfirmed',
    'nothing',
    'list',
    'given-up',
    'events',
    'filter',
    'search',
    'unfound',
    'email',
    'sms',
  ],
  ...[
    'failure',
    'doubt',
    'event',
    'replay',
    'settle-plan',
    'replay-plan',
    'run',
    'refused',
    'misread',
    'providers',
    'schedules',
  ],
  ...['replays', 'notifiers', 'notifier', 'wording', 'suppressions', 'suppressed', 'unsuppressed'],
  ...['refused-settle', 'preferences'],
]

describe.each(looks)('at $width px in $scheme', (look) => {
  let opened: Awaited<ReturnType<typeof open>>
  beforeAll(async () => {
    opened = await open(look)
  })
  afterAll(() => opened.close())

  it('a person can sign in', async () => {
    const { page, close } = await openPage(browser, look)
    await page.goto(`${world.url}/dashboard`)
    await readsWell(page, look, 'sign-in')
    await close()
  })

  it.each(names)('the page %s reads well, and asks for nothing from elsewhere', async (name) => {
    const { page, strays, faults } = opened
    faults.length = 0
    await page.goto(world.url + (pages[name] ?? `/dashboard/${name}`))
    await readsWell(page, look, name)
    expect(strays).toEqual([])
    // It tells the status of the page itself too.
    expect(faults.filter((text) => !/40[04]/.test(text))).toEqual([])
  })

  it('the email is seen in its frame', async () => {
    const { page } = opened
    await page.goto(`${world.url}${pages.email}`)
    await page.frameLocator('iframe').getByRole('heading').first().waitFor()
  })
})

describe.each(looks.filter(({ width, scheme }) => (width === 390) === (scheme === 'dark')))(
  'a service that has done nothing, seen by a viewer at $width px in $scheme',
  (look) => {
    let idle: World
    let opened: Awaited<ReturnType<typeof open>>
    beforeAll(async () => {
      idle = await startWorld()
      opened = await open(look, keys.viewer, idle)
    })
    afterAll(async () => {
      await opened?.close()
      await idle?.stop()
    })

    const emptyPages = {
      ...{ overview: '', unconfirmed: '/unconfirmed', list: '/notifications', events: '/events' },
      ...{ 'given-up': '/notifications?state=failed', providers: '/providers', schedules: '/schedules' },
      ...{ replays: '/replays', suppressions: '/suppressions', preferences: '/preferences' },
      notifier: '/notifiers/payment-timed-out',
    }
    it.each(Object.entries(emptyPages))('the page %s reads well', async (name, path) => {
      await opened.page.goto(`${idle.url}/dashboard${path}`)
      await readsWell(opened.page, look, `idle-${name}`)
      expect(opened.faults).toEqual([])
    })
  },
)

it('an email with pasted data is seen in its frame', async () => {
  const { page, faults, close } = await open({ width: 390, scheme: 'light' })
  await page.goto(`${world.url}${pages.notifier}`)
  const data = { orderNumber: 'ORD-9', carrier: 'UPS', trackingNumber: '1Z9' }
  await page.getByLabel('The event’s data').fill(JSON.stringify(data))
  await page.getByRole('button', { name: 'Preview with this data' }).click()
  await page.getByRole('button', { name: 'Show it as HTML' }).click()
  await page.frameLocator('iframe').getByText('ORD-9').first().waitFor()
  await readsWell(page, { width: 390, scheme: 'light' }, 'data')
  expect(faults).toEqual([])
  await close()
})

it('a test that cannot be sent is shown again with what is wrong', async () => {
  const { page, close } = await open({ width: 390, scheme: 'dark' })
  await page.goto(`${world.url}${pages.notifier}`)
  await page.getByLabel('To this email or phone').fill('nowhere')
  await page.getByRole('button', { name: 'Send a test' }).click()
  await page.getByText('nowhere is neither an email address').waitFor()
  await readsWell(page, { width: 390, scheme: 'dark' }, 'refused-test')
  await close()
})

describe('with the keyboard alone', () => {
  it('a slash leads to the search, the first tab past the navigation, and every control shows its focus', async () => {
    const { page, close } = await open({ width: 1280, scheme: 'light' })
    await page.goto(`${world.url}/dashboard/nothing`)
    await page.keyboard.press('/')
    expect(await page.evaluate('document.activeElement.id')).toBe('q')
    await page.reload()
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content')
    const controls = await page.locator('a:visible, button:visible, input:visible, summary:visible').count()
    const reached = new Set<string>()
    for (let i = 0; i < controls; i++) {
      reached.add(await page.evaluate('document.activeElement.outerHTML'))
      expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).not.toBe('none')
      await page.keyboard.press('Tab')
    }
    expect(reached.size).toBe(controls)
    await close()
  })

  it('on a phone the menu opens, and the theme is kept', async () => {
    const { page, close } = await open({ width: 390, scheme: 'light' })
    await page.getByRole('button', { name: 'Menu' }).press('Enter')
    await page.getByRole('button', { name: 'Dark' }).press('Enter')
    await page.waitForLoadState()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
    await close()
  })
})

it('a link from another site does not carry the session, and a form of one is refused', async () => {
  const { page, close } = await open({ width: 1280, scheme: 'light' })
  await page.goto('data:text/html,<!doctype html><title>Elsewhere</title>')
  await page.setContent(`<form method="post" action="${world.url}/dashboard/theme"><button>Go</button></form>`)
  await page.getByRole('button', { name: 'Go' }).click()
  await page.waitForURL(/127/)
  expect(await page.textContent('main')).toContain('was not made here')
  await close()
})
