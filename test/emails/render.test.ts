// An email that is filled in has the bytes that React gives: every template, with every sample, in every language, and with
// texts that could be mistaken for markup, for a place to fill, or for another layout.
import { globSync, readFileSync } from 'node:fs'
import { cloneElement, createElement, type FunctionComponent, type ReactElement, type ReactNode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Frame, previewFrame } from '../../emails/_parts/frame.ts'
import { Layout } from '../../emails/_parts/layout.tsx'
import { renderEmail } from '../../emails/_parts/render.ts'
import { renderInFull } from '../../emails/_parts/render-in-full.ts'
import { ownMessages, type Published, type Values, type Words, wordsOf } from '../../emails/_parts/words.ts'
import type { Formats } from '../../src/i18n/formats.ts'
import { notifiers } from '../../src/notifiers/index.ts'
import { collected, type Notifier } from '../../src/notifiers/notifier.ts'
import { brand, links, required, someone } from '../notifiers/fixtures.ts'

// React tells of a link that is a script, and of markup that it does not know.
beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue())
afterEach(() => void vi.mocked(console.error).mockRestore())

type Template = FunctionComponent<{ frame: Frame }>

let renders = 0
const countedTemplates = new Map<unknown, Template>()

/** With a template that counts how often React calls it. */
function counted({ type, props }: ReactElement): ReactElement {
  const counting: Template = (given) => {
    renders += 1
    return (type as Template)(given)
  }
  const template = countedTemplates.get(type) ?? counting
  countedTemplates.set(type, template)
  return createElement(template, props as { frame: Frame })
}

/** Fails where the email is not as React gives it. Answers whether it was filled in. */
async function check(element: ReactElement): Promise<boolean> {
  const before = renders
  const given = await renderEmail(counted(element))
  const isFilledIn = renders === before
  expect(given).toEqual(await renderInFull(element))
  return isFilledIn
}

/** Compiles the shape of this email. */
async function comesTwice(element: ReactElement): Promise<void> {
  for (const _ of [1, 2]) await renderEmail(counted(element))
}

/** Up to 24 characters, as an order number may have on one line. */
const short = [
  `<b>"&amp;'</b>`,
  "$& $1 $$ $` $'",
  '\ue0000\ue001 \ue0017\ue000',
  '{name}</td></title>{0}',
  'x data-text="skip"',
  '<!-- --><mso-open>',
  'שלום עולם',
  ': (a):',
  'https://a.example/?a&b=',
  'absent',
  '😀 नमस्ते',
]
const long = 'very long '.repeat(29).trim()
/** What the plain text, a link or an encoding changes. */
const irregular = [
  'a\u202eb\u2066c\u2069',
  'two  spaces',
  '  two spaces at both ends  ',
  '\u00a0fixed spaces\u00a0',
  'two\nlines',
  'javascript:alert(1)',
  ' JavaScript:alert(1)',
  'half a pair \ud83d',
]

/** The value with other texts, in turn, except those that choose the layout. */
function saying(texts: string[], value: unknown, from = { at: 0 }): unknown {
  if (typeof value === 'string') return texts[from.at++ % texts.length]
  if (Array.isArray(value)) return value.map((part) => saying(texts, part, from))
  if (typeof value !== 'object' || value === null) return value
  const parts = Object.entries(value).map(([name, part]) => [
    name,
    /^(color|dir|lang|t)$/.test(name) ? part : saying(texts, part, from),
  ])
  return Object.fromEntries(parts)
}

interface Mail {
  notifier: Notifier
  data: unknown
  to: Formats
  words: Words
}

const emailOf = ({ notifier, data, to, words }: Mail): ReactElement =>
  notifier.email(collected(data), to, words, links).element

/** With these texts in the places of the template and in the values of its messages. */
function emailSaying(texts: string[], mail: Mail): ReactElement {
  const words = { ...mail.words, with: (values: Values) => mail.words.with(saying(texts, values) as Values) }
  const element = emailOf({ ...mail, words })
  return cloneElement(element, saying(texts, element.props) as object)
}

/** A language from right to left, which only operators' copy has. */
const inArabic = (notifier: Notifier): Published => ({
  ar: { version: 1, messages: ownMessages(notifier.name, 'en') },
})
const logo = { ...brand, logoUrl: 'https://fernwood.example/logo.png', color: '#ffe9a8' }

function mails(notifier: Notifier, locale: string): [Mail, Mail] {
  const words = wordsOf(notifier.name, locale, 'en', inArabic(notifier))
  const about = { locale, language: words.lang }
  const sparse = { name: null, replyTo: null, brand: logo }
  return [
    { notifier, words, to: someone(about), data: notifier.sample.data },
    { notifier, words, to: someone({ ...about, ...sparse }), data: required[notifier.name] },
  ]
}

function named(name: string): Notifier {
  const notifier = notifiers.find((one) => one.name === name)
  if (!notifier) throw new Error(`there is no notifier ${name}`)
  return notifier
}

const written = notifiers.filter(({ channels }) => channels.includes('email'))

describe.each(written)('$name', (notifier) => {
  it.each(['en-GB', 'es-MX', 'hi-IN', 'ar-EG'])('is as React gives it in %s', async (locale) => {
    for (const mail of mails(notifier, locale)) {
      await comesTwice(emailOf(mail))
      // Our own messages hold no Arabic, whose values are isolated.
      if (locale !== 'ar-EG') expect(await check(emailOf(mail))).toBe(true)
      for (const shift of [0, 5]) await check(emailSaying([...short.slice(shift), ...short.slice(0, shift)], mail))
    }
  })

  it('is as React gives it without any one of its optional fields', async () => {
    const [mail] = mails(notifier, 'en-GB')
    const { data } = notifier.sample
    for (const field of Object.keys(data).filter((key) => !(key in (required[notifier.name] ?? {})))) {
      const { [field]: _, ...others } = data
      await comesTwice(emailOf({ ...mail, data: others }))
      expect(await check(emailOf({ ...mail, data: others }))).toBe(true)
      await check(emailSaying(short, { ...mail, data: others }))
    }
  })
})

describe('an order with pictures', () => {
  const notifier = named('order-confirmation')
  const item = { name: 'Board', quantity: 2, unitPrice: { amount: 1000, currency: 'eur' } }
  const order = (...images: (string | null)[]) => ({
    orderNumber: 'A1',
    items: images.map((imageUrl) => ({ ...item, imageUrl })),
    total: { amount: 4000, currency: 'eur' },
  })
  const [mail] = mails(notifier, 'en-GB')
  const withPictures = { ...mail, data: order('https://shop.example/a.jpg', null) }

  it('has pictures where the data has', async () => {
    await comesTwice(emailOf(withPictures))
    expect(await check(emailOf({ ...mail, data: order('https://shop.example/b.jpg?x=1&y="', null) }))).toBe(true)
    for (const images of [[null, 'https://shop.example/a.jpg'], [null, null], ['https://shop.example/a.jpg']])
      await check(emailOf({ ...mail, data: order(...images) }))
  })

  it.each([...short, 'a', 'ends with \\', '\u200f'])('is filled in with %j', async (text) => {
    await comesTwice(emailSaying(['text', 'words'], withPictures))
    expect(await check(emailSaying([text, 'other'], withPictures))).toBe(true)
  })

  it.each(irregular)('is rendered in full with %j', async (text) => {
    await comesTwice(emailSaying(['text', 'words'], withPictures))
    for (const _ of [1, 2, 3]) expect(await check(emailSaying([text, 'other'], withPictures))).toBe(false)
  })

  it.each(['', ' ', long, ' a space at both ends ', 'ends with a space '])('is another shape with %j', async (text) => {
    const element = emailSaying([text, 'other'], withPictures)
    await comesTwice(emailSaying(['text', 'words'], withPictures))
    await check(element)
    await comesTwice(element)
    await check(emailSaying([text, 'another'], withPictures))
  })
})

describe('published copy', () => {
  const notifier = named('installment-reminder')
  const published = (messages: Record<string, string>): Words =>
    wordsOf(notifier.name, 'en', 'en', { en: { version: 1, messages } })
  const [mail] = mails(notifier, 'en')

  it('chooses by its values what is bold and what is not', async () => {
    const body =
      '{title, select, A {<b>{title}</b> <b>{amount}</b>} other { {title} <b>{title} and {title}</b>{amount} }}'
    const words = published({ body, help: ' ' })
    for (const title of ['A', 'B', 'A', 'B', 'A', 'B', 'Practical Typography', '<b>C</b>', 'A', 'B'])
      await check(emailOf({ ...mail, words, data: { ...notifier.sample.data, title } }))
    expect(await check(emailOf({ ...mail, words, data: { ...notifier.sample.data, title: 'D' } }))).toBe(true)
  })

  it('gives a link once in the text where its words are its URL', async () => {
    const words = published({ action: '{title}' })
    const titled = (title: string) =>
      emailOf({ ...mail, words, data: { ...notifier.sample.data, title, payUrl: 'https://a.example/' } })
    await comesTwice(titled('Pay'))
    expect(await check(titled('Pay now'))).toBe(true)
    expect(await check(titled('https://a.example/'))).toBe(false)
    expect((await renderEmail(titled('https://a.example/'))).text).toContain('\n\nhttps://a.example/\n\n')
  })
})

/** A template of one paragraph. */
const template = (paragraph: (text: string, frame: Frame) => ReactNode) =>
  function Template({ frame, text }: { frame: Frame; text: string }) {
    return createElement(Layout, {
      frame,
      children: createElement('tr', {}, createElement('td', {}, paragraph(text, frame))),
    })
  }

describe('a template that does more with a text than to show it', () => {
  it.each<[string, (text: string, frame: Frame) => ReactNode]>([
    ['changes it', (text) => text.toUpperCase()],
    ['shortens it', (text) => text.slice(0, 10)],
    ['counts it', (text) => (text.length > 24 ? 'long' : text)],
    ['compares it', (text) => (text === 'a' ? 'the same' : text)],
    ['has it in a style sheet', (text) => createElement('style', {}, text)],
    ['has it as HTML', (text) => createElement('i', { dangerouslySetInnerHTML: { __html: text } })],
    ['asks for a message by it', (text, frame) => (frame.t.has(text) ? text : 'none')],
    ['gives it to a message', (text, frame) => frame.t.text('heading', { name: text })],
    ['links it in parts', (text) => createElement('a', { href: text }, text, '!')],
    [
      'fails without it',
      (text) => {
        if (text !== 'a') throw new Error(text)
        return text
      },
    ],
  ])('is rendered in full: it %s', async (_, paragraph) => {
    const element = createElement(template(paragraph), {
      frame: previewFrame('order-accepted', { orderNumber: 'A1', seller: null }),
      text: 'a',
    })
    await comesTwice(element)
    for (const __ of [1, 2]) expect(await check(element)).toBe(false)
  })
})

it('templates do not compare texts, and have no patterns for them', () => {
  const files = globSync('emails/{*.tsx,_parts/*.tsx}').filter((name) => !name.endsWith('/parts.tsx'))
  const asks = /(?<![!=]|dir )[!=]==? ['"`]|switch|\.(test|match|includes|startsWith|endsWith|indexOf)\(/
  expect(files.length).toBeGreaterThan(20)
  expect(files.filter((name) => asks.test(readFileSync(name, 'utf8')))).toEqual([])
})
