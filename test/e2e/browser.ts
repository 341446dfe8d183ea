// A real browser for tests, at a given width and colour scheme, that may not leave this machine: what it asks
// for elsewhere is refused and told. page-facts.js is what it is asked about a page.
import { existsSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'

export interface Look {
  width: number
  scheme: 'light' | 'dark'
}

export interface PageFacts {
  scheme: string
  /** How far it scrolls sideways. */
  overflowPx: number
  headings: string[]
  buttons: { text: string; heightPx: number }[]
  images: { alt: string | null; shown: boolean }[]
  texts: { text: string; color: string; ground: string; contrast: number }[]
  /** Text on a picture, whose contrast nobody can compute. */
  onPictures: string[]
}

export interface Opened {
  page: Page
  /** What it asked for, beyond this machine. */
  strays: string[]
  close(): Promise<void>
}

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // What the browser itself would look up, beyond the pages' own requests, has no address to go to.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
]

export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
  if (!existsSync(executablePath))
    throw new Error(`There is no browser at ${executablePath}. Install Chromium, or name one by CHROMIUM_PATH.`)
  return chromium.launch({ executablePath, args })
}

/** An empty page of its own context: no cookies, no cache. `headers` go with every request. */
export async function openPage(browser: Browser, look: Look, headers: Record<string, string> = {}): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: 900 },
    colorScheme: look.scheme,
    extraHTTPHeaders: headers,
  })
  const strays: string[] = []
  await context.route('**/*', (route) => {
    const { hostname, protocol, href } = new URL(route.request().url())
    if (hostname === '127.0.0.1' || protocol === 'data:') return route.continue()
    strays.push(href)
    return route.abort()
  })
  return { page: await context.newPage(), strays, close: () => context.close() }
}

const script = await readFile(path.join(import.meta.dirname, 'page-facts.js'), 'utf8')

/** What the page looks like once its style sheet and pictures are here: a click waits for the new page, not for those. */
export async function pageFacts(page: Page): Promise<PageFacts> {
  await page.waitForLoadState()
  return page.evaluate<PageFacts>(script)
}

const pictures = process.env.E2E_PICTURES ? await mkdtemp(path.join(tmpdir(), 'posthorn-pictures-')) : null
if (pictures) console.log(`Pictures of the pages: ${pictures}`)

/** Keeps a picture of the whole page in a temporary folder, where E2E_PICTURES asks for them. */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (!pictures) return
  const { width = 0, height = 0 } = page.viewportSize() ?? {}
  // A frame is painted only where it is in view, so the view is as high as the page.
  const whole = await page.evaluate<number>('document.documentElement.scrollHeight')
  await page.setViewportSize({ width, height: Math.max(height, whole) })
  await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true })
  await page.setViewportSize({ width, height })
}
