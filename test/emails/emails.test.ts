import { createElement } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { renderEmail } from '../../emails/_parts/render.ts'
import OrderConfirmation from '../../emails/order-confirmation.tsx'
import type { Money } from '../../src/domain/money.ts'
import type { Formats } from '../../src/i18n/formats.ts'
import { notifiers } from '../../src/notifiers/index.ts'
import type { Notifier } from '../../src/notifiers/notifier.ts'
import { brand, mailTo, required, someone } from '../notifiers/fixtures.ts'

// React tells of wrong markup on the console, and only there.
const complaints = vi.spyOn(console, 'error')
beforeEach(() => {
  complaints.mockClear()
})
afterEach(() => expect(complaints).not.toHaveBeenCalled())

async function email(notifier: Notifier, data: unknown, to = someone()) {
  const { subject, element } = mailTo(notifier, data, to)
  return { subject, ...(await renderEmail(element)) }
}

/** A link, a time or a word of a closed list cannot be any other text. */
const takes = ({ schema, sample }: Notifier, key: string, text: string): boolean =>
  schema.safeParse({ ...sample.data, [key]: text }).success

const named = (name: string) => {
  const notifier = notifiers.find((one) => one.name === name)
  if (!notifier) throw new Error(`${name} is not registered`)
  return notifier
}

/** What a subject may name: texts of the data, its money and its dates. */
function factsOf(data: Record<string, unknown> | undefined, to: Formats): string[] {
  return Object.values(data ?? {}).flatMap((value) => {
    if (typeof value === 'string') return [value, to.date(value)]
    return isMoney(value) ? [to.money(value)] : []
  })
}

const isMoney = (value: unknown): value is Money => typeof value === 'object' && value !== null && 'currency' in value

const preheaderOf = (html: string) => /<body[^>]*><div[^>]*>([^<]*?)\u034f/.exec(html)?.[1]

describe.each(notifiers)('the email of $name', (notifier) => {
  it.each([
    ['its sample', notifier.sample.data, someone()],
    [
      'nothing but what is required',
      required[notifier.name],
      someone({ name: null, replyTo: null, brand: { ...brand, address: null } }),
    ],
  ])('has no hole with %s', async (_, data, to) => {
    const { subject, html, text } = await email(notifier, data, to)
    expect(subject.length).toBeLessThan(80)
    expect(factsOf(data, to).some((fact) => subject.includes(fact))).toBe(Object.keys(data ?? {}).length > 0)
    for (const words of [subject, html, text]) expect(words).not.toMatch(/undefined|null|NaN|\[object|data-text|<mso-/)
    expect(html).not.toMatch(/<(?:td|p|h1|a|span|b)[^>]*>[ \n]*<\/(?:td|p|h1|a|span|b)>/)
    expect(html).not.toMatch(/href=""|Hi ,| {2}(?=[A-Za-z])[A-Za-z]+ (?:,|\.)/)
    expect(text).not.toMatch(/: *$| [,.]|\n\n\n|\u034f|\u200c/m)
  })

  it('is a document in a language, with a preheader that adds to the subject', async () => {
    const { subject, html } = await email(notifier, notifier.sample.data)
    expect(html).toMatch(/^<!doctype html>\n<html [^>]*dir="ltr" lang="en-GB"/)
    const preheader = preheaderOf(html)
    expect(preheader).toMatch(/^[A-Z0-9].{8,120}\.$/)
    expect(preheader).not.toBe(subject)
    const links = html.split('<a ').length - 1
    expect(links).toBeLessThanOrEqual(2 + (notifier.category === 'product' ? 2 : 0))
    expect(html).toContain('<!--[if mso]><table role="presentation" width="600"')
    expect(html).toContain('<!--[if mso]></td></tr></table><![endif]-->')
    for (const table of html.match(/<table[^>]*>/g) ?? [])
      expect(table.includes('role="presentation"') || table.includes('border-collapse')).toBe(true)
  })

  it('is the same bytes each time, in lines that mail can carry', async () => {
    const once = await email(notifier, notifier.sample.data)
    expect(await email(notifier, notifier.sample.data)).toEqual(once)
    for (const words of [once.html, once.text])
      for (const line of words.split('\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(998)
    expect(Buffer.byteLength(once.html)).toBeLessThan(20_000)
  })

  it('escapes what data brings, and shows it in the text as it is', async () => {
    const hostile = `<script>alert("x")</script>&amp;'`
    const data = Object.fromEntries(
      Object.entries(notifier.sample.data).map(([key, value]) => [
        key,
        typeof value === 'string' && takes(notifier, key, hostile) ? hostile : value,
      ]),
    )
    const { html, text } = await email(notifier, data, someone({ name: `Bobby\n"><img src=x onerror=y>` }))
    expect(html).not.toMatch(/<script|<img|onerror=y>/)
    if (notifier.audience === 'recipients') {
      expect(html).toContain('Hi Bobby &quot;&gt;&lt;img src=x onerror=y&gt;, ')
      expect(text).toContain('Hi Bobby "><img src=x onerror=y>, ')
    }
    expect(text).toContain(hostile)
  })

  it('says its words in English to everybody, whatever the form of their money and dates', async () => {
    const { html } = await email(notifier, notifier.sample.data, someone({ locale: 'ar-EG' }))
    expect(html).toContain('dir="ltr" lang="en"')
  })
})

describe('the plain text', () => {
  it('of an order reads as a list that adds up', async () => {
    const { text } = await email(named('order-confirmation'), named('order-confirmation').sample.data)
    expect(text).toBe(`Fernwood Supply

Thanks for your order

Hi Ada, we’ve received order ORD-1001: 4 items for £78.85.

View your order: https://shop.example.com/orders/ORD-1001

What you ordered

Beech bread board, large (1 × £38.00): £38.00
Linen tea towels, set of three (2 × £14.50): £29.00
Board oil, 250 ml (1 × £11.90): £11.90
Subtotal: £78.90
Discount: −£5.00
Shipping: £4.95
Total: £78.85
Includes tax: £13.14

Something not right? Reply to this email and a person will help.

You’re receiving this because you placed an order with Fernwood Supply.

Fernwood Supply Ltd, 14 Mill Lane, Bristol BS1 5TR, United Kingdom
`)
  })

  it('keeps an address that is full of signs as it is', async () => {
    const retryUrl = `https://a.example/pay?a=1&b=%22x%22&c=<'>`
    const { html, text } = await email(named('payment-failed'), { ...required['payment-failed'], retryUrl })
    expect(text).toContain(`Try again: ${retryUrl}\n`)
    expect(html).toContain('href="https://a.example/pay?a=1&amp;b=%22x%22&amp;c=&lt;&#x27;&gt;"')
  })

  it('names a brand that shows a logo', async () => {
    const logo = { ...brand, logoUrl: 'https://fernwood.example/logo.png' }
    const { html, text } = await email(named('order-accepted'), required['order-accepted'], someone({ brand: logo }))
    expect(html).toContain('alt="Fernwood Supply"')
    expect(html).not.toContain('rel="preload"')
    expect(text).toMatch(/^Fernwood Supply\n\nYour order has been accepted\n/)
  })
})

describe('order-confirmation', () => {
  const eur = (amount: number) => ({ amount, currency: 'eur' })
  const item = { name: 'Board', quantity: 2, unitPrice: eur(1000) }
  const linesOf = async (data: Record<string, unknown>) => {
    const { text } = await email(named('order-confirmation'), { orderNumber: 'A1', items: [item], ...data })
    return text.slice(text.indexOf('What you ordered\n')).split('\n')
  }

  it('tax on top stands before the total, tax within beneath it', async () => {
    const onTop = await linesOf({ tax: eur(380), total: eur(2380) })
    expect(onTop.slice(2, 5)).toEqual(['Board (2 × €10.00): €20.00', 'Tax: €3.80', 'Total: €23.80'])
    const within = await linesOf({ tax: eur(319), total: eur(2000) })
    expect(within.slice(2, 5)).toEqual(['Board (2 × €10.00): €20.00', 'Total: €20.00', 'Includes tax: €3.19'])
  })

  it('tax and shipping of nothing are left out', async () => {
    const jpy = (amount: number) => ({ amount, currency: 'jpy' })
    const items = [{ ...item, unitPrice: jpy(1000) }]
    expect(await linesOf({ items, tax: jpy(0), shipping: jpy(0), total: jpy(2000) })).not.toContainEqual(
      expect.stringMatching(/Tax|tax|Shipping/),
    )
  })

  it('a discount is taken off, however the sender signs it, and one of nothing is left out', async () => {
    for (const amount of [500, -500])
      expect(await linesOf({ discount: eur(amount), total: eur(1500) })).toContain('Discount: −€5.00')
    expect((await linesOf({ discount: eur(0), total: eur(2000) })).join()).not.toContain('Discount')
  })

  it('a long order shows its first items and sums up the rest', async () => {
    const lines = await linesOf({ items: Array.from({ length: 100 }, () => item), total: eur(200_000) })
    expect(lines.filter((line) => line.startsWith('Board'))).toHaveLength(39)
    expect(lines).toContain('And 61 more: €1,220.00')
  })

  describe('with pictures', () => {
    const imageUrl = 'https://shop.example/board.jpg'
    const pictured = (...imageUrls: (string | null)[]) =>
      email(named('order-confirmation'), {
        orderNumber: 'A1',
        items: imageUrls.map((url) => ({ ...item, imageUrl: url })),
        total: eur(2000),
      })

    it('shows them in cells of a fixed width, described where they are blocked, and not read twice', async () => {
      const { html, text } = await pictured(imageUrl)
      expect(html).toMatch(
        /<td aria-hidden="true" [^>]*width="60"[^>]*><img [^>]*src="https:\/\/shop.example\/board.jpg"/,
      )
      expect(html).toMatch(/<img [^>]*alt="Board" width="48" height="48"/)
      expect(text).toContain('\nBoard (2 × €10.00): €20.00\n')
      expect(text).not.toContain(imageUrl)
    })

    it('has as many columns in each row, also for items without one', async () => {
      const columnsOf = ({ html }: { html: string }) => {
        const [, table = ''] = html.split('<caption')
        const rows = table.slice(0, table.indexOf('</table>')).split('<tr>').slice(1)
        const spans = (row: string) => [...row.matchAll(/<t[dh]\b(?:[^>]* colSpan="(\d)")?/gi)]
        return rows.map((row) => spans(row).reduce((sum, [, span = '1']) => sum + Number(span), 0))
      }
      expect(new Set(columnsOf(await pictured(imageUrl, null, imageUrl)))).toEqual(new Set([3]))
      expect(new Set(columnsOf(await pictured(null, null)))).toEqual(new Set([2]))
    })

    it.each(['http://shop.example/board.jpg', 'HTTP://shop.example/board.jpg'])('takes none from %s', async (url) => {
      expect((await pictured(url)).html).not.toContain('<img')
    })

    it('is not clipped, however long the order', async () => {
      const { html } = await pictured(
        ...Array.from({ length: 100 }, () => `https://cdn.example/${'k'.repeat(200)}.jpg`),
      )
      expect(Buffer.byteLength(html)).toBeLessThan(102_000)
    })
  })

  it('mirrors where the words run from right to left', async () => {
    const frame = { ...OrderConfirmation.PreviewProps.frame, lang: 'ar', dir: 'rtl' as const }
    const { html } = await renderEmail(createElement(OrderConfirmation, { ...OrderConfirmation.PreviewProps, frame }))
    expect(html).toContain('dir="rtl" lang="ar"')
    expect(html).not.toMatch(/<td class="card px" align="left"|text-align:left/)
    expect(html).toMatch(/<td class="rule t1" align="left"/)
    // A Latin name of an item must not turn around what stands beneath it.
    expect(html).toMatch(/<span class="t2" dir="auto" [^>]*>1 × /)
  })
})

it.each(['installment-reminder', 'installment-overdue', 'new-content', 'weekly-progress'])(
  'a title without a blank breaks wherever %s has it, as no phone is so wide',
  async (name) => {
    const title = 'W'.repeat(250)
    const { html } = await email(named(name), { ...required[name], title, courseTitle: title })
    const blocks = html
      .split(title)
      .slice(0, -1)
      .map((before) => before.match(/<(?:title|div|p|h1|td)\b[^>]*>/g)?.at(-1))
    expect(blocks.length).toBeGreaterThan(3)
    // The head and the preheader are not drawn.
    for (const block of blocks) expect(block).toMatch(/^<title|display:none|word-break:break-word/)
  },
)

describe('payment-failed', () => {
  it('says first that no money was taken', async () => {
    const { html, text } = await email(named('payment-failed'), required['payment-failed'])
    expect(preheaderOf(html)).toMatch(/^You haven’t been charged\./)
    expect(text).toMatch(/didn’t go through\n\nHi Ada, you haven’t been charged\./)
  })

  it.each([
    'fraudulent',
    'lost_card',
    'call_issuer',
    'Restricted',
    'Declined: DO_NOT_TRY',
    'Declined: do_not_honor',
    'Reported as stolen card',
  ])('never repeats %j', async (reason) => {
    const { html, text } = await email(named('payment-failed'), { ...required['payment-failed'], reason })
    expect(html + text).not.toContain(reason)
    expect(text).not.toContain('Reason')
  })

  it('repeats a sentence for people', async () => {
    const { text } = await email(named('payment-failed'), {
      ...required['payment-failed'],
      reason: 'Your card has expired.',
    })
    expect(text).toContain('Reason: Your card has expired.\n')
  })

  it.each([
    ['en', 'Reason: The card has expired\n'],
    ['es', 'Motivo: La tarjeta ha caducado\n'],
    ['hi', 'कारण: कार्ड की वैधता समाप्त हो चुकी है\n'],
  ])('puts what the payer can fix into the words of %s', async (locale, told) => {
    const data = { ...required['payment-failed'], reason: 'expired_card' }
    const { text } = await email(named('payment-failed'), data, someone({ locale }))
    expect(text).toContain(told)
  })
})
