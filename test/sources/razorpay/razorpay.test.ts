import { describe, expect, test } from 'vitest'
import { catalogs } from '../../../emails/_parts/words.ts'
import type { Money } from '../../../src/domain/money.ts'
import { formatMoney } from '../../../src/i18n/money.ts'
import { razorpay } from '../../../src/sources/razorpay/index.ts'
import { cardPayment, failed, payment, razorpayEvent, refund } from '../../fixtures/razorpay/events.ts'
import { signedRazorpay } from '../../helper/signed.ts'
import { configured, webhooksOf } from '../../helper/source.ts'

function translate(event: string, entities: Record<string, unknown>, more?: object) {
  return configured(razorpay).translate(Buffer.from(JSON.stringify(razorpayEvent(event, entities, more))))
}

function contentOf(...event: Parameters<typeof translate>) {
  const translation = translate(...event)
  if (!translation.ok) throw new Error(JSON.stringify(translation))
  return translation.content
}

describe('a Razorpay signature', () => {
  const webhooks = webhooksOf(
    configured(razorpay, { RAZORPAY_WEBHOOK_SECRET: 'rzp_secret_of_tests,the-secret-before-it' }),
  )
  const event = razorpayEvent('payment.captured', { payment })
  const verifySigned = (
    secret: string,
    more: Record<string, string | string[] | undefined> = {},
    body: unknown = event,
  ) => {
    const { payload, headers } = signedRazorpay(body, { secret, id: 'evt_1' })
    return webhooks.read(payload, { ...headers, ...more }, 0)
  }

  test('that was computed elsewhere verifies, and then the body must be an event', () => {
    const signature = '815e92466cae4a810701a3e067ed850664aae85b6987fe19647c059274c199fc'
    const headers = { 'x-razorpay-signature': signature, 'x-razorpay-event-id': 'evt_1' }
    const body = Buffer.from('{"entity":"event","event":"payment.captured"}')
    expect(webhooks.read(body, headers, 0)).toMatchObject({ status: 400, detail: expect.stringContaining('payload') })
    expect(webhooks.read(Buffer.from(`${body} `), headers, 0)).toMatchObject({ status: 401 })
  })

  test('by the secret of now or the one before verifies, by another does not', () => {
    for (const secret of ['rzp_secret_of_tests', 'the-secret-before-it'])
      expect(verifySigned(secret)).toMatchObject({ ok: true, sourceId: 'evt_1', translation: { ok: true } })
    expect(verifySigned('another')).toMatchObject({ ok: false, status: 401 })
  })

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['a list', ['ab'.repeat(32), 'ab'.repeat(32)]],
    ['too short', 'ab'.repeat(31)],
    ['too long', 'ab'.repeat(33)],
    ['of other letters', 'zz'.repeat(32)],
    ['wrong', 'ab'.repeat(32)],
  ])('that is %s is refused', (_name, signature) => {
    expect(verifySigned('rzp_secret_of_tests', { 'x-razorpay-signature': signature })).toMatchObject({ status: 401 })
  })

  test.each([
    ['no id', event, { 'x-razorpay-event-id': undefined }],
    ['an empty id', event, { 'x-razorpay-event-id': ' ' }],
    ['a body that is not JSON', '{"entity":', {}],
    ['65 levels', { ...event, payload: { ...event.payload, deep: JSON.parse('['.repeat(63) + ']'.repeat(63)) } }, {}],
    ['a list', [], {}],
    ['another entity', { ...event, entity: 'payment' }, {}],
    ['no name', { ...event, event: null }, {}],
  ])('with %s is no event', (_name, body, headers) => {
    expect(verifySigned('rzp_secret_of_tests', headers, body)).toMatchObject({ ok: false, status: 400 })
  })
})

describe('a payment received', () => {
  test('is sent to who paid', () => {
    expect(contentOf('payment.captured', { payment })).toEqual({
      type: 'payment.received',
      sourceType: 'payment.captured',
      reference: 'ORD-1001',
      references: ['ORD-1001', 'pay_1', 'order_1'],
      livemode: null,
      occurredAt: new Date('2026-01-01T00:00:00Z'),
      recipients: [{ id: 'cust_1', email: 'ada@example.com', phone: '+919876543210' }],
      data: {
        amount: { amount: 499_900, currency: 'inr', exponent: 2 },
        paymentId: 'pay_1',
        orderNumber: 'ORD-1001',
        method: 'UPI',
        paidAt: '2026-01-01T00:00:00.000Z',
      },
      sendAt: null,
      expiresAt: null,
      priority: null,
      fact: 'payment:pay_1',
    })
  })

  test('by a card names its network, and not the digits, which may be a token’s', () => {
    const content = contentOf('payment.captured', { payment: cardPayment })
    expect(content.data.method).toBe('RuPay card')
    const mastercard = { ...cardPayment, card: { network: 'MasterCard' } }
    expect(contentOf('payment.captured', { payment: mastercard }).data.method).toBe('Mastercard')
    expect(JSON.stringify(content)).not.toContain('1111')
  })

  test('and its order are found by the shop’s own names first, and by all of them', () => {
    const notes = { reference: 'R-1', order_number: 7, order_id: 'I-1' }
    expect(contentOf('payment.captured', { payment: { ...payment, notes } })).toMatchObject({
      reference: 'R-1',
      references: ['R-1', '7', 'I-1', 'pay_1', 'order_1'],
      data: { orderNumber: '7' },
    })
    expect(contentOf('payment.captured', { payment: { ...payment, notes: [] } }).references).toEqual([
      'pay_1',
      'order_1',
    ])
  })
})

test.each([
  ['payment.captured', { payment: { ...payment, amount: 0, method: 'emandate' } }],
  ['payment.failed', { payment: { ...failed, amount: 0, method: 'nach' } }],
  ['refund.processed', { payment, refund: { ...refund, amount: 0 } }],
])('%s of zero, as for a mandate, needs no message and says so', (event, entities) => {
  expect(translate(event, entities)).toMatchObject({
    kind: 'silent',
    reason: { code: 'nothing_due' },
    content: { type: `razorpay:${event}`, recipients: [], fact: null },
  })
})

test.each([
  [{ method: 'emandate' }, 'e-mandate'],
  [{ method: 'nach' }, 'NACH'],
  [{ method: 'intl_bank_transfer' }, 'Bank transfer'],
  [{ method: 'wallet', wallet: 'touchngo' }, 'Touch ’n Go'],
  [{ method: 'wallet', wallet: 'bajajpay' }, 'Bajaj Pay'],
  [{ method: 'wallet', wallet: 'a_new_one' }, 'Wallet'],
])('the method %j is called %s', (more, name) => {
  expect(contentOf('payment.captured', { payment: { ...payment, ...more } }).data.method).toBe(name)
})

test.each([
  ['orderNumber', 'B/2026/14'],
  ['order', 5501],
  ['woocommerce_order_id', '30991'],
  ['booking', 'BK-9'],
])('the order’s name in the note %s is shown and finds the payment', (key, name) => {
  const source = configured(razorpay, {}, ['booking'])
  const entities = { payment: { ...payment, notes: { [key]: name } } }
  const translation = source.translate(Buffer.from(JSON.stringify(razorpayEvent('payment.captured', entities))))
  expect(translation).toMatchObject({ content: { reference: `${name}`, data: { orderNumber: `${name}` } } })
})

describe('a payment that failed', () => {
  test('says what the payer can fix', () => {
    const content = contentOf('payment.failed', { payment: failed })
    expect(content).toMatchObject({ type: 'payment.failed', reference: 'pay_1', fact: 'payment-failed:pay_1' })
    expect(content.data).toEqual({
      amount: { amount: 499_900, currency: 'inr', exponent: 2 },
      paymentId: 'pay_1',
      reason: 'insufficient_funds',
    })
  })

  test.each([
    'authentication_failed',
    'card_expired',
    'incorrect_card_details',
    'incorrect_card_expiry_date',
    'incorrect_card_number',
    'incorrect_cvv',
    'incorrect_otp',
    'incorrect_pin',
    'insufficient_funds',
    'invalid_vpa',
    'payment_cancelled',
    'payment_timed_out',
    'pin_attempts_exceeded',
    'server_error',
    'transaction_daily_limit_exceeded',
  ])('for the reason %s has words', (error_reason) => {
    const { data } = contentOf('payment.failed', { payment: { ...failed, error_reason } })
    expect(catalogs.en?.common).toHaveProperty([`reason.${data.reason}`])
  })

  test.each([
    ['card_declined', 'bank', 'bank_declined'],
    ['payment_declined', 'gateway', 'bank_declined'],
    ['debit_declined', 'customer', 'bank_declined'],
    ['card_number_invalid', 'customer', 'incorrect_number'],
    ['incorrect_atm_pin', 'customer', 'incorrect_pin'],
    ['incorrect_cardholder_name', 'customer', 'incorrect_card_details'],
    ['issuer_technical_error', 'issuer', 'processing_error'],
    ['otp_expired', 'customer', 'timed_out'],
    ['transaction_frequency_limit_exceeded', 'bank', 'over_bank_limit'],
    ['debit_instrument_blocked', 'issuer_bank', 'bank_declined'],
    ['card_lost_or_stolen', 'issuer', 'bank_declined'],
    ['payment_risk_check_failed', 'business', undefined],
    ['suspected_fraud', 'gateway', undefined],
    ['constructor', 'customer', undefined],
    [null, null, undefined],
  ])('for the reason %j of %j says %j, and never Razorpay’s own words', (error_reason, error_source, told) => {
    const error_description = 'The card is reported lost. Fraud is suspected.'
    const content = contentOf('payment.failed', {
      payment: { ...failed, error_reason, error_source, error_description },
    })
    expect(content.data.reason).toBe(told)
    expect(JSON.stringify(content)).not.toMatch(/lost|fraud|blocked|risk/i)
  })
})

test('a payment that only registered a mandate, and is failed on purpose, tells nobody', () => {
  const registered = {
    ...failed,
    ...{ amount: 100, method: 'upi', error_source: 'business', error_reason: 'upi_dummy_payment' },
  }
  expect(translate('payment.failed', { payment: registered })).toMatchObject({
    kind: 'silent',
    reason: { code: 'nothing_due', params: { cause: 'mandate_registered' } },
  })
})

describe('an amount', () => {
  const zero = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'
  const three = 'BHD IQD JOD KWD OMR TND'
  const two = 'AED ALL EUR HUF INR MGA MMK TWD TZS USD UZS YER ZMW'
  test.each([
    ['no', zero, '1,234,500'],
    ['three', three, '1,234.500'],
    ['two', two, '12,345.00'],
  ])(
    'with %s decimals at Razorpay is shown as it counts it, in a payment, a failure and a refund',
    (_, all, digits) => {
      const events = (currency: string) => [
        contentOf('payment.captured', { payment: { ...payment, amount: 1_234_500, currency } }),
        contentOf('payment.failed', { payment: { ...failed, amount: 1_234_500, currency } }),
        contentOf('refund.processed', { payment, refund: { ...refund, amount: 1_234_500, currency } }),
      ]
      const shown = all.split(' ').flatMap((currency) => {
        const amounts = events(currency).map(({ data }) => formatMoney(data.amount as Money, 'en'))
        return amounts.map((amount) => amount.replaceAll(/[^\d.,]/g, ''))
      })
      expect(new Set(shown)).toEqual(new Set([digits]))
    },
  )
})

describe('a refund', () => {
  test('is reported with its own amount to who paid', () => {
    const content = contentOf('refund.processed', { refund, payment: { ...payment, amount_refunded: 300_000 } })
    expect(content).toMatchObject({
      type: 'refund.processed',
      reference: 'ORD-1001',
      references: ['ORD-1001', 'pay_1', 'rfnd_1', 'order_1'],
      fact: 'refund:rfnd_1',
    })
    expect(content.recipients).toEqual([{ id: 'cust_1', email: 'ada@example.com', phone: '+919876543210' }])
    expect(content.data).toEqual({
      amount: { amount: 100_000, currency: 'inr', exponent: 2 },
      refundId: 'rfnd_1',
      paymentId: 'pay_1',
      orderNumber: 'ORD-1001',
    })
  })

  test('without its payment names nobody, and is found by it all the same', () => {
    const translation = translate('refund.processed', { refund })
    expect(translation).toMatchObject({ ok: false, kind: 'incomplete', fault: { code: 'no_recipient' } })
    expect(translation).toMatchObject({ content: { references: ['pay_1', 'rfnd_1'], data: { paymentId: 'pay_1' } } })
  })
})

describe('what concerns the merchant', () => {
  const opened = {
    ...{ id: 'disp_1', entity: 'dispute', payment_id: 'pay_1', amount: 39_000, currency: 'INR', amount_deducted: 0 },
    ...{ reason_code: 'goods_not_received', respond_by: 1_767_500_000, status: 'open', phase: 'chargeback' },
  }
  const alertOf = (event: string, entities: Record<string, unknown>) => {
    const content = contentOf(event, entities)
    expect(content).toMatchObject({ type: `razorpay:${event}`, recipients: [] })
    expect(content.references).toContain('pay_1')
    return content
  }

  test('a refund that is pending is on its way, and one that failed alerts the operator', () => {
    const pending = { ...refund, status: 'pending' }
    expect(contentOf('refund.processed', { refund: pending, payment }).data.pending).toBe(true)
    const { fact, data } = alertOf('refund.failed', { refund: { ...refund, status: 'failed' }, payment })
    expect(fact).toBe('refund-failed:rfnd_1')
    const amount = { amount: 100_000, currency: 'inr', exponent: 2 }
    expect(data).toEqual({ alert: 'refund_failed', amount, objectId: 'rfnd_1' })
  })

  test.each([
    [{ reason_code: 'chargeback', reason_description: 'Live test' }, 'chargeback'],
    [{ reason_code: '2', reason_description: 'Goods not received' }, 'Goods not received'],
    [{ reason_code: '83' }, undefined],
  ])('the reason of a dispute with %j is %s', (more, reason) => {
    expect(alertOf('payment.dispute.created', { payment, dispute: { ...opened, ...more } }).data.reason).toBe(reason)
  })

  test('a dispute alerts the operator, and again when more evidence is asked for', () => {
    const { fact, data } = alertOf('payment.dispute.created', { payment, dispute: opened })
    expect(data).toEqual({
      alert: 'dispute_created',
      amount: { amount: 39_000, currency: 'inr', exponent: 2 },
      reason: 'goods_not_received',
      objectId: 'disp_1',
      respondBy: new Date(1_767_500_000_000).toISOString(),
    })
    const again = alertOf('payment.dispute.action_required', { payment, dispute: opened })
    expect([fact, again.fact]).toEqual(['dispute:disp_1', 'dispute:disp_1:2026-01-01T00:00:00.000Z'])
    // It says that the evidence was not enough, and not what the first alert said.
    expect(again.data).toEqual({ ...data, alert: 'dispute_more_evidence' })
    const inquiry = { payment, dispute: { ...opened, phase: 'retrieval' } }
    expect(alertOf('payment.dispute.action_required', inquiry).data.alert).toBe('inquiry_opened')
  })

  test.each([
    [{ status: 'lost' }, 'dispute_lost'],
    [{ status: 'won' }, 'dispute_won'],
    [{ status: 'under_review' }, 'dispute_under_review'],
    [{ phase: 'retrieval' }, 'inquiry_opened'],
    [{ phase: 'arbitration' }, 'dispute_created'],
  ])('a dispute of %j is %s', (more, alert) => {
    const { data } = alertOf('payment.dispute.created', { dispute: { ...opened, ...more } })
    expect(data.alert).toBe(alert)
    expect('respondBy' in data).toBe(!('status' in more))
  })

  test.each([
    ['under_review', 'chargeback', 'dispute_under_review'],
    ['won', 'chargeback', 'dispute_won'],
    ['lost', 'pre_arbitration', 'dispute_lost'],
    ['closed', 'fraud', 'dispute_closed'],
    ['under_review', 'retrieval', 'inquiry_under_review'],
    ['closed', 'retrieval', 'inquiry_closed'],
    ['lost', 'retrieval', 'dispute_lost'],
  ])('a dispute that goes on as %s in the phase %s is %s, once, without a date to answer by', (step, phase, alert) => {
    const dispute = { ...opened, phase, status: step }
    const { fact, data } = alertOf(`payment.dispute.${step}`, { payment, dispute })
    expect(data).toMatchObject({ alert, objectId: 'disp_1', amount: { amount: 39_000 } })
    expect(data).not.toHaveProperty('respondBy')
    expect(fact).toBe(`dispute:disp_1:${alert}`)
    expect(alertOf('payment.dispute.created', { payment, dispute }).fact).toBe(fact)
    expect(catalogs.en?.['operator-alert']?.subject).toContain(`${alert} {`)
  })

  test('a dispute’s event that names a status is read by it, whatever the dispute’s own field says', () => {
    expect(alertOf('payment.dispute.lost', { payment, dispute: opened }).data.alert).toBe('dispute_lost')
    const reviewed = { ...opened, status: 'under_review' }
    expect(alertOf('payment.dispute.action_required', { payment, dispute: reviewed }).data.alert).toBe(
      'dispute_more_evidence',
    )
  })
})

describe('who paid', () => {
  const recipients = (more: object) => {
    const translation = translate('payment.captured', { payment: { ...payment, customer_id: null, ...more } })
    return translation.ok ? translation.content.recipients : []
  }

  test.each([
    ['+919876543210', '+919876543210'],
    ['9876543210', '+919876543210'],
    ['09876543210', '+919876543210'],
    ['919876543210', '+919876543210'],
    ['+91 98765 43210', '+919876543210'],
    ['+14155550123', '+14155550123'],
    ['1234567890', undefined],
    ['void', undefined],
    [9876543210, undefined],
    [null, undefined],
  ])('has the contact %j as %j', (contact, phone) => {
    expect(recipients({ contact })[0]?.phone).toBe(phone)
  })

  test.each(['void@razorpay.com', 'Void@Razorpay.com', '', null, 'ada@', 5])(
    'has no address in the email %j',
    (email) => {
      expect(recipients({ email })).toMatchObject([{ phone: '+919876543210' }])
      expect(recipients({ email })[0]?.email).toBeUndefined()
      expect(translate('payment.captured', { payment: { ...payment, email, contact: null } })).toMatchObject({
        kind: 'incomplete',
        fault: { code: 'no_recipient' },
      })
    },
  )
})

test('an address that cannot be used is left out, and says why', () => {
  const told = (more: object) => {
    const translation = translate('payment.captured', { payment: { ...payment, ...more } })
    return translation.ok ? translation.content.recipients[0] : translation
  }
  expect(told({ contact: '12345' })).toMatchObject({
    email: payment.email,
    unusable: { phone: expect.stringContaining('E.164') },
  })
  expect(told({ email: 'asha@' })).toMatchObject({ unusable: { email: 'The event’s email address is malformed.' } })
  expect(told({ email: 'asha@', contact: '12345' })).toMatchObject({
    fault: {
      code: 'no_recipient',
      params: { detail: expect.stringMatching(/email address is malformed\. The event’s phone number cannot be used/) },
    },
  })
  expect(told({ contact: null })).not.toHaveProperty('unusable')
})

describe('other events', () => {
  test.each([
    ['payment.authorized', { payment }],
    ['order.paid', { payment, order: { id: 'order_1', entity: 'order', notes: [] } }],
    ['refund.created', { refund, payment }],
    ['subscription.charged', { subscription: { id: 'sub_1', notes: { order_id: 'I-1' } } }],
  ])('%s is kept under Razorpay’s name, and can be found', (type, entities) => {
    const content = contentOf(type, entities)
    expect(content).toMatchObject({ type: `razorpay:${type}`, sourceType: type, recipients: [], data: {}, fact: null })
    expect(content.reference).toBe(type === 'subscription.charged' ? 'I-1' : 'ORD-1001')
  })
})

test.each([
  ['payment.captured', { payment }],
  ['payment.failed', { payment: failed }],
  ['refund.processed', { refund, payment }],
])('whatever stands in the fields of %s, it is translated or kept as incomplete', (type, entities) => {
  const odd = [null, 0, -1, 1.5, 1e21, '', 'text', '\0\u2028', true, [], [null], {}, { id: null }]
  for (const [name, entity] of Object.entries<object>(entities))
    for (const field of Object.keys(entity))
      for (const value of odd) {
        const translation = translate(type, { ...entities, [name]: { ...entity, [field]: value } })
        if (!translation.ok && translation.kind !== 'silent')
          expect(translation).toMatchObject({ kind: 'incomplete', fault: { code: expect.stringMatching(/^no_/) } })
      }
  expect(translate(type, {})).toMatchObject({ kind: 'incomplete' })
  expect(translate(type, {}, { payload: { payment: [], refund: 'x' }, created_at: 'y' })).toMatchObject({
    kind: 'incomplete',
  })
})
