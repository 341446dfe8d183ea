// Every email held to the rules of axe, best practices included, in light and dark. The emails are put into one page, one after
// the other. What their markup must have in every locale is in test/emails/markup.test.ts.
import axe, { type AxeResults } from 'axe-core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderEmail } from '../../emails/_parts/render.ts'
import { notifiers } from '../../src/notifiers/index.ts'
import orderConfirmation from '../../src/notifiers/order-confirmation.ts'
import { brand, mailTo, required, someone } from '../notifiers/fixtures.ts'
import { type Look, launchBrowser, type Opened, openPage } from './browser.ts'

let browser: Browser
let opened: Opened
beforeAll(async () => {
  browser = await launchBrowser()
  opened = await openPage(browser, { width: 390, scheme: 'light' })
})
afterAll(async () => {
  await opened?.close()
  await browser?.close()
})

interface Asked {
  scheme?: Look['scheme']
  /** Default: all. */
  rules?: string[]
}

/** What axe finds wrong, as the rule and the element. */
async function violations(html: string, { scheme = 'light', rules }: Asked = {}): Promise<string[]> {
  const { page } = opened
  await page.emulateMedia({ colorScheme: scheme })
  await page.setContent(html)
  // The page keeps it from one document to the next.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source)
  const options = { resultTypes: ['violations'], ...(rules && { runOnly: rules }) }
  const { violations: found } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`)
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`))
}

const pixel = 'data:image/gif;base64,R0lGODlhAQABAAAAACw='

/** Each email in English, and in one of these in its turn. */
const others = ['es-MX', 'hi-IN', 'de-DE', 'ar-EG']

describe.each(notifiers.map((notifier, at) => ({ notifier, name: notifier.name, other: others[at % others.length] })))(
  'the email of $name',
  ({ notifier, other }) => {
    const html = async (changes: Parameters<typeof someone>[0], data: unknown = notifier.sample.data) =>
      (await renderEmail(mailTo(notifier, data, someone(changes)).element)).html

    it(`keeps the rules of axe, in English and in ${other}`, async () => {
      expect(await violations(await html({}))).toEqual([])
      expect(await violations(await html({ locale: other }, required[notifier.name]))).toEqual([])
    })

    it('has enough contrast in dark mode', async () => {
      const dark = await html({ brand: { ...brand, logoUrl: pixel } })
      expect(await violations(dark, { scheme: 'dark', rules: ['color-contrast', 'image-alt'] })).toEqual([])
    })
  },
)

describe('an order with pictures', () => {
  const items = ['https://shop.example/a.jpg', null].map((imageUrl) => ({
    ...{ name: 'Beech bread board', quantity: 2, unitPrice: { amount: 1450, currency: 'eur' }, imageUrl },
  }))
  const data = { orderNumber: 'A1', items, total: { amount: 2900, currency: 'eur' } }

  it.each(['ltr', 'rtl'] as const)('keeps them too, where pictures are blocked, %s', async (dir) => {
    const { html } = await renderEmail(mailTo(orderConfirmation, data, someone()).element)
    expect(await violations(html.replaceAll('dir="ltr"', `dir="${dir}"`))).toEqual([])
    expect(opened.strays).toContain('https://shop.example/a.jpg')
  })
})

it('these tests see what axe finds', async () => {
  const found = await violations(
    `<!doctype html><html><body><h2 style="color:#ccc">Pale</h2><a href="/x"></a><img src="${pixel}">`,
  )
  const rules = new Set(found.map((fault) => fault.split(':')[0]))
  for (const rule of ['color-contrast', 'document-title', 'html-has-lang', 'image-alt', 'link-name', 'region'])
    expect(rules).toContain(rule)
})
