// The page behind an unsubscribe link as a person gets to see it: the real service in a real browser, without script.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type UnsubscribeRequest, unsubscribeTokens } from '../../src/privacy/unsubscribe-token.ts'
import { keys, startWorld, type World } from '../helper/world.ts'
import { type Look, launchBrowser, openPage, pageFacts, takePicture } from './browser.ts'

const leastContrast = 4.5
const leastTapPx = 44
const secretKey = 'a-secret-key-of-the-tests'
const tokens = unsubscribeTokens(secretKey)

const looks: Look[] = [320, 390, 1280].flatMap((width) => [
  { width, scheme: 'light' as const },
  { width, scheme: 'dark' as const },
])

let browser: Browser
let world: World
beforeAll(async () => {
  browser = await launchBrowser()
  world = await startWorld({
    env: { SECRET_KEY: secretKey, BRAND_ADDRESS: 'Fernwood Supply Ltd, 14 Mill Lane, Bristol BS1 5TR, United Kingdom' },
  })
})
afterAll(async () => {
  await browser?.close()
  await world?.stop()
})

function linkOf(more: Partial<UnsubscribeRequest> = {}): string {
  const person = { recipientId: `cus_${crypto.randomUUID()}`, address: 'grace.hopper@example.org', locale: 'en-GB' }
  return `${world.url}/unsubscribe/${tokens.seal({ ...person, channel: 'email', category: 'product', ...more })}`
}

async function visit<T>(look: Look, url: string, work: (page: Page) => Promise<T>, language = 'en'): Promise<T> {
  const { page, strays, close } = await openPage(browser, look, { 'accept-language': language })
  const faults: string[] = []
  page.on('console', (message) => faults.push(message.text()))
  try {
    await page.goto(url)
    const result = await work(page)
    expect(strays).toEqual([])
    // It tells the status of the page itself too.
    expect(faults.filter((text) => !text.includes('401'))).toEqual([])
    return result
  } finally {
    await close()
  }
}

/** What every page of these must keep. */
async function readsWell(page: Page, { width, scheme }: Look, name: string): Promise<void> {
  const seen = await pageFacts(page)
  await takePicture(page, `${name}-${width}-${scheme}`)
  expect(seen.scheme).toBe(scheme)
  expect(seen.overflowPx, 'it scrolls sideways').toBe(0)
  expect(seen.headings.length, 'one title').toBe(1)
  expect(seen.texts.filter(({ contrast }) => contrast < leastContrast)).toEqual([])
  if (width < 768)
    for (const control of await page.locator('button, label').all())
      expect((await control.boundingBox())?.height, (await control.textContent()) ?? '').toBeGreaterThanOrEqual(
        leastTapPx,
      )
}

describe.each(looks)('at $width px in $scheme', (look) => {
  it('a person reads what will happen, leaves, comes back, and chooses', async () => {
    await visit(look, linkOf(), async (page) => {
      await readsWell(page, look, 'leave')
      const text = await page.textContent('main')
      expect(text).toContain('Fernwood will stop sending news and updates by email to g***@example.org')
      expect(text).not.toContain('grace.hopper')

      await page.getByRole('button', { name: 'Unsubscribe' }).click()
      expect(await page.textContent('h1')).toBe('You’re unsubscribed')
      expect(await page.isChecked('[name=email]')).toBe(false)
      await readsWell(page, look, 'left')
      await page.reload()
      expect(await page.textContent('h1'), 'asked for again, nothing is sent again').toBe('You’re unsubscribed')

      await page.getByRole('button', { name: 'Resubscribe' }).click()
      expect(await page.getByRole('status').textContent()).toBe('You’re subscribed again.')
      expect(await page.isChecked('[name=email]')).toBe(true)

      await page.uncheck('[name=sms]')
      await page.getByRole('button', { name: 'Save' }).click()
      expect(await page.getByRole('status').textContent()).toBe('Saved.')
      expect(await page.isChecked('[name=sms]')).toBe(false)
      expect(await page.isChecked('[name=email]')).toBe(true)
      await readsWell(page, look, 'saved')
    })
  })

  it('a link that is not whole says so', async () => {
    await visit(look, linkOf().slice(0, -3), async (page) => {
      expect(await page.textContent('h1')).toBe('This link doesn’t work')
      await readsWell(page, look, 'broken')
    })
  })
})

describe('in the language of the message', () => {
  it.each([
    ['es-MX', 'es', 'Darse de baja'],
    ['hi-IN', 'hi', 'अनसब्सक्राइब करें'],
    ['fr-FR', 'en', 'Unsubscribe'],
  ])('%s', async (locale, lang, title) => {
    const look: Look = { width: 320, scheme: 'light' }
    await visit(look, linkOf({ locale, address: `${'a-long-address-'.repeat(4)}@example.org` }), async (page) => {
      expect(await page.getAttribute('html', 'lang')).toBe(lang)
      expect(await page.textContent('h1')).toBe(title)
      await readsWell(page, look, `leave-${lang}`)
    })
  })
})

describe('a link that is not whole, in the language of the browser', () => {
  it.each([
    ['fr-FR,es-MX;q=0.9,en;q=0.8', 'es', 'Este enlace no funciona'],
    ['hi-IN,hi;q=0.9', 'hi', 'यह लिंक काम नहीं करता'],
    ['fr-FR,fr;q=0.9', 'en', 'This link doesn’t work'],
  ])('%s', async (language, lang, title) => {
    const look: Look = { width: 320, scheme: 'dark' }
    const told = async (page: Page) => {
      expect(await page.getAttribute('html', 'lang')).toBe(lang)
      expect(await page.textContent('h1')).toBe(title)
      await readsWell(page, look, `broken-${lang}`)
    }
    await visit(look, linkOf().slice(0, -3), told, language)
  })
})

it('the page and the API say the same', async () => {
  const recipientId = `cus_${crypto.randomUUID()}`
  await visit({ width: 390, scheme: 'light' }, linkOf({ recipientId }), async (page) => {
    await page.getByRole('button', { name: 'Unsubscribe' }).click()
    await page.getByText('You’re unsubscribed').waitFor()
    const { body } = await world.get(`/v1/preferences/${recipientId}`, keys.viewer)
    expect(body).toEqual({ product: { email: false, sms: true } })
  })
})
