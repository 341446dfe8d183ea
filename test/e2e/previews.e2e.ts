// Every email as people get to see it: the service's own preview in a real browser, on a phone, a large phone and
// a desk, in light and dark.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { notifiers } from '../../src/notifiers/index.ts'
import { startVendor, type Vendor } from '../helper/vendor.ts'
import { keys, startWorld, type World } from '../helper/world.ts'
import { type Look, launchBrowser, type Opened, openPage, pageFacts, takePicture } from './browser.ts'

const leastContrast = 4.5
const leastButtonPx = 44

const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" width="112" height="28"><rect width="112" height="28" fill="#ffffff"/></svg>'

const looks: Look[] = [320, 390, 1280].flatMap((width) => [
  { width, scheme: 'light' as const },
  { width, scheme: 'dark' as const },
])
const emails = notifiers.filter(({ channels }) => channels.includes('email'))

let browser: Browser
/** One page for all previews: a new one takes longer than what is asked about it. */
let opened: Opened
let plain: World
let withLogo: World
let pictures: Vendor

beforeAll(async () => {
  browser = await launchBrowser()
  opened = await openPage(browser, { width: 390, scheme: 'light' }, { authorization: `Bearer ${keys.viewer}` })
  pictures = await startVendor({ headers: { 'content-type': 'image/svg+xml' }, text: logo })
  plain = await startWorld()
  withLogo = await startWorld({ env: { BRAND_LOGO_URL: `${pictures.url}/logo.svg` } })
})

afterAll(async () => {
  await browser?.close()
  await withLogo?.stop()
  await plain?.stop()
  await pictures?.close()
})

/** What is seen of a preview, and what it asked the network for. */
async function see(world: World, name: string, look: Look, locale = 'en-GB') {
  const { page, strays } = opened
  strays.length = 0
  await page.setViewportSize({ width: look.width, height: 900 })
  await page.emulateMedia({ colorScheme: look.scheme })
  const answer = await page.goto(`${world.url}/v1/notifiers/${name}/preview?locale=${locale}`)
  expect(answer?.status()).toBe(200)
  const facts = await pageFacts(page)
  await takePicture(page, `${name}-${locale}-${look.width}-${look.scheme}${world === withLogo ? '-logo' : ''}`)
  return { ...facts, strays: [...strays] }
}

describe.each(emails)('$name', ({ name, sample }) => {
  const hasAddress = Object.keys(sample.data).some((field) => /url$/i.test(field))

  it.each(looks)('reads well at $width px in $scheme', async (look) => {
    const seen = await see(plain, name, look)
    expect(seen.scheme).toBe(look.scheme)
    expect(seen.overflowPx, 'it scrolls sideways').toBe(0)
    expect(seen.headings, 'one heading').toHaveLength(1)
    expect(seen.buttons, 'one main button where there is an address to go to').toHaveLength(hasAddress ? 1 : 0)
    for (const { text, heightPx } of seen.buttons) expect(heightPx, text).toBeGreaterThanOrEqual(leastButtonPx)
    expect(seen.texts.length, 'there is something to read').toBeGreaterThan(3)
    expect(seen.texts.filter(({ contrast }) => contrast < leastContrast)).toEqual([])
    expect(seen.onPictures).toEqual([])
    expect(seen.strays).toEqual([])
  })

  it('describes its pictures, and takes them from nowhere else', async () => {
    const seen = await see(withLogo, name, { width: 390, scheme: 'dark' })
    expect(seen.images.length).toBeGreaterThan(0)
    for (const image of seen.images) expect(image).toEqual({ alt: expect.stringMatching(/\S/), shown: true })
    expect(seen.strays).toEqual([])
  })

  it('fits a small phone in a locale with other digits', async () => {
    const seen = await see(plain, name, { width: 320, scheme: 'light' }, 'ar-EG')
    expect(seen.overflowPx, 'it scrolls sideways').toBe(0)
    expect(seen.texts.filter(({ contrast }) => contrast < leastContrast)).toEqual([])
  })
})

it('no heading leaves a word alone on its last line', async () => {
  const alone: string[] = []
  for (const { name } of emails) {
    await see(plain, name, { width: 1280, scheme: 'light' })
    const lines = await opened.page.evaluate<number[]>(
      `(() => {
        const rectsOf = (node) => {
          const range = document.createRange()
          range.selectNode(node)
          return node.nodeType === Node.TEXT_NODE ? [...range.getClientRects()] : [...node.childNodes].flatMap(rectsOf)
        }
        const widths = Map.groupBy(rectsOf(document.querySelector('h1')), ({ top }) => Math.round(top)).values()
        return [...widths].map((rects) => rects.reduce((sum, { width }) => sum + width, 0))
      })()`,
    )
    if (Math.min(...lines) < Math.max(...lines) / 3) alone.push(name)
  }
  expect(alone).toEqual([])
})

describe('the guard of these tests', () => {
  it('sees poor contrast, sideways scrolling, a second button and a picture without words', async () => {
    const { page, close } = await openPage(browser, { width: 320, scheme: 'light' })
    await page.setContent(`<!doctype html><h1>One</h1><h1>Two</h1>
      <div style="background:#fff"><p style="color:rgba(0,0,0,.3)">pale</p><p style="opacity:.5;color:#333">faint</p></div>
      <div style="background:rgba(0,0,0,.9)"><b style="color:#fff">plain to see</b></div>
      <div class="btn"><a>a</a><a>b</a></div><div style="width:400px;height:1px"></div>
      <img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" style="width:9px;height:9px">`)
    const seen = await pageFacts(page)
    await close()
    const poor = seen.texts.filter(({ contrast }) => contrast < leastContrast).map(({ text }) => text)
    expect(poor).toEqual(['pale', 'faint'])
    expect(seen.overflowPx).toBeGreaterThan(80)
    expect(seen.headings).toEqual(['One', 'Two'])
    expect(seen.buttons).toHaveLength(2)
    expect(seen.images[0]?.alt).toBeNull()
  })

  it('refuses and reports what leaves this machine', async () => {
    const { page, strays, close } = await openPage(browser, { width: 320, scheme: 'light' })
    await page.setContent('<!doctype html><img src="http://elsewhere.example/pixel.gif" alt="">')
    await close()
    expect(strays).toEqual(['http://elsewhere.example/pixel.gif'])
  })
})
