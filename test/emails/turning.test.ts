// Data that would turn around what is read beside it, and links that would be read as others: neither reaches a customer.
import { describe, expect, it } from 'vitest'
import { renderEmail } from '../../emails/_parts/render.ts'
import { formatsFor } from '../../src/i18n/formats.ts'
import { url } from '../../src/notifiers/_data.ts'
import { notifiers } from '../../src/notifiers/index.ts'
import { linkOf } from '../../src/sources/mapping.ts'
import { brand, mailTo, someone } from '../notifiers/fixtures.ts'

const turning = /[\u202a-\u202e\u2066-\u2069]/

/** Every text of it with signs that turn it around, but for times, links, currencies and periods. */
function turned(data: unknown): unknown {
  if (typeof data === 'string')
    return /^(https?:|\d{4}-|[a-z]{3}$|month$)/i.test(data) ? data : `\u202e\u2067${data}\u202d\u2066 \u2068`
  if (Array.isArray(data)) return data.map(turned)
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, turned(value)]))
}

describe.each(notifiers.filter((one) => one.channels.includes('email')))('the email of $name', (notifier) => {
  it('has none of the signs that its data brings', async () => {
    const { subject, element } = mailTo(notifier, turned(notifier.sample.data), someone())
    const { html, text } = await renderEmail(element)
    for (const words of [subject, html, text]) expect(words).not.toMatch(turning)
  })
})

it('a name loses them, and direction marks besides', () => {
  const about = { locale: 'en', timezone: 'UTC', brand, replyTo: null, channel: 'email' as const }
  expect(formatsFor({ ...about, name: '\u202eAda\u200f Love\u2066lace\u061c ' }).name).toBe('Ada Lovelace')
  expect(formatsFor({ ...about, name: '\u202e\u200f' }).name).toBeNull()
})

it.each([
  'https://paypal.com@evil.example/',
  'https://paypal.com:443@evil.example/',
  'https://@evil.example/',
  'https://paypal.com\\@evil.example/',
  'https:\\\\evil.example/',
  'https://paypal.com/\u202egpj.exe',
  'https://paypal.com/ @evil.example',
  'javascript:alert(1)',
])('%s is no link for a customer', (link) => {
  expect(url.safeParse(link).success).toBe(false)
  expect(linkOf(link)).toBeNull()
})

it.each(['https://shop.example/@ada/orders?mail=ada@example.com', 'https://shop.example:8443/o/1#paid'])(
  '%s is one',
  (link) => {
    expect(url.parse(link)).toBe(link)
    expect(linkOf(link)).toBe(link)
  },
)
