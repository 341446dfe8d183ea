// The recipient, the brand and the least data of each notifier, for the tests of notifiers and emails.
import type { UnsubscribeLinks } from '../../emails/_parts/frame.ts'
import { wordsOf } from '../../emails/_parts/words.ts'
import type { Brand, Formats } from '../../src/i18n/formats.ts'
import { formatsFor } from '../../src/i18n/formats.ts'
import { smsText } from '../../src/i18n/sms-text.ts'
import { notifiers } from '../../src/notifiers/index.ts'
import { collected, type Mail, type Notifier } from '../../src/notifiers/notifier.ts'

export const brand: Brand = {
  name: 'Fernwood Supply',
  color: '#1d5b45',
  logoUrl: null,
  address: 'Fernwood Supply Ltd, 14 Mill Lane, Bristol BS1 5TR, United Kingdom',
}

export function someone(changes: Partial<Parameters<typeof formatsFor>[0]> = {}): Formats {
  const ada = {
    name: 'Ada Lovelace',
    locale: 'en-GB',
    timezone: 'Europe/London',
    brand,
    replyTo: 'help@fernwood.example',
    channel: 'email' as const,
  }
  const { locale } = formatsFor({ ...ada, ...changes })
  return formatsFor({ ...ada, language: wordsOf('order-accepted', locale).lang, ...changes })
}

export const links: UnsubscribeLinks = {
  unsubscribeUrl: 'https://fernwood.example/unsubscribe/t0k3n',
  preferencesUrl: 'https://fernwood.example/unsubscribe/t0k3n#all',
}

/** The email that a notifier would write to them, as compose.ts asks for it. */
export function mailTo(notifier: Notifier, data: unknown, to: Formats): Mail {
  return notifier.email(
    collected(data),
    to,
    wordsOf(notifier.name, to.locale),
    notifier.category === 'product' ? links : null,
  )
}

/** The text, by the brand `Posthorn`. */
export function textTo(notifier: Notifier, data: unknown, changes: Parameters<typeof someone>[0] = {}) {
  const to = someone({ ...changes, channel: 'sms' })
  return smsText('Posthorn', notifier.sms(collected(data), to, wordsOf(notifier.name, to.locale)))
}

const gbp = (amount: number) => ({ amount, currency: 'gbp' })

const written: Record<string, Record<string, unknown>> = {
  'order-confirmation': {
    orderNumber: 'ORD-1001',
    items: [{ name: 'Board oil', quantity: 1, unitPrice: gbp(1190) }],
    total: gbp(1190),
  },
  'order-accepted': { orderNumber: 'ORD-1001' },
  'order-shipped': { orderNumber: 'ORD-1001', carrier: 'DHL', trackingNumber: 'JD014600' },
  'order-delivered': { orderNumber: 'ORD-1001' },
  'order-confirmed': { orderNumber: 'ORD-1001' },
  'order-out-for-delivery': { orderNumber: 'ORD-1001' },
  'order-cancelled': { orderNumber: 'ORD-1001' },
  'payment-received': { amount: gbp(7885) },
  'payment-failed': { amount: gbp(7885) },
  'enrollment-confirmation': { courseTitle: 'Practical Typography' },
  'enrollment-cancelled': { courseTitle: 'Practical Typography', effectiveDate: '2026-11-30' },
  'installment-reminder': { title: 'Practical Typography', amount: gbp(4500), dueDate: '2030-12-16' },
  'installment-overdue': { title: 'Practical Typography', amount: gbp(4500), dueDate: '2026-11-16' },
  'demo-follow-up': { courseTitle: 'Practical Typography' },
  'new-content': {
    courseTitle: 'Practical Typography',
    contentTitle: 'Setting tables that read well',
    url: 'https://learn.example.com/courses/practical-typography/7',
  },
  'weekly-progress': { courseTitle: 'Practical Typography', completedLessons: 7, totalLessons: 12 },
  'trial-ending': { trialEndsAt: '2026-11-28T10:00:00Z' },
  'subscription-cancelled': {},
  'operator-alert': { alert: 'Disk nearly full' },
  'payment-due': { amount: gbp(7885) },
  'payment-timed-out': { amount: gbp(7885) },
  'refund-processed': { amount: gbp(7885) },
}

/** Each notifier's data with nothing but what is required: the sample without what its schema can do without, where none is written. */
export const required: Record<string, Record<string, unknown>> = Object.fromEntries(
  notifiers.map((notifier) => [notifier.name, written[notifier.name] ?? leastOf(notifier)]),
)

function leastOf({ schema, sample: { data } }: Notifier): Record<string, unknown> {
  const without = (field: string) => Object.fromEntries(Object.entries(data).filter(([name]) => name !== field))
  return Object.fromEntries(Object.entries(data).filter(([field]) => !schema.safeParse(without(field)).success))
}
