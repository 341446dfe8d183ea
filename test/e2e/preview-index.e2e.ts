// The index page of the previews' folder in a real browser, on a phone and a desk, in light and dark.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { indexPage } from '../../src/cli/preview-index.ts'
import { notifiers } from '../../src/notifiers/index.ts'
import { launchBrowser, openPage } from './browser.ts'
import { looks, readsWell } from './reads-well.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser?.close())

it.each([...looks, { width: 320, scheme: 'dark' as const }])('reads well at $width px in $scheme', async (look) => {
  const { page, strays, close } = await openPage(browser, look)
  await page.setContent(indexPage(notifiers))
  await readsWell(page, look, 'preview-index')
  expect(await page.getByRole('link').count()).toBeGreaterThan(notifiers.length * 6 - 1)
  expect(strays).toEqual([])
  await close()
})
