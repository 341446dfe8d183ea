// What every page of the dashboard must keep, and a browser that is signed in at it.
import axe, { type AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { keys, type World } from '../helper/world.ts'
import { type Look, type Opened, openPage, pageFacts, takePicture } from './browser.ts'

const leastContrast = 4.5
const leastTapPx = 44
const phoneWidth = 768

/** A phone and a desk, in light and dark. */
export const looks: Look[] = [1280, 390].flatMap((width) => [
  { width, scheme: 'light' as const },
  { width, scheme: 'dark' as const },
])

export interface SignedIn extends Opened {
  /** What the browser complained about. */
  faults: string[]
}

export async function signIn(
  browser: Browser,
  world: Pick<World, 'url'>,
  look: Look,
  key: string = keys.operator,
): Promise<SignedIn> {
  const opened = await openPage(browser, look)
  const { page } = opened
  const faults: string[] = []
  page.on('console', (message) => faults.push(message.text()))
  page.on('pageerror', (error) => faults.push(String(error)))
  await page.goto(`${world.url}/dashboard`)
  await page.getByLabel('API key').fill(key)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${world.url}/dashboard`)
  return { ...opened, faults }
}

/** No violation of axe, no sideways scrolling, contrast, one title, tap targets on a phone. */
export async function readsWell(page: Page, { width, scheme }: Look, name: string): Promise<void> {
  await takePicture(page, `${name}-${width}-${scheme}`)
  const seen = await pageFacts(page)
  expect(seen.scheme).toBe(scheme)
  expect(seen.overflowPx, 'it scrolls sideways').toBe(0)
  expect(seen.headings.length, 'one title').toBe(1)
  expect(await page.textContent('body'), 'code is marked up').not.toContain('`')
  expect(seen.texts.filter(({ contrast }) => contrast < leastContrast)).toEqual([])
  if (width < phoneWidth) expect(await smallTargets(page), 'too small for a finger').toEqual([])
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source)
  const { violations } = await page.evaluate<AxeResults>('axe.run(document, { iframes: false })')
  expect(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`))).toEqual([])
}

/** The narrowest phone. */
export const narrowest: Look = { width: 320, scheme: 'light' }

/** Nothing scrolls sideways but code within itself; else what stands out is named. */
export async function fits(page: Page): Promise<void> {
  const outside = await page.evaluate<string[]>(
    `document.documentElement.scrollWidth === document.documentElement.clientWidth ? [] :
       [...document.querySelectorAll('main *')]
         .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth)
         .map((one) => one.outerHTML.slice(0, 120))`,
  )
  expect(outside, 'it scrolls sideways').toEqual([])
}

/** Buttons and fields under a finger's height; links within a sentence may be lower. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(
    `[...document.querySelectorAll('button, .btn, select, input:not([type=hidden]):not([type=checkbox]):not([type=radio])')]
       .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height > 0)
       .filter((one) => one.getBoundingClientRect().height < ${leastTapPx} - 0.5)
       .map((one) => one.outerHTML.slice(0, 120))`,
  )
}
