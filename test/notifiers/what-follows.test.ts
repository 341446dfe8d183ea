// What messages say of the states that vendors report: how a dispute, a payout, a trial or a failed payment goes on.
import { expect, test } from 'vitest'
import { renderEmail } from '../../emails/_parts/render.ts'
import { catalogs } from '../../emails/_parts/words.ts'
import enrollmentCancelled from '../../src/notifiers/enrollment-cancelled.ts'
import installmentReminder from '../../src/notifiers/installment-reminder.ts'
import type { Notifier } from '../../src/notifiers/notifier.ts'
import operatorAlert from '../../src/notifiers/operator-alert.ts'
import orderCancelled from '../../src/notifiers/order-cancelled.ts'
import paymentFailed from '../../src/notifiers/payment-failed.ts'
import paymentReceived from '../../src/notifiers/payment-received.ts'
import trialEnding from '../../src/notifiers/trial-ending.ts'
import { mailTo, someone, textTo } from './fixtures.ts'

async function emailOf(notifier: Notifier, data: object, locale = 'en-GB') {
  const { subject, element } = mailTo(notifier, data, someone({ locale }))
  const { text } = await renderEmail(element)
  return { subject, text: text.replaceAll(/\s+/g, ' ') }
}

const amount = { amount: 7001, currency: 'usd' }

test.each([
  ['dispute_created', 'A payment of US$70.01 is disputed', 'Answer with evidence'],
  ['dispute_more_evidence', 'The bank needs more evidence about a payment of US$70.01', 'wasn’t enough'],
  ['dispute_under_review', 'your evidence is with the bank', 'You don’t need to do anything.'],
  ['dispute_lost', 'You lost a dispute over a payment of US$70.01', 'is lost and can’t be answered any more'],
  ['dispute_won', 'You won a dispute over a payment of US$70.01', 'the money stays with you'],
  ['dispute_closed', 'A dispute over a payment of US$70.01 is closed', 'has closed the dispute'],
  ['dispute_prevented', 'A dispute over a payment of US$70.01 was prevented', 'was prevented'],
  ['inquiry_opened', 'A bank asks about a payment of US$70.01', 'no money was taken'],
  ['inquiry_under_review', 'your answer is with it', 'no money was taken'],
  ['inquiry_closed', 'inquiry about a payment of US$70.01 is closed', 'no money was taken'],
])('an alert of %s says what it is', async (alert, subject, text) => {
  const email = await emailOf(operatorAlert, { alert, amount })
  expect(email.subject).toContain(subject)
  expect(email.text).toContain(text)
  if (!['dispute_created', 'inquiry_opened'].includes(alert))
    expect(email.text).not.toMatch(/Answer (it )?with evidence/)
})

test.each(['en', 'es', 'hi'])('a cancellation without a refund shows none, in %s', async (locale) => {
  const refund = { amount: 0, currency: 'inr' }
  for (const { notifier, data } of [
    { notifier: enrollmentCancelled, data: enrollmentCancelled.sample.data },
    { notifier: orderCancelled, data: orderCancelled.sample.data },
  ])
    expect(await emailOf(notifier, { ...data, refund }, locale)).toEqual(
      await emailOf(notifier, { ...data, refund: null }, locale),
    )
})

test('an inquiry is answered or refunded by its date, if it can be', async () => {
  const inquiry = { alert: 'inquiry_opened', amount, respondBy: '2026-12-09T10:00:00Z' }
  expect((await emailOf(operatorAlert, { ...inquiry, isRefundable: true })).text).toContain(
    'Answer it with evidence at your payment provider or refund the payment by 9 December 2026',
  )
  expect((await emailOf(operatorAlert, { ...inquiry, isRefundable: false })).text).not.toContain('refund')
})

test.each([
  ['payout_failed', null, 'A payout of US$70.01 didn’t reach your bank account', 'goes back to your balance'],
  [
    'payout_failed',
    'acct_7',
    'from the connected account acct_7 didn’t reach its bank account',
    'balance of the account acct_7',
  ],
  ['debit_failed', null, 'A debit of US$70.01 from your bank account failed', 'your balance there stays negative'],
  [
    'debit_failed',
    'acct_7',
    'from the bank account of the connected account acct_7 failed',
    'its balance there stays negative',
  ],
])('an alert of %s of account %s says whose money it is', async (alert, account, subject, text) => {
  const email = await emailOf(operatorAlert, { alert, account, amount })
  expect(email.subject).toContain(subject)
  expect(email.text).toContain(text)
  expect(email.text.includes('isn’t lost')).toBe(alert === 'payout_failed')
})

const trial = { planName: 'Atlas', trialEndsAt: '2026-12-02T10:00:00Z', amount: { amount: 9900, currency: 'eur' } }

test.each([
  ['cancelled', 'It’s cancelled and ends then. You don’t need to do anything.'],
  ['no_payment_method', 'It ends then, as there’s no payment method on file.'],
  ['paused', 'Your subscription is paused then, as there’s no payment method on file.'],
])('a trial that is %s says what follows, and not to cancel it', async (outcome, sentence) => {
  const { text } = await emailOf(trialEnding, { ...trial, outcome })
  expect(text).toContain(sentence)
  expect(text).not.toContain('cancel before it ends')
})

test.each([
  ['en-GB', { interval: 'year' }, '€99.00 a year.'],
  ['en-GB', { interval: 'month', intervalCount: 3 }, '€99.00 every 3 months.'],
  ['en-GB', {}, '€99.00. If you don’t want to continue, cancel before it ends.'],
  ['es', { interval: 'week' }, '99,00 € a la semana.'],
  ['es', { interval: 'day', intervalCount: 10 }, '99,00 € cada 10 días.'],
  ['hi', { interval: 'month' }, '€99.00 प्रति माह'],
])('a trial’s price in %s, for %o, says its period', async (locale, period, sentence) => {
  const { text } = await emailOf(trialEnding, { ...trial, ...period }, locale)
  expect(text.replaceAll('\u00a0', ' ')).toContain(sentence)
})

test('a failed try says whether it was the last, by email and by text', async () => {
  const last = { amount, isLastTry: true }
  expect((await emailOf(paymentFailed, last)).text).toContain('This was the last try')
  expect(textTo(paymentFailed, last).text).toContain('This was the last try.')
  const next = await emailOf(paymentFailed, { amount, nextTryAt: '2026-12-03T08:00:00Z' })
  expect(next.text).toContain('We’ll try again on 3 December 2026.')
  expect((await emailOf(paymentFailed, { amount })).text).not.toMatch(/try again|last try/)
})

test('a failed payment promises no try that has been when the message is written', async () => {
  const nextTryAt = '2026-12-03T08:00:00Z'
  const recipientAt = (at: string) => someone({ writtenAt: new Date(at) })
  for (const [at, isPromised] of [
    ['2026-12-03T07:59:59Z', true],
    ['2026-12-03T08:00:00Z', false],
  ] as const) {
    const { element } = mailTo(paymentFailed, { amount, nextTryAt }, recipientAt(at))
    expect((await renderEmail(element)).text.includes('3 December')).toBe(isPromised)
  }
})

test.each(Object.keys(catalogs))('each of these states has sentences of its own in %s', async (locale) => {
  const disputes = ['created', 'under_review', 'lost', 'won', 'prevented'].map((status) => `dispute_${status}`)
  const inquiries = ['opened', 'under_review', 'closed'].map((status) => `inquiry_${status}`)
  const alerts = [...disputes, ...inquiries, 'payout_failed', 'debit_failed']
  const texts = await Promise.all(
    alerts.map(async (alert) => (await emailOf(operatorAlert, { alert, amount }, locale)).text),
  )
  expect(new Set(texts).size).toBe(alerts.length)
})

test.each([
  ['upi', 'UPI'],
  ['visa', 'Visa'],
  ['apple_pay', 'Apple Pay'],
  ['sepa_debit', 'SEPA Direct Debit'],
  ['Visa •••• 4242', 'Visa •••• 4242'],
  ['Store credit', 'Store credit'],
  ['Gift card', 'Gift card'],
])('a payment by %s is shown as paid with %s', async (method, shown) => {
  expect((await emailOf(paymentReceived, { amount, method })).text).toContain(shown)
})

test.each([
  ['card', 'Paid with: Card', 'Forma de pago: Tarjeta', 'भुगतान का तरीका: कार्ड'],
  ['Visa card', 'Paid with: Visa card', 'Forma de pago: Tarjeta Visa', 'भुगतान का तरीका: Visa कार्ड'],
  [
    'customer_balance',
    'Paid with: Bank transfer',
    'Forma de pago: Transferencia bancaria',
    'भुगतान का तरीका: बैंक ट्रांसफ़र',
  ],
  [
    'acss_debit',
    'Paid with: Pre-authorized debit',
    'Forma de pago: Débito preautorizado',
    'भुगतान का तरीका: पूर्व-अधिकृत डेबिट',
  ],
  ['upi', 'Paid with: UPI', 'Forma de pago: UPI', 'भुगतान का तरीका: UPI'],
])('a general method such as %s is in the language of the email', async (method, ...shown) => {
  for (const [at, locale] of ['en', 'es', 'hi'].entries())
    expect((await emailOf(paymentReceived, { amount, method }, locale)).text).toContain(shown[at])
})

test.each([
  ['product_not_received', 'Reason: Product not received', 'Motivo: Producto no recibido', 'कारण: प्रोडक्ट नहीं मिला'],
  ['fraudulent', 'Reason: Reported as fraud', 'Motivo: Denunciado como fraude', 'कारण: धोखाधड़ी की शिकायत'],
  ['a_new_code', 'Reason: A new code', 'Motivo: A new code', 'कारण: A new code'],
])('an alert gives the reason %s in the operator’s language, as far as it is known', async (reason, ...shown) => {
  for (const [at, locale] of ['en', 'es', 'hi'].entries())
    expect((await emailOf(operatorAlert, { alert: 'dispute_created', amount, reason }, locale)).text).toContain(
      shown[at],
    )
})

test.each([
  ['en', 'for your subscription', 'For: Your subscription', 'you have a subscription with'],
  ['es', 'por su suscripción', 'Concepto: Su suscripción', 'tiene una suscripción en'],
  ['hi', 'आपकी सदस्यता के लिए', 'किसके लिए: आपकी सदस्यता', 'पर आपकी सदस्यता है'],
])('a reminder of a subscription without a title names it in %s', async (locale, named, fact, because) => {
  const data = { title: 'Subscription', untitled: true, amount, dueDate: '2030-12-16' }
  const { subject, text } = await emailOf(installmentReminder, data, locale)
  expect(subject).toContain(named)
  for (const part of [named, fact, because]) expect(text).toContain(part)
  expect(subject + text).not.toContain('Subscription')
})
