// The rules that the Email Markup Consortium checks emails by, held against every email in every language, in locales that
// fall back, and from right to left. What needs a browser, such as contrast, is in test/e2e/axe.e2e.ts.

import { describe, expect, it } from 'vitest'
import type { Frame } from '../../emails/_parts/frame.ts'
import { directionOf } from '../../emails/_parts/locale.ts'
import { renderEmail } from '../../emails/_parts/render.ts'
import { catalogs, wordsOf } from '../../emails/_parts/words.ts'
import { notifiers } from '../../src/notifiers/index.ts'
import { collected } from '../../src/notifiers/notifier.ts'
import { brand, mailTo, required, someone } from '../notifiers/fixtures.ts'

const locales = [...Object.keys(catalogs), 'en-IN', 'es-MX', 'hi-IN', 'de-CH', 'ar-EG', 'th-TH', 'zh-TW']

interface Element {
  tag: string
  attributes: Record<string, string>
  parent: Element | null
  /** What is read of it. */
  text: string
  within: Element[]
}

const empty = /^(?:br|img|meta|!doctype)$/i

/** The elements of our own markup, in which React escapes every `<` and `>` of data. */
function elementsOf(html: string): Element[] {
  const all: Element[] = []
  let open = null as Element | null
  const token = /<!--[\s\S]*?-->|<(\/?)([!a-z][a-z0-9-]*)((?:\s[^>]*?)?)\/?>|([^<]+)/gi
  for (const [, closing, tag, rest = '', words] of html.matchAll(token)) {
    if (words) for (let at = open; at; at = at.parent) at.text += words
    if (!tag) continue
    if (closing) {
      expect(tag).toBe(open?.tag)
      open = open?.parent ?? null
      continue
    }
    const attributes = Object.fromEntries(
      [...rest.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name, value = '']) => [name, value]),
    )
    const element: Element = { tag, attributes, parent: open, text: attributes.alt ?? '', within: [] }
    for (let at = open; at; at = at.parent) at.within.push(element)
    if (tag === 'img') for (let at = open; at; at = at.parent) at.text += attributes.alt ?? ''
    all.push(element)
    if (!empty.test(tag)) open = element
  }
  expect(open).toBeNull()
  return all
}

/** Words of a link that say nothing of where it leads. */
const vague = /^(?:click here|here|read more|more|link|aquí|haga clic aquí|más|यहाँ|यहाँ क्लिक करें|और)$/i

function tableOf({ parent }: Element): Element | null {
  return !parent || parent.tag === 'table' ? parent : tableOf(parent)
}

type Language = Pick<Frame, 'lang' | 'dir'>

/** Each rule names the elements that break it. */
const rules: Record<string, (all: Element[], language: Language) => Element[]> = {
  'html, body and what is directly in the body have the language and the direction': (all, { lang, dir }) =>
    all.filter(
      ({ tag, parent, attributes }) =>
        (tag === 'html' || tag === 'body' || parent?.tag === 'body') &&
        (attributes.lang !== lang || attributes.dir !== dir),
    ),
  'the outermost table has both, too': (all, { lang, dir }) =>
    all
      .filter(({ tag }) => tag === 'table')
      .slice(0, 1)
      .filter(({ attributes }) => attributes.lang !== lang || attributes.dir !== dir),
  'a table is for layout and says so, or holds data with a caption and headers': (all) =>
    all.filter((table) => {
      const { tag, attributes, within } = table
      const [isCaptioned, isHeaded] = ['caption', 'th'].map((part) =>
        within.some((element) => element.tag === part && tableOf(element) === table),
      )
      const isLayout = attributes.role === 'presentation'
      return tag === 'table' && (isLayout ? isCaptioned || isHeaded : !isCaptioned || !isHeaded)
    }),
  'a header says what it heads': (all) => all.filter(({ tag, attributes }) => tag === 'th' && !attributes.scope),
  'a picture has a size and a text': (all) =>
    all.filter(({ tag, attributes }) => tag === 'img' && !(attributes.alt && /^\d+$/.test(attributes.height ?? ''))),
  'a link leads somewhere, and says where': (all) =>
    all.filter(
      ({ tag, attributes, text }) =>
        tag === 'a' &&
        (!/^https?:\/\/./.test(attributes.href ?? '') || vague.test(text.trim()) || !/\p{L}/u.test(text)),
    ),
  'an id is there once': (all) => {
    const ids = all.flatMap(({ attributes }) => attributes.id ?? [])
    return all.filter(({ attributes: { id } }) => id !== undefined && ids.indexOf(id) !== ids.lastIndexOf(id))
  },
  'text is not justified, and not smaller than 13 px': (all) =>
    all.filter(({ tag, text, attributes: { style = '' } }) => {
      const sizePx = Number(/font-size:(\d+)px/.exec(style)?.[1] ?? 16)
      const isRead = /[\p{L}\p{N}]/u.test(text) && tag !== 'img' && !style.includes('display:none')
      return /text-align:justify/.test(style) || (isRead && sizePx < 13)
    }),
}

async function broken(html: string, language: Language) {
  const all = elementsOf(html)
  const count = (tag: string) => all.filter((element) => element.tag === tag).length
  expect(count('title')).toBe(1)
  expect(all.find(({ tag }) => tag === 'title')?.text).toMatch(/\S/)
  // Browsers look for it in the first 1,024 bytes.
  expect(html.slice(0, 1024)).toMatch(/<meta [^>]*charset=utf-8/i)
  expect(count('h1')).toBe(1)
  expect(all.filter(({ tag }) => /^h[2-6]$/.test(tag))).toEqual([])
  return Object.entries(rules).flatMap(([rule, breaks]) =>
    breaks(all, language).map(({ tag, attributes }) => `${rule}: <${tag}> ${JSON.stringify(attributes)}`),
  )
}

describe.each(notifiers)('the email of $name', (notifier) => {
  it.each(locales)('keeps the rules in %s', async (locale) => {
    const { lang, dir } = wordsOf(notifier.name, locale)
    expect(dir).toBe(directionOf(lang))
    const logo = { ...brand, logoUrl: 'https://fernwood.example/logo.png' }
    for (const [data, changes] of [
      [notifier.sample.data, {}],
      [required[notifier.name], { name: null, brand: logo }],
    ] as const) {
      const { html } = await renderEmail(mailTo(notifier, data, someone({ locale, ...changes })).element)
      expect(await broken(html, { lang, dir })).toEqual([])
    }
  })
})

it('an order with pictures keeps them, from right to left too', async () => {
  const [notifier] = notifiers.filter(({ name }) => name === 'order-confirmation')
  if (!notifier) throw new Error('there is no order-confirmation')
  const item = { name: 'Board', quantity: 2, unitPrice: { amount: 1000, currency: 'eur' } }
  const items = [{ ...item, imageUrl: 'https://shop.example/a.jpg' }, item]
  const data = { orderNumber: 'A1', items, total: { amount: 4000, currency: 'eur' } }
  const words = { ...wordsOf(notifier.name, 'en'), lang: 'ar', dir: 'rtl' as const }
  const { html } = await renderEmail(notifier.email(collected(data), someone(), words, null).element)
  expect(await broken(html, words)).toEqual([])
})

it('these tests see what breaks the rules', async () => {
  const html = `<!doctype html><html lang="en" dir="ltr"><head><meta charset=utf-8"/><title>T</title></head><body lang="en" dir="ltr">
    <div><h1>H</h1><table><tr><td>a</td></tr></table><table role="presentation"><tr><th>a</th></tr></table></div>
    <div lang="en" dir="ltr"><img src="a"/><a href="">x</a><a href="https://a.example">here</a><p id="a">a</p><p id="a">b</p>
    <p style="font-size:9px">small</p></div></body></html>`
  const found = await broken(html, { lang: 'en', dir: 'ltr' })
  for (const rule of Object.keys(rules))
    expect(
      found.some((fault) => fault.startsWith(rule)),
      rule,
    ).toBe(true)
})
