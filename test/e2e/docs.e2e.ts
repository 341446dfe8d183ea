// The page of the API as people read it: the real service in a real browser, under its own policy and without a script.
import axe, { type AxeResults } from 'axe-core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../helper/world.ts'
import { type Look, launchBrowser, openPage, pageFacts, takePicture } from './browser.ts'

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

const looks: Look[] = [320, 1280].flatMap((width) => [
  { width, scheme: 'light' as const },
  { width, scheme: 'dark' as const },
])

it.each(looks)('the page of the API reads well at $width px in $scheme', async (look) => {
  const { page, strays, close } = await openPage(browser, look)
  const faults: string[] = []
  page.on('console', (message) => faults.push(message.text()))
  await page.goto(`${world.url}/docs`)
  const { y: top = 0 } = (await page.getByRole('heading', { name: 'The API' }).boundingBox()) ?? {}
  expect(top, 'it begins with its title').toBeLessThan(200)
  const first = page.getByRole('navigation').getByRole('link', { name: 'postEvent' })
  expect(await first.isVisible(), 'the contents are open beside it').toBe(look.width > 768)
  const sideways = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
  expect(await page.evaluate<number>(sideways), 'it scrolls sideways').toBe(0)
  const dead = `[...document.querySelectorAll('a[href^="#"]')].map((link) => link.hash.slice(1))
    .filter((id) => !document.getElementById(decodeURIComponent(id)))`
  expect(await page.evaluate<string[]>(dead)).toEqual([])
  expect([...strays, ...faults]).toEqual([])

  // The panels are alike, so a few stand for all: looking at each takes long.
  await page.evaluate(
    `for (const [i, panel] of document.querySelectorAll('section.panel').entries()) if (i % 20) panel.remove()`,
  )
  // The whole page is higher than a picture can be.
  await takePicture(page, `docs-${look.width}-${look.scheme}`)
  const seen = await pageFacts(page)
  expect(seen.scheme).toBe(look.scheme)
  expect(seen.headings).toEqual(['The API'])
  expect(seen.texts.filter(({ contrast }) => contrast < 4.5)).toEqual([])
  await page.evaluate(axe.source)
  const options = { resultTypes: ['violations'], rules: { 'skip-link': { enabled: true } } }
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`)
  expect(violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${id}: ${node.html}`))).toEqual([])
  await close()
})
