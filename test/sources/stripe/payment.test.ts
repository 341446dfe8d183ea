import { describe, expect, test } from 'vitest'
import { reasonText } from '../../../src/show/reason.ts'
import { translateStripe } from '../../../src/sources/stripe/translate.ts'
import { current, declined, old, payments, stripeEvent } from '../../fixtures/stripe/objects.ts'

function translate(type: string, object: Record<string, unknown>, more: Record<string, unknown> = {}) {
  const raw = Buffer.from(JSON.stringify(stripeEvent(type, object, more)))
  return translateStripe(raw, null, ['booking', 'Ticket no.'])
}

function contentOf(...event: Parameters<typeof translate>) {
  const translation = translate(...event)
  if (!translation.ok) throw new Error(JSON.stringify(translation))
  return translation.content
}

const ada = { id: 'cus_1', email: 'ada@example.com', name: 'Ada Lovelace' }
const eur = { amount: 4999, currency: 'eur' }

describe('a payment received', () => {
  test('is read from a PaymentIntent with its charges in it', () => {
    expect(contentOf('payment_intent.succeeded', old.paymentIntent)).toEqual({
      type: 'payment.received',
      sourceType: 'payment_intent.succeeded',
      reference: 'pi_1',
      references: ['pi_1'],
      livemode: false,
      occurredAt: new Date('2026-01-01T00:00:00Z'),
      recipients: [ada],
      data: {
        amount: eur,
        paymentId: 'pi_1',
        method: 'Visa •••• 4242',
        paidAt: '2025-12-31T23:59:50.000Z',
        receiptUrl: 'https://pay.stripe.com/receipts/1',
      },
      sendAt: null,
      expiresAt: null,
      priority: null,
      fact: 'payment:pi_1',
      payment: {
        outcome: 'received',
        names: ['pi_1', 'ch_1'],
        ownNames: ['pi_1', 'ch_1'],
        parts: [],
        linkedBy: 'stripe:invoice_payment.paid',
        lacks: ['in'],
        orders: [],
        shopReference: null,
        customer: 'cus_1',
        email: 'ada@example.com',
        ...eur,
        at: new Date('2026-01-01T00:00:00Z'),
      },
    })
  })

  test('is read from a PaymentIntent of today', () => {
    const content = contentOf('payment_intent.succeeded', current.paymentIntent, { livemode: true })
    expect(content).toMatchObject({ type: 'payment.received', livemode: true, fact: 'payment:pi_1' })
    expect(content.recipients).toEqual([{ id: 'cus_1', email: 'ada@example.com' }])
    expect(content.data).toEqual({ amount: eur, paymentId: 'pi_1', method: 'Card', paidAt: '2026-01-01T00:00:00.000Z' })
  })

  test('is read from a PaymentIntent whose fields were expanded', () => {
    const intent = {
      ...current.paymentIntent,
      receipt_email: null,
      customer: { id: 'cus_1', email: 'ada@example.com', name: 'Ada', phone: null, preferred_locales: ['en_gb'] },
      latest_charge: old.paymentIntent.charges.data[0],
    }
    const content = contentOf('payment_intent.succeeded', intent)
    expect(content.recipients).toEqual([{ ...ada, locale: 'en-GB' }])
    expect(content.data).toMatchObject({
      method: 'Visa •••• 4242',
      receiptUrl: 'https://pay.stripe.com/receipts/1',
    })
  })

  test.each([
    ['old', old.invoice, 'pi_1', ['pi_1', 'in_1']],
    ['current', current.invoice, 'in_1', ['in_1', 'sub_1']],
    [
      'current with its payments',
      { ...current.invoice, payments: payments({ id: 'pi_0', status: 'canceled' }, { id: 'pi_1', status: 'paid' }) },
      'pi_1',
      ['pi_1', 'in_1', 'sub_1'],
    ],
  ])('is read from an %s invoice', (_version, invoice, paymentId, references) => {
    const content = contentOf('invoice.paid', invoice)
    const fact = `payment:${paymentId}`
    expect(content).toMatchObject({ type: 'payment.received', fact, references, reference: references[0] })
    expect(content.recipients).toEqual([{ ...ada, phone: '+447946000042' }])
    expect(content.data).toEqual({
      amount: eur,
      paymentId,
      paidAt: '2025-12-31T23:59:55.000Z',
      receiptUrl: 'https://invoice.stripe.com/i/1',
    })
  })

  test.each([
    ['checkout.session.completed', old.checkoutSession],
    ['checkout.session.completed', current.checkoutSession],
    ['checkout.session.async_payment_succeeded', old.checkoutSession],
    ['checkout.session.async_payment_succeeded', current.checkoutSession],
  ])('is read from %s', (type, session) => {
    const content = contentOf(type, session)
    expect(content).toMatchObject({ type: 'payment.received', fact: 'payment:pi_1', reference: 'ORD-1001' })
    expect(content.references).toEqual(['ORD-1001', 'pi_1', 'cs_test_1'])
    expect(content.recipients).toEqual([{ ...ada, phone: '+447946000042' }])
    expect(content.data).toMatchObject({ amount: eur, paymentId: 'pi_1' })
  })

  test.each([
    ['checkout.session.completed', { ...current.checkoutSession, customer_details: null, customer_email: null }],
    ['invoice.paid', { ...current.invoice, customer_email: null, hosted_invoice_url: null }],
  ])('in %s is sent to whoever paid its PaymentIntent, if that was expanded', (type, object) => {
    const [charge] = old.paymentIntent.charges.data
    const expanded = { ...object, payment_intent: { ...current.paymentIntent, latest_charge: charge } }
    const content = contentOf(type, expanded)
    expect(content.fact).toBe('payment:pi_1')
    expect(content.recipients).toMatchObject([{ email: charge?.billing_details.email }])
    expect(content.data).toMatchObject({ method: 'Visa •••• 4242', receiptUrl: 'https://pay.stripe.com/receipts/1' })
  })

  test('of a subscription has its invoice’s name in the session and in the invoice', () => {
    const session = { ...current.checkoutSession, mode: 'subscription', payment_intent: null, invoice: 'in_1' }
    expect(contentOf('checkout.session.completed', session)).toMatchObject({
      fact: 'payment:in_1',
      data: { paymentId: 'in_1' },
    })
    expect(contentOf('invoice.paid', current.invoice).fact).toBe('payment:in_1')
  })

  test('is one fact in a PaymentIntent, its session and its invoice where all of them name the PaymentIntent', () => {
    const invoice = { ...current.invoice, payments: payments({ id: 'pi_1', status: 'paid' }) }
    const facts = [
      contentOf('payment_intent.succeeded', old.paymentIntent),
      contentOf('payment_intent.succeeded', current.paymentIntent),
      contentOf('checkout.session.completed', { ...old.checkoutSession, payment_intent: { id: 'pi_1' } }),
      contentOf('invoice.paid', old.invoice),
      contentOf('invoice.paid', invoice),
    ].map(({ fact }) => fact)
    expect(new Set(facts)).toEqual(new Set(['payment:pi_1']))
  })

  test('of a PaymentIntent that names its invoice can be found by it', () => {
    const content = contentOf('payment_intent.succeeded', { ...old.paymentIntent, invoice: 'in_1' })
    expect(content.references).toEqual(['pi_1', 'in_1'])
  })

  test.each([
    ['a PaymentIntent that says so', 'payment_intent.succeeded', { ...current.paymentIntent, invoice: null }, ['in']],
    ['a PaymentIntent of today', 'payment_intent.succeeded', current.paymentIntent, []],
    [
      'a PaymentIntent that names its invoice elsewhere',
      'payment_intent.succeeded',
      { ...current.paymentIntent, invoice: null, payment_details: { order_reference: 'in_1' } },
      [],
    ],
    [
      'a session for one payment',
      'checkout.session.completed',
      { ...current.checkoutSession, mode: 'payment', invoice: null },
      ['in'],
    ],
    [
      'a session that makes an invoice',
      'checkout.session.completed',
      { ...current.checkoutSession, mode: 'payment', invoice: null, invoice_creation: { enabled: true } },
      [],
    ],
    [
      'a session for a subscription',
      'checkout.session.completed',
      { ...current.checkoutSession, mode: 'subscription', invoice: null },
      [],
    ],
  ])('that pays no invoice is known by %s', (_name, type, object, lacks) => {
    expect(contentOf(type, object).payment?.lacks).toEqual(lacks)
  })

  test('in parts has the invoice’s name alone in the invoice that lists them', () => {
    const parts = payments({ id: 'pi_1', status: 'paid' }, { id: 'pi_2', status: 'paid' })
    const content = contentOf('invoice.paid', { ...current.invoice, payments: parts })
    expect(content).toMatchObject({ fact: 'payment:in_1', reference: 'in_1', data: { paymentId: 'in_1' } })
    expect(content.payment).toMatchObject({ names: ['in_1'], ownNames: ['in_1'], parts: ['pi_1', 'pi_2'] })
  })

  test('and its invoice are linked by an event that reports neither', () => {
    const link = { id: 'inpay_1', object: 'invoice_payment', invoice: 'in_1', status: 'paid', amount_paid: 1099 }
    const payment = { type: 'payment_intent', payment_intent: 'pi_1' }
    const translation = translate('invoice_payment.paid', { ...link, payment })
    expect(translation).toMatchObject({ kind: 'silent', reason: { params: { cause: 'payment_link' } } })
    const { linkedBy } = contentOf('payment_intent.succeeded', current.paymentIntent).payment ?? {}
    expect(translation).toMatchObject({ content: { type: linkedBy, references: ['pi_1', 'inpay_1', 'in_1'] } })
  })

  test.each([
    ['jpy', 500],
    ['kwd', 5120],
    ['isk', 500],
  ])('in %s keeps its amount in the smallest unit', (currency, amount) => {
    const intent = { ...current.paymentIntent, currency, amount, amount_received: amount }
    expect(contentOf('payment_intent.succeeded', intent).data.amount).toEqual({ amount, currency })
  })
})

describe('a payment failed', () => {
  const unpaid = { amount_paid: 0, amount_remaining: 4999, status_transitions: { paid_at: null } }

  test.each([
    ['old', old.paymentIntent],
    ['current', current.paymentIntent],
  ])('is read from an %s PaymentIntent', (_version, intent) => {
    const content = contentOf('payment_intent.payment_failed', {
      ...intent,
      amount_received: 0,
      last_payment_error: declined('insufficient_funds'),
    })
    expect(content).toMatchObject({ type: 'payment.failed', fact: 'payment-failed:try:ch_1' })
    expect(content.recipients[0]).toMatchObject({ id: 'cus_1', email: 'ada@example.com' })
    expect(content.data).toEqual({
      amount: { amount: 5000, currency: 'eur' },
      paymentId: 'pi_1',
      reason: 'insufficient_funds',
    })
  })

  test.each([
    ['old', old.invoice, 'payment-failed:try:ch_1', 'pi_1'],
    ['current', current.invoice, 'payment-failed:count:in_1:1:2026-01-01T00:00:00.000Z', 'in_1'],
    [
      'current with its payments',
      { ...current.invoice, payments: payments({ id: 'pi_1', status: 'open' }) },
      'payment-failed:count:in_1:1:2026-01-01T00:00:00.000Z',
      'pi_1',
    ],
  ])('is read from an %s invoice', (_version, invoice, fact, paymentId) => {
    const content = contentOf('invoice.payment_failed', { ...invoice, ...unpaid })
    expect(content).toMatchObject({ type: 'payment.failed', fact })
    expect(content.data).toEqual({ amount: eur, paymentId, retryUrl: 'https://invoice.stripe.com/i/1' })
  })

  test('of an invoice is not found by its subscription, whose other invoices may be paid', () => {
    expect(contentOf('invoice.payment_failed', { ...current.invoice, ...unpaid }).references).toEqual(['in_1'])
  })

  test('of an invoice is reported again at the next try', () => {
    const first = contentOf('invoice.payment_failed', { ...current.invoice, ...unpaid })
    const second = contentOf('invoice.payment_failed', { ...current.invoice, ...unpaid, attempt_count: 2 })
    expect(second.fact).not.toBe(first.fact)
  })

  test('with the next card is another fact', () => {
    const intent = { ...current.paymentIntent, last_payment_error: declined(null, { charge: 'ch_2' }) }
    expect(contentOf('payment_intent.payment_failed', intent).fact).toBe('payment-failed:try:ch_2')
  })

  test('before a charge was made is not taken for the try before it', () => {
    const error = declined(null, { charge: undefined, code: 'payment_intent_authentication_failure' })
    const content = contentOf('payment_intent.payment_failed', { ...current.paymentIntent, last_payment_error: error })
    expect(content.fact).toBe('payment-failed:try:pi_1:2026-01-01T00:00:00.000Z')
    expect(content.data.reason).toBe('not_confirmed')
  })

  test.each([
    ['old', old],
    ['current', current],
  ])('by a delayed debit has its PaymentIntent’s name in an %s session too', (_version, version) => {
    const debit = declined(null, { type: 'invalid_request_error', payment_method: { type: 'sepa_debit' } })
    const session = contentOf('checkout.session.async_payment_failed', {
      ...version.checkoutSession,
      payment_status: 'unpaid',
    })
    const intent = contentOf('payment_intent.payment_failed', { ...version.paymentIntent, last_payment_error: debit })
    expect(session).toMatchObject({ type: 'payment.failed', reference: 'ORD-1001' })
    expect(session.data).toEqual({ amount: eur, paymentId: 'pi_1' })
    expect(session.payment).toMatchObject({ ownNames: ['async:cs_test_1:2026-01-01'], at: intent.payment?.at })
    for (const { payment } of [session, intent]) expect(payment?.names).toContain('pi_1')
  })

  test.each(['fraudulent', 'lost_card', 'stolen_card', 'merchant_blacklist', 'pickup_card', 'do_not_honor'])(
    'never tells that it was %s',
    (code) => {
      const error = declined(code, { message: `Declined: ${code}` })
      const content = contentOf('payment_intent.payment_failed', { ...old.paymentIntent, last_payment_error: error })
      expect(content.data.reason).toBe('bank_declined')
      expect(JSON.stringify(content)).not.toContain(code)
    },
  )

  test('has Stripe’s own message where its code is harmless', () => {
    const message = 'Your card does not support this type of purchase.'
    const error = declined('card_not_supported', { message })
    const content = contentOf('payment_intent.payment_failed', { ...old.paymentIntent, last_payment_error: error })
    expect(content.data.reason).toBe(message)
  })

  test('has no reason where the fault is the shop’s own', () => {
    const error = { type: 'invalid_request_error', code: 'parameter_invalid', message: 'No such thing: pm_x' }
    const content = contentOf('payment_intent.payment_failed', { ...old.paymentIntent, last_payment_error: error })
    expect(content.data).not.toHaveProperty('reason')
  })
})

describe('nothing is sent', () => {
  test.each([
    ['checkout.session.completed', { ...current.checkoutSession, payment_status: 'unpaid' }],
    ['checkout.session.completed', { ...current.checkoutSession, payment_status: 'no_payment_required' }],
    ['checkout.session.completed', { ...current.checkoutSession, amount_total: 0 }],
    ['checkout.session.async_payment_failed', { ...current.checkoutSession, amount_total: 0 }],
    ['payment_intent.succeeded', { ...current.paymentIntent, amount: 0, amount_received: 0 }],
    ['invoice.paid', { ...current.invoice, amount_due: 0, amount_paid: 0, total: 0 }],
    ['invoice.payment_failed', { ...current.invoice, amount_due: 0, amount_remaining: 0 }],
    ['invoice.upcoming', { ...current.invoice, amount_due: 0 }],
  ])('for %s that moved no money, and it says so', (type, object) => {
    const translation = translate(type, object)
    expect(translation).toMatchObject({ ok: false, kind: 'silent', reason: { code: 'nothing_due' } })
    expect(translation).toMatchObject({ content: { type: `stripe:${type}`, recipients: [], fact: null } })
  })

  test.each([
    ['customer.created', { id: 'cus_1', object: 'customer', email: 'ada@example.com' }],
    ['charge.updated', { id: 'ch_1', object: 'charge', payment_intent: 'pi_1', metadata: { order_id: 'ORD-1001' } }],
    ['something.new', {}],
  ])('for %s, which is not ours', (type, object) => {
    const content = contentOf(type, object)
    expect(content).toMatchObject({ type: `stripe:${type}`, sourceType: type, fact: null, recipients: [], data: {} })
  })

  test('but the event is found by its order and its payment', () => {
    const charge = { id: 'ch_1', object: 'charge', payment_intent: 'pi_1', metadata: { order_id: 'ORD-1001' } }
    expect(contentOf('charge.updated', charge).references).toEqual(['ORD-1001', 'pi_1', 'ch_1'])
  })
})

describe('an event that lacks what a message needs is kept as incomplete', () => {
  test('without a recipient', () => {
    const translation = translate('payment_intent.succeeded', { ...current.paymentIntent, receipt_email: null })
    expect(translation).toMatchObject({ ok: false, kind: 'incomplete', fault: { code: 'no_recipient' } })
    expect(translation).toMatchObject({ content: { type: 'payment.received', fact: 'payment:pi_1', recipients: [] } })
    if (translation.ok || translation.kind !== 'incomplete') throw new Error('it is complete')
    expect(reasonText(translation.fault)).toContain('receipt_email')
    expect(reasonText(translation.fault)).toContain('cus_1')
    expect(reasonText(translation.fault)).toContain('STRIPE_API_KEY')
  })

  test.each([
    ['malformed addresses', { customer_email: 'ada@', customer_phone: '12345' }],
    ['no addresses', { customer_email: null, customer_phone: null }],
    ['addresses of another kind', { customer_email: 5, customer_phone: ['+447946000042'] }],
  ])('with %s', (_name, addresses) => {
    const translation = translate('invoice.paid', { ...current.invoice, ...addresses })
    expect(translation).toMatchObject({ kind: 'incomplete', fault: { code: 'no_recipient' } })
  })

  test.each([
    ['no amount', { amount_paid: null, total: null }],
    ['an amount with a fraction', { amount_paid: 49.99 }],
    ['an amount in words', { amount_paid: '4999' }],
    ['a negative amount', { amount_paid: -1 }],
    ['no currency', { currency: null }],
    ['an odd currency', { currency: 'euro' }],
  ])('with %s', (_name, fields) => {
    const translation = translate('invoice.paid', { ...current.invoice, ...fields })
    expect(translation).toMatchObject({ kind: 'incomplete', fault: { code: 'no_amount' } })
  })
})

describe('what is known of the customer', () => {
  test('leaves out a malformed phone, a locale of auto, and control characters in a name', () => {
    const details = { email: 'ada@example.com', phone: '0123', name: 'Ada\r\nBcc: x' }
    const session = { ...current.checkoutSession, customer_details: details }
    const unusable = { phone: expect.stringContaining('no country') }
    expect(contentOf('checkout.session.completed', session).recipients).toEqual([
      { ...ada, name: 'Ada Bcc: x', unusable },
    ])
  })

  test.each([
    ['020 7946 0018', 'GB', '+442079460018'],
    ['+44 (0)20 7946 0018', null, '+442079460018'],
    ['+52 1 33 1234 5678', 'US', '+523312345678'],
    ['(212) 555-0123', 'US', '+12125550123'],
    ['\u202d+44\u00a020\u20097946\u20090018\u202c', null, '+442079460018'],
  ])('reads the phone %s of an address in %s', (phone, country, number) => {
    const address = { country }
    const intent = { ...current.paymentIntent, shipping: { name: 'Ada', phone, address } }
    expect(contentOf('payment_intent.succeeded', intent).recipients[0]?.phone).toBe(number)
    const session = { ...current.checkoutSession, customer_details: { email: 'ada@example.com', phone, address } }
    expect(contentOf('checkout.session.completed', session).recipients[0]?.phone).toBe(number)
    const invoice = { ...current.invoice, customer_phone: phone, customer_address: address }
    expect(contentOf('invoice.paid', invoice).recipients[0]?.phone).toBe(number)
  })

  test('a phone without a country is read by another address of the event', () => {
    const shipping = { phone: null, address: { country: 'IT' } }
    const intent = {
      ...current.paymentIntent,
      shipping,
      payment_method: { billing_details: { phone: '06 1234 5678' } },
    }
    expect(contentOf('payment_intent.succeeded', intent).recipients[0]?.phone).toBe('+390612345678')
  })

  test('an email at a domain in other letters is found, and a name in other letters says why it is not', () => {
    const of = (receipt_email: string) => ({
      ...current.paymentIntent,
      customer: null,
      receipt_email,
      latest_charge: null,
    })
    expect(contentOf('payment_intent.succeeded', of('info@bücher.example')).recipients).toMatchObject([
      { email: 'info@xn--bcher-kva.example' },
    ])
    expect(translate('payment_intent.succeeded', of('jörg@bücher.example'))).toMatchObject({
      fault: { code: 'no_recipient', params: { detail: expect.stringContaining('SMTPUTF8') } },
    })
  })

  test('has the session’s locale where it names one', () => {
    const session = { ...current.checkoutSession, locale: 'pt-BR' }
    expect(contentOf('checkout.session.completed', session).recipients[0]?.locale).toBe('pt-BR')
  })

  test('is enough with a phone alone', () => {
    const shipping = { name: 'Ada Lovelace', phone: '+1 (415) 555-0123' }
    const intent = { ...current.paymentIntent, customer: null, receipt_email: null, shipping }
    const { recipients } = contentOf('payment_intent.succeeded', intent)
    expect(recipients).toEqual([{ phone: '+14155550123', name: 'Ada Lovelace' }])
  })
})

test('the shop’s own names for a payment come first, and all of them find it', () => {
  const metadata = { reference: 'R-1', order_number: 'N-1', order_id: 'I-1' }
  const session = { ...current.checkoutSession, metadata, invoice: 'in_1' }
  const content = contentOf('checkout.session.completed', session)
  expect(content.references).toEqual(['R-1', 'N-1', 'I-1', 'ORD-1001', 'pi_1', 'cs_test_1', 'in_1'])
  expect(content).toMatchObject({ reference: 'R-1', data: { orderNumber: 'N-1' } })
})

test.each([
  ['order_number', 'SHOP-77'],
  ['order_id', '8812'],
  ['orderNumber', 'B/2026/14'],
  ['order', '#5501'],
  ['woocommerce_order_id', '30991'],
  ['booking', 'BK-9'],
  ['Ticket no.', 'T-1'],
])('the order’s name under the key %s is shown and finds the payment', (key, name) => {
  const content = contentOf('checkout.session.completed', { ...current.checkoutSession, metadata: { [key]: name } })
  expect(content).toMatchObject({ reference: name, data: { orderNumber: name } })
  expect(content.references.slice(0, 2)).toEqual([name, 'ORD-1001'])
})

test.each(['user_2Qa7', 'grace@example.org', 'ORD-1001'])('client_reference_id %s is never an order’s number', (id) => {
  const session = { ...current.checkoutSession, client_reference_id: id, metadata: { reference: 'R-1' } }
  for (const type of ['checkout.session.completed', 'checkout.session.async_payment_failed']) {
    const content = contentOf(type, session)
    expect(content.references.slice(0, 2)).toEqual(['R-1', id])
    expect(content.data).not.toHaveProperty('orderNumber')
  }
})

test('a text that is too long for an order’s number finds the payment, and the next name is shown', () => {
  const metadata = { order: 'x'.repeat(101), woocommerce_order_id: '7' }
  const content = contentOf('checkout.session.completed', { ...current.checkoutSession, metadata })
  expect(content).toMatchObject({ reference: metadata.order, data: { orderNumber: '7' } })
})

test('a body is translated the same each time', () => {
  expect(contentOf('invoice.paid', old.invoice)).toEqual(contentOf('invoice.paid', old.invoice))
})
