// What the emails and texts about orders, payments and refunds say and leave unsaid, as far as it depends on the data.
import { describe, expect, it } from 'vitest'
import { renderEmail } from '../../emails/_parts/render.ts'
import { catalogs } from '../../emails/_parts/words.ts'
import type { Notifier } from '../../src/notifiers/notifier.ts'
import orderCancelled from '../../src/notifiers/order-cancelled.ts'
import orderConfirmed from '../../src/notifiers/order-confirmed.ts'
import orderOutForDelivery from '../../src/notifiers/order-out-for-delivery.ts'
import paymentTimedOut from '../../src/notifiers/payment-timed-out.ts'
import refundProcessed from '../../src/notifiers/refund-processed.ts'
import { mailTo, someone, textTo } from '../notifiers/fixtures.ts'

const gbp = (amount: number) => ({ amount, currency: 'gbp' })
const languages = Object.keys(catalogs)

async function email(notifier: Notifier, data: object, changes: Parameters<typeof someone>[0] = {}) {
  const { subject, element } = mailTo(notifier, data, someone({ name: null, ...changes }))
  const { html, text } = await renderEmail(element)
  return { subject, html, text, preheader: /<body[^>]*><div[^>]*>([^<]*?)\u034f/.exec(html)?.[1] }
}

describe('order-cancelled', () => {
  it('says first what is given back', async () => {
    const data = { orderNumber: 'A1', refund: gbp(7885) }
    const { text, preheader } = await email(orderCancelled, data, { name: 'Ada' })
    expect(preheader).toBe('You’ll get £78.85 back.')
    expect(text).toContain('Hi Ada, you’ll get £78.85 back. Order A1 has been cancelled.\n')
    expect(text).toContain('\nRefund: £78.85\n')
  })

  it.each(languages)('says nothing of money in %s where the event does not', async (locale) => {
    for (const refund of [undefined, null, gbp(0)]) {
      const { subject, html, text } = await email(orderCancelled, { orderNumber: 'A1', refund }, { locale })
      expect(subject + text).not.toMatch(/£|GBP|\d[.,]\d\d/)
      expect(text).not.toMatch(/refund|back\b|money|devol|reembols|वापस|रिफ़ंड/i)
      expect(html.match(/data-text|<\/h1>/g)).toHaveLength(1)
    }
  })
})

describe('the reason of a cancellation or a refund', () => {
  const reasonIn = async (notifier: Notifier, reason: string, locale = 'en') => {
    const { text } = await email(notifier, { orderNumber: 'A1', amount: gbp(100), reason }, { locale })
    return /^Reason: (.*)$/m.exec(text)?.[1] ?? null
  }

  it.each([
    ['The parcel was lost on its way to you.', 'The parcel was lost on its way to you.'],
    [' Too late for the party ', 'Too late for the party'],
    ['在庫切れのため', '在庫切れのため'],
    ['requested_by_customer', 'At your request'],
    ['Requested by customer', 'At your request'],
    ['OUT-OF-STOCK', 'Out of stock'],
    ['duplicate', 'It was a duplicate'],
    ['Damaged', 'Damaged'],
    ['Damaged.', 'Damaged.'],
    ['Discontinued', 'Discontinued'],
    ['Item SKU_42 is sold out', 'Item SKU_42 is sold out'],
    ['在庫2点が破損', '在庫2点が破損'],
    ['other', null],
    ['E42', null],
    ['Stock.None', null],
    ['lost-in-transit', null],
    ['Fraud', null],
    ['fraudulent', null],
    ['Suspected fraud', null],
    ['expired_uncaptured_charge', null],
    ['Error: E_STOCK_42 in inventory_sync', null],
    ['__proto__', null],
    ['constructor', null],
  ])('%j is shown as %j', async (reason, shown) => {
    expect(await reasonIn(orderCancelled, reason)).toBe(shown)
    expect(await reasonIn(refundProcessed, reason)).toBe(shown)
  })

  it.each(languages)('a code that has words has them in %s too', (locale) => {
    const known = (language: string) =>
      Object.keys(catalogs[language]?.common ?? {}).filter((key) => key.startsWith('reason.'))
    expect(known(locale)).toEqual(known('en'))
  })
})

describe('order-confirmed', () => {
  it.each([
    [{}, 'You don’t need to do anything.', 'You don’t need to do anything.'],
    [{ total: gbp(7885) }, 'Your total is £78.85. You don’t need to do anything.', 'You don’t need to do anything.'],
    [{ estimatedDelivery: '2026-11-24' }, 'Expected on 24 November 2026.', 'It’s expected on 24 November 2026.'],
    [
      { total: gbp(7885), estimatedDelivery: '2026-11-24T09:00:00Z' },
      'Expected on 24 November 2026. Your total is £78.85.',
      'It’s expected on 24 November 2026.',
    ],
  ])('with %j', async (data, preheader, end) => {
    const mail = await email(orderConfirmed, { orderNumber: 'A1', ...data })
    expect(mail.preheader).toBe(preheader)
    expect(mail.text).toContain(`\nOrder A1 is confirmed. ${end}\n`)
  })
})

describe('order-out-for-delivery', () => {
  it('names the window as the sender writes it', async () => {
    const data = { orderNumber: 'A1', deliveryWindow: '2 p.m. to 4 p.m.' }
    const { text, preheader } = await email(orderOutForDelivery, data)
    expect(preheader).toBe('Delivery window: 2 p.m. to 4 p.m.')
    expect(text).toContain(' is out for delivery. The delivery window is 2 p.m. to 4 p.m.\n')
    expect(text).toContain('\nDelivery window: 2 p.m. to 4 p.m.\n')
    expect(textTo(orderOutForDelivery, data).text).toBe(
      'Posthorn: Order A1 is out for delivery. Delivery window: 2 p.m. to 4 p.m.',
    )
  })

  it.each(languages)('promises no time in %s where none is known', async (locale) => {
    const { subject, text } = await email(orderOutForDelivery, { orderNumber: 'A1' }, { locale })
    expect(subject + text.slice(0, text.indexOf('Fernwood Supply Ltd'))).not.toMatch(/\d(?<!A1)/)
  })
})

describe('payment-timed-out', () => {
  it('says first that no money was taken, and of the order only that it may be gone', async () => {
    const { text, preheader } = await email(paymentTimedOut, { amount: gbp(7885), orderNumber: 'A1' })
    expect(preheader).toMatch(/^You haven’t been charged\./)
    expect(text).toMatch(
      /wasn’t completed in time\n\nYou haven’t been charged\. Your payment of £78\.85 for order A1 wasn’t/,
    )
    expect(text).toContain('The order may no longer be held for you.')
  })

  it('of no order speaks of none', async () => {
    const { subject, text } = await email(paymentTimedOut, { amount: gbp(7885) })
    expect(subject).toBe('Your payment of £78.85 wasn’t completed in time')
    expect(text).not.toMatch(/order/i)
  })
})

describe('the timeline of a refund', () => {
  const data = { amount: gbp(2900) }
  const happenedAt = '2026-11-21T10:00:00Z'
  const stepsOf = (text: string) =>
    text.split('\n').filter((line) => /^(Refunded|Expected in your account) \(/.test(line))

  it('has what has happened and what comes, as far as the event says', async () => {
    const both = await email(refundProcessed, { ...data, expectedBy: '2026-11-28' }, { happenedAt })
    expect(stepsOf(both.text)).toEqual([
      'Refunded (21 November 2026)',
      'Expected in your account (by 28 November 2026)',
    ])
    const past = await email(refundProcessed, data, { happenedAt })
    expect(stepsOf(past.text)).toEqual(['Refunded (21 November 2026)'])
    const future = await email(refundProcessed, { ...data, expectedBy: '2026-11-28' })
    expect(stepsOf(future.text)).toEqual(['Expected in your account (by 28 November 2026)'])
  })

  it('leaves its marks to the eye: text and screen readers have words', async () => {
    const { html, text } = await email(refundProcessed, { ...data, expectedBy: '2026-11-28' }, { happenedAt })
    expect(html.match(/<td aria-hidden="true"[^>]*>[●○]</g)).toHaveLength(2)
    expect(text).not.toMatch(/[●○]/)
  })

  it.each(languages)('promises no day in %s where none is known', async (locale) => {
    const { text, preheader } = await email(refundProcessed, data, { locale })
    expect(text + preheader).not.toMatch(/2026/)
    expect(textTo(refundProcessed, data, { locale }).text).not.toMatch(/2026/)
  })

  it('is one sentence of a text', () => {
    expect(textTo(refundProcessed, { ...data, orderNumber: 'A1', expectedBy: '2026-11-28' }).text).toBe(
      "Posthorn: We've refunded £29.00 for order A1. It should be in your account by 28 November 2026.",
    )
  })
})
