// Stripe's events beside payments: refunds, subscriptions, and what only the operator is notified of, in every API version.
import { describe, expect, test } from 'vitest'
import { withPart } from '../../../src/domain/refund.ts'
import { reasonText } from '../../../src/show/reason.ts'
import { translateStripe } from '../../../src/sources/stripe/translate.ts'
import { current, stripeEvent } from '../../fixtures/stripe/objects.ts'
import {
  beforeRefund,
  dispute,
  everyVersion,
  failedPayout,
  refundedCharge,
  subscription,
  upcomingInvoice,
} from '../../fixtures/stripe/versions.ts'

function translate(type: string, object: object, more: Record<string, unknown> = {}, previous?: object) {
  const data = { object, ...(previous && { previous_attributes: previous }) }
  return translateStripe(Buffer.from(JSON.stringify(stripeEvent(type, {}, { data, ...more }))))
}

function contentOf(...event: Parameters<typeof translate>) {
  const translation = translate(...event)
  if (!translation.ok) throw new Error(JSON.stringify(translation))
  return translation.content
}

/** What could be read of an event that names nobody to tell. */
function partOf(...event: Parameters<typeof translate>) {
  const translation = translate(...event)
  if (translation.ok || translation.kind !== 'incomplete') throw new Error(JSON.stringify(translation))
  return translation
}

const ada = { id: 'cus_1', email: 'ada@example.com', name: 'Ada Lovelace' }

describe.each(everyVersion)('in version %s', (version) => {
  const told = (...refunds: { id: string; amount: number; reason?: string }[]) =>
    contentOf('charge.refunded', refundedCharge(version, refunds), {}, beforeRefund(version, refunds))
  const lists = version === '2020-08-27'

  test('each partial refund is reported separately', () => {
    const first = told({ id: 're_1', amount: 1000 })
    const second = told({ id: 're_1', amount: 1000 }, { id: 're_2', amount: 500 })
    expect(first).toMatchObject({ type: 'refund.processed', data: { amount: { amount: 1000, currency: 'eur' } } })
    expect(second).toEqual({
      type: 'refund.processed',
      sourceType: 'charge.refunded',
      reference: 'pi_1',
      references: ['pi_1', 'ch_1', ...(lists ? ['re_2'] : [])],
      livemode: false,
      occurredAt: new Date('2026-01-01T00:00:00Z'),
      recipients: [{ ...ada, phone: '+447946000042' }],
      data: {
        amount: { amount: 500, currency: 'eur' },
        ...(lists && { refundId: 're_2' }),
        paymentId: 'pi_1',
        receiptUrl: 'https://pay.stripe.com/receipts/1',
      },
      sendAt: null,
      expiresAt: null,
      priority: null,
      fact: 'refund:ch_1:1500:2026-01-01',
      refund: {
        fact: 'refund:ch_1:1500:2026-01-01',
        charge: 'ch_1',
        sum: 1500,
        before: 1000,
        at: new Date('2026-01-01T00:00:00Z'),
        presented: null,
        presentedCharge: null,
      },
    })
    expect(first.fact).not.toBe(second.fact)
  })

  test('the rest of a charge is reported as the rest', () => {
    const content = told({ id: 're_1', amount: 1000 }, { id: 're_2', amount: 4000 })
    expect(content.data.amount).toEqual({ amount: 4000, currency: 'eur' })
  })

  test('an invoice that comes up is an instalment of its subscription', () => {
    expect(contentOf('invoice.upcoming', upcomingInvoice(version))).toEqual({
      type: 'installment.scheduled',
      sourceType: 'invoice.upcoming',
      reference: 'sub_1',
      references: ['sub_1'],
      livemode: false,
      occurredAt: new Date('2026-01-01T00:00:00Z'),
      recipients: [ada],
      data: {
        title: 'Studio Plus',
        renews: true,
        amount: { amount: 1200, currency: 'gbp' },
        dueDate: '2026-01-01T01:00:00.000Z',
      },
      sendAt: null,
      expiresAt: null,
      priority: null,
      fact: 'upcoming:sub_1:2026-01-01T00:00:00.000Z',
    })
  })

  test('what is paid for the subscription’s renewal is of one reference with the reminder', () => {
    const paid = { ...upcomingInvoice(version), id: 'in_9', status: 'paid', amount_paid: 1200 }
    for (const billing_reason of ['subscription_cycle', null, undefined])
      expect(contentOf('invoice.paid', { ...paid, billing_reason }).references).toEqual(['in_9', 'sub_1'])
  })

  test('what is paid for its beginning or a change, or could not be, is only found by it', () => {
    const invoice = { ...upcomingInvoice(version), id: 'in_9', amount_paid: 1200 }
    for (const billing_reason of ['subscription_create', 'subscription_update', 'subscription_threshold', 'manual'])
      expect(contentOf('invoice.paid', { ...invoice, billing_reason })).toMatchObject({
        references: ['in_9'],
        mentions: ['sub_1'],
      })
    const failed = contentOf('invoice.payment_failed', { ...invoice, billing_reason: 'subscription_cycle' })
    expect(failed).toMatchObject({ references: ['in_9'], mentions: ['sub_1'] })
  })

  test('what is about an invoice is found by its number, which relates it to nothing', () => {
    const invoice = { ...upcomingInvoice(version), id: 'in_9', number: 'A1B2C3D4-0007', amount_paid: 1200 }
    expect(contentOf('invoice.paid', { ...invoice, billing_reason: 'subscription_cycle' })).toMatchObject({
      references: ['in_9', 'sub_1'],
      mentions: ['A1B2C3D4-0007'],
    })
    expect(contentOf('invoice.payment_failed', invoice).mentions).toEqual(['sub_1', 'A1B2C3D4-0007'])
    expect(contentOf('invoice.finalized', invoice)).toMatchObject({
      type: 'stripe:invoice.finalized',
      mentions: ['A1B2C3D4-0007'],
    })
    const intent = {
      id: 'pi_9',
      object: 'payment_intent',
      amount: 1200,
      currency: 'eur',
      receipt_email: 'x@example.org',
      invoice,
    }
    expect(contentOf('payment_intent.succeeded', intent).mentions).toContain('A1B2C3D4-0007')
  })

  test('an invoice of zero that comes up sends nothing', () => {
    const invoice = upcomingInvoice(version, { amount_due: 0, amount_remaining: 0 })
    expect(translate('invoice.upcoming', invoice)).toMatchObject({
      kind: 'silent',
      content: { type: 'stripe:invoice.upcoming', recipients: [] },
      reason: { code: 'nothing_due' },
    })
  })

  test('a trial that ends names the customer by id alone', () => {
    const threeDaysAhead = { created: 1766966400 }
    const { content, fault } = partOf('customer.subscription.trial_will_end', subscription(version), threeDaysAhead)
    expect(content).toMatchObject({
      type: 'stripe:customer.subscription.trial_will_end',
      sourceType: 'customer.subscription.trial_will_end',
      reference: 'sub_1',
      references: ['sub_1'],
      recipients: [],
      expiresAt: new Date('2026-01-01T00:00:00Z'),
      fact: 'trial-ending:sub_1:2026-01-01T00:00:00.000Z',
    })
    expect(content.data).toEqual({
      trialEndsAt: '2026-01-01T00:00:00.000Z',
      amount: { amount: 1200, currency: 'gbp' },
      interval: 'month',
      intervalCount: 1,
    })
    expect(fault).toMatchObject({ code: 'no_recipient' })
    expect(reasonText(fault)).toContain('cus_1')
  })

  test('a subscription that ended says when and why', () => {
    const ended = subscription(version, {
      status: 'canceled',
      canceled_at: 1767220000,
      ended_at: 1767225600,
      cancellation_details: { comment: 'mean', feedback: 'too_expensive', reason: 'payment_failed' },
    })
    const { content } = partOf('customer.subscription.deleted', ended)
    expect(content).toMatchObject({
      type: 'stripe:customer.subscription.deleted',
      reference: 'sub_1',
      fact: 'subscription-cancelled:sub_1',
    })
    expect(content.data).toEqual({ endedAt: '2026-01-01T00:00:00.000Z', reason: 'payment_failed' })
  })
})

describe('a hold that was let go', () => {
  const held = { captured: false, amount_captured: 0 }
  test.each([
    ['as a whole', refundedCharge('2026-10-28.endive', [{ id: 're_1', amount: 5000 }], held), { amount_refunded: 0 }],
    ['in part', refundedCharge('2020-08-27', [{ id: 're_1', amount: 1200 }], held), { amount_refunded: 0 }],
    [
      'for the rest that was not captured',
      refundedCharge('2022-11-15', [{ id: 're_1', amount: 1200 }], { amount_captured: 3800 }),
      { captured: false, amount_refunded: 0 },
    ],
    [
      'for the rest, by what was captured',
      refundedCharge('2026-10-28.endive', [{ id: 're_1', amount: 1200 }], { amount_captured: 3800 }),
      { amount_captured: 0, amount_refunded: 0 },
    ],
  ])('%s is not reported as a refund', (_part, charge, previous) => {
    expect(translate('charge.refunded', charge, {}, previous)).toMatchObject({
      kind: 'silent',
      reason: { code: 'hold_released' },
      content: { type: 'stripe:charge.refunded', fact: null },
    })
  })
})

describe('a refund that is not with the customer yet', () => {
  const listed = (status: string) => ({
    object: 'list',
    data: [{ id: 're_1', object: 'refund', amount: 1000, status }],
  })
  test.each([
    ['pending', true],
    ['requires_action', true],
    ['succeeded', undefined],
  ])('because it is %s: %j', (status, pending) => {
    const charge = refundedCharge('2020-08-27', [{ id: 're_1', amount: 1000 }], { refunds: listed(status) })
    const { data } = contentOf('charge.refunded', charge, {}, { amount_refunded: 0 })
    expect(data.pending).toBe(pending)
    expect(data.needsAction).toBe(status === 'requires_action' ? true : undefined)
  })
})

describe('a refund that failed', () => {
  const refund = {
    ...{ id: 're_9', object: 'refund', amount: 1250, currency: 'gbp', charge: 'ch_9', payment_intent: 'pi_9' },
    ...{ status: 'failed', failure_reason: 'lost_or_stolen_card', metadata: { orderNumber: 'B-9' } },
  }
  test.each(['refund.failed', 'charge.refund.updated', 'refund.updated'])('alerts the operator by %s', (type) => {
    const content = contentOf(type, refund, { account: 'acct_9' })
    expect(content).toMatchObject({ type: `stripe:${type}`, fact: 'refund-failed:re_9', recipients: [] })
    expect(content.references).toEqual(['B-9', 'pi_9', 're_9', 'ch_9'])
    expect(content.data).toEqual({
      alert: 'refund_failed',
      amount: { amount: 1250, currency: 'gbp' },
      reason: 'lost_or_stolen_card',
      objectId: 're_9',
      account: 'acct_9',
    })
  })
  test.each(['charge.refund.updated', 'refund.updated'])('is not said by %s of any other change', (type) => {
    for (const status of ['pending', 'succeeded', null])
      expect(translate(type, { ...refund, status })).toMatchObject({ kind: 'silent', reason: { code: 'nothing_new' } })
  })
})

test('a refund that is canceled, of which the customer may have been notified, alerts the operator once with its failure', () => {
  const refund = { id: 're_9', object: 'refund', amount: 1250, currency: 'gbp', charge: 'ch_9', status: 'canceled' }
  const { fact, data } = contentOf('refund.updated', refund)
  expect([fact, data.alert, data.reason]).toEqual(['refund-failed:re_9', 'refund_failed', 'canceled'])
})

test('a charge of which nothing is refunded is none', () => {
  const charge = refundedCharge('2026-10-28.endive', [], { amount_refunded: 0 })
  expect(translate('charge.refunded', charge)).toMatchObject({ kind: 'silent', reason: { code: 'nothing_due' } })
})

describe('what the customer paid in their own currency', () => {
  const inYen = (presentment_amount: number) => ({
    presentment_details: { presentment_amount, presentment_currency: 'jpy' },
  })
  const yen = (amount: number) => ({ amount, currency: 'jpy' })

  test.each([
    ['checkout.session.completed', { ...current.checkoutSession, ...inYen(7_801) }],
    ['checkout.session.async_payment_failed', { ...current.checkoutSession, ...inYen(7_801) }],
    ['payment_intent.succeeded', { ...current.paymentIntent, amount: 4999, ...inYen(7_801) }],
    ['payment_intent.payment_failed', { ...current.paymentIntent, ...inYen(7_801) }],
    ['invoice.paid', { ...current.invoice, ...inYen(7_801) }],
    ['invoice.payment_failed', { ...current.invoice, amount_remaining: 4999, ...inYen(7_801) }],
    [
      'invoice.paid',
      { ...current.invoice, payment_intent: { id: 'pi_1', object: 'payment_intent', amount: 4999, ...inYen(7_801) } },
    ],
  ])('is shown by %s, and the shop’s sum shows which payment it is', (type, object) => {
    const content = contentOf(type, object)
    expect(content.data.amount).toEqual(yen(7_801))
    expect(content.payment).toMatchObject({ currency: 'eur' })
  })

  test('is shown as its share of a hold that is captured in part, or else in the shop’s currency', () => {
    const captured = (amount_received: number) =>
      contentOf('payment_intent.succeeded', { ...current.paymentIntent, amount_received, ...inYen(8_000) }).data.amount
    expect(captured(2500)).toEqual(yen(4_000))
    expect(captured(2499)).toEqual({ amount: 2499, currency: 'eur' })
  })

  const refunds = [{ id: 're_1', amount: 1000 }]
  test('comes back in a refund, by its own amount, its share of the charge, or the shop’s sum', () => {
    const settled = (charge: object, sum: number, before = 0) => {
      const content = contentOf('charge.refunded', charge, {}, { amount_refunded: before })
      const { refund } = content
      if (!refund) throw new Error('it has no refund')
      return withPart(content, { ...refund, sum, before }).data.amount
    }
    const charge = refundedCharge('2026-10-28.endive', refunds, inYen(8_000))
    expect(settled(charge, 1000)).toEqual(yen(1_600))
    expect(settled({ ...charge, ...inYen(8_001) }, 1000)).toEqual({ amount: 1000, currency: 'eur' })
    expect(settled({ ...charge, amount_refunded: 5000, ...inYen(8_001) }, 5000)).toEqual(yen(8_001))
    const own = { id: 're_1', object: 'refund', amount: 1000, created: 1, ...inYen(1_599) }
    expect(settled({ ...charge, all_refunds: [own] }, 1000)).toEqual(yen(1_599))
    expect(settled({ ...charge, all_refunds: [own] }, 1000, 500)).toEqual(yen(800))
  })

  test('is not taken from details that are none', () => {
    for (const details of [
      null,
      {},
      { presentment_amount: 0, presentment_currency: 'jpy' },
      { presentment_amount: 5 },
    ]) {
      const object = { ...current.checkoutSession, presentment_details: details }
      expect(contentOf('checkout.session.completed', object).data.amount).toEqual({ amount: 4999, currency: 'eur' })
    }
  })
})

describe('a refund', () => {
  test('by Stripe’s two events of one change is one fact', () => {
    const charge = refundedCharge('2024-06-20', [{ id: 're_1', amount: 1000 }])
    const facts = ['evt_1', 'evt_2'].map((id) => contentOf('charge.refunded', charge, { id }).fact)
    expect(new Set(facts).size).toBe(1)
  })

  test('is one fact if two endpoints report it in two versions', () => {
    const refunds = [{ id: 're_1', amount: 1000 }]
    const facts = (['2020-08-27', '2026-10-28.endive'] as const).map(
      (version) =>
        contentOf('charge.refunded', refundedCharge(version, refunds), {}, beforeRefund(version, refunds)).fact,
    )
    expect(new Set(facts).size).toBe(1)
  })

  test('of the same amount, once the first has failed, is another fact', () => {
    const charge = refundedCharge('2024-06-20', [{ id: 're_1', amount: 1000 }])
    const first = contentOf('charge.refunded', charge)
    const second = contentOf('charge.refunded', charge, { created: 1767225600 + 5 * 86_400 })
    expect(second.fact).not.toBe(first.fact)
  })

  test('without what it changed is the newest of the list, else the sum', () => {
    const refunds = [
      { id: 're_1', amount: 1000 },
      { id: 're_2', amount: 500 },
    ]
    expect(contentOf('charge.refunded', refundedCharge('2020-08-27', refunds)).data).toMatchObject({
      amount: { amount: 500, currency: 'eur' },
      refundId: 're_2',
    })
    const [first] = refunds
    expect(contentOf('charge.refunded', refundedCharge('2022-11-15', first ? [first] : []))).toMatchObject({
      data: { amount: { amount: 1000, currency: 'eur' } },
      refund: { sum: 1000, before: null },
    })
  })

  test.each([
    ['requested_by_customer', 'requested_by_customer'],
    ['duplicate', 'duplicate'],
    ['fraudulent', undefined],
    ['expired_uncaptured_charge', undefined],
    [null, undefined],
  ])('for the reason %j says %j to the customer', (reason, shown) => {
    const refunds = [{ id: 're_1', amount: 1000, reason }]
    const content = contentOf('charge.refunded', refundedCharge('2020-08-27', refunds))
    expect(content.data.reason).toBe(shown)
    expect(JSON.stringify(content)).not.toContain('fraud')
  })

  test('has the order’s number first', () => {
    const charge = refundedCharge('2024-06-20', [{ id: 're_1', amount: 1000 }], {
      metadata: { order_number: 'ORD-1001' },
    })
    expect(contentOf('charge.refunded', charge)).toMatchObject({
      reference: 'ORD-1001',
      references: ['ORD-1001', 'pi_1', 'ch_1'],
      data: { orderNumber: 'ORD-1001' },
    })
  })

  test('of a charge without a PaymentIntent is found by the charge', () => {
    const charge = refundedCharge('2020-08-27', [{ id: 're_1', amount: 1000 }], { id: 'py_1', payment_intent: null })
    expect(contentOf('charge.refunded', charge)).toMatchObject({ reference: 'py_1', data: { paymentId: 'py_1' } })
  })

  test('of an expanded customer goes to them', () => {
    const charge = refundedCharge('2024-06-20', [{ id: 're_1', amount: 1000 }], {
      billing_details: { email: null, name: null, phone: null },
      customer: { id: 'cus_1', object: 'customer', email: 'ada@example.com', preferred_locales: ['es'] },
      payment_intent: { id: 'pi_1', object: 'payment_intent' },
    })
    const content = contentOf('charge.refunded', charge)
    expect(content).toMatchObject({ reference: 'pi_1' })
    expect(content.recipients).toEqual([{ id: 'cus_1', email: 'ada@example.com', locale: 'es' }])
  })

  test.each([
    ['more than was there before', { amount_refunded: 900 }, { amount_refunded: 1000 }],
    ['a sum in words', { amount_refunded: '1000' }, undefined],
    ['no currency', { currency: null }, undefined],
  ])('with %s is kept as incomplete', (_name, fields, previous) => {
    const charge = refundedCharge('2024-06-20', [{ id: 're_1', amount: 1000 }], fields)
    expect(partOf('charge.refunded', charge, {}, previous).fault.code).toBe('no_amount')
  })
})

describe('an invoice that comes up', () => {
  const upcoming = (more: object) => contentOf('invoice.upcoming', upcomingInvoice('2025-03-31.basil', more))

  test('is one fact however often Stripe reports one period, and another for the next', () => {
    const { fact } = upcoming({})
    expect(upcoming({ amount_due: 1500 }).fact).toBe(fact)
    expect(upcoming({ period_end: 1769904000 }).fact).not.toBe(fact)
  })

  test('names what the customer will pay in their own currency', () => {
    const presentment_details = { presentment_amount: 1110, presentment_currency: 'eur' }
    expect(upcoming({ presentment_details }).data.amount).toEqual({ amount: 1110, currency: 'eur' })
  })

  test('that is sent to be paid is due when it says', () => {
    const sent = upcoming({ collection_method: 'send_invoice', next_payment_attempt: null, due_date: 1769817600 })
    expect(sent.data.dueDate).toBe('2026-01-31T00:00:00.000Z')
    const { data } = upcoming({ next_payment_attempt: null })
    expect(data.dueDate).toBe('2026-01-01T00:00:00.000Z')
  })

  test('has its own description as its title, else that of its first line that is no proration', () => {
    const line = (description: string | null, proration: boolean) => ({
      description,
      parent: { type: 'subscription_item_details', subscription_item_details: { proration } },
    })
    const lines = { data: [line('Remaining time on Studio Plus', true), line('3 × Seats (at £4.00 / month)', false)] }
    expect(upcoming({ lines }).data.title).toBe('3 × Seats')
    expect(upcoming({ lines, description: 'Your studio' }).data.title).toBe('Your studio')
    expect(upcoming({ lines }).data).not.toHaveProperty('untitled')
    expect(upcoming({ collection_method: 'charge_automatically' }).data.renews).toBe(true)
    expect(upcoming({ collection_method: 'send_invoice' }).data).not.toHaveProperty('renews')
    expect(upcoming({ lines: { data: [line(null, false)] } }).data).toMatchObject({
      title: 'Subscription',
      untitled: true,
    })
  })

  test.each([
    ['1 × Studio Plus (at £12.00 / month)', 'Studio Plus'],
    ['1 seat × Studio Plus (at $12.00 every 3 months)', 'Studio Plus'],
    ['1 Sitz × Studio Plus (zu 12,00\u00a0€ / Monat)', 'Studio Plus'],
    ['1 × Studio Plus (à 12,00 € / mois)', 'Studio Plus'],
    ['1 × Studio Plus (JPY 1200 / 月)', 'Studio Plus'],
    ['2 × Studio Plus (Tier 1 at ₹500.00 / month)', '2 × Studio Plus'],
    ['Gift card (€50)', 'Gift card (€50)'],
    ['Course (part 1 / 2)', 'Course (part 1 / 2)'],
    ['Yoga (2 lessons / week)', 'Yoga (2 lessons / week)'],
    ['1 1/2 × Board', '1 1/2 × Board'],
  ])('described as %j has the title %j', (description, title) => {
    expect(upcoming({ description: null, lines: { data: [{ description }] } }).data.title).toBe(title)
  })

  test('with an id is a preview all the same, and of no subscription is known by its customer', () => {
    const content = upcoming({ id: 'upcoming_in_1', parent: null, lines: { data: [] } })
    expect(content).toMatchObject({ reference: 'cus_1', references: ['cus_1'] })
  })
})

describe('a trial that ends', () => {
  const customer = { id: 'cus_1', object: 'customer', email: 'ada@example.com', name: 'Ada Lovelace' }
  const ending = (more: object) =>
    contentOf('customer.subscription.trial_will_end', subscription('2024-06-20', { customer, ...more }), {
      created: 1766966400,
    })
  const item = (more: object) => ({
    price: { unit_amount: 1200, currency: 'gbp', recurring: { usage_type: 'licensed' }, ...more },
    quantity: 1,
  })

  test('goes to the customer where they are expanded', () => {
    expect(ending({}).recipients).toEqual([ada])
  })

  test('is no news of a subscription that has none', () => {
    expect(
      translate('customer.subscription.trial_will_end', subscription('2025-03-31.basil', { trial_end: null })),
    ).toMatchObject({ kind: 'silent', reason: { code: 'nothing_new', params: { cause: 'no_trial' } } })
  })

  test('names the product where it is expanded, and never a price’s nickname', () => {
    expect(ending({}).data).not.toHaveProperty('planName')
    const items = { data: [item({ nickname: 'Not for them', product: { id: 'prod_1', name: 'Studio Plus' } })] }
    expect(ending({ items }).data.planName).toBe('Studio Plus')
    expect(ending({ description: 'Your studio' }).data.planName).toBe('Your studio')
  })

  test('costs what all of its items cost', () => {
    const items = { data: [item({}), { ...item({ unit_amount: 500 }), quantity: 3 }] }
    expect(ending({ items }).data.amount).toEqual({ amount: 2700, currency: 'gbp' })
  })

  test.each([
    ['a discount', { discount: { id: 'di_1' } }],
    ['discounts', { discounts: ['di_1'] }],
    ['a metered price', { items: { data: [item({ recurring: { usage_type: 'metered' } })] } }],
    ['tiers', { items: { data: [item({ unit_amount: null })] } }],
    ['packages', { items: { data: [item({ transform_quantity: { divide_by: 5, round: 'up' } })] } }],
    ['a price of nothing', { items: { data: [item({ unit_amount: 0 })] } }],
    ['no items', { items: { data: [] }, plan: null }],
    ['its own end', { cancel_at_period_end: true }],
    ['an end before', { cancel_at: 1767225600 }],
  ])('with %s says no price', (_name, more) => {
    const { data } = ending(more)
    expect(data).toMatchObject({ trialEndsAt: '2026-01-01T00:00:00.000Z' })
    expect(data).not.toHaveProperty('amount')
  })

  test.each([
    ['by its end', {}, '2026-01-01'],
    ['also when it was cut short', { trial_end: 1766966400 }, '2025-12-29'],
    ['by the end of its subscription', { status: 'canceled', ended_at: 1767052800 }, '2025-12-30'],
  ])('must be sent %s', (_name, more, day) => {
    expect(ending(more).expiresAt).toEqual(new Date(day))
  })

  test.each([
    ['a year', { interval: 'year', interval_count: 1 }, { interval: 'year', intervalCount: 1 }],
    ['3 months', { interval: 'month', interval_count: 3 }, { interval: 'month', intervalCount: 3 }],
    ['2 weeks', { interval: 'week', interval_count: 2 }, { interval: 'week', intervalCount: 2 }],
  ])('has a price for %s', (_name, recurring, period) => {
    const { data } = ending({ items: { data: [item({ recurring: { ...recurring, usage_type: 'licensed' } })] } })
    expect(data).toMatchObject({ amount: { amount: 1200, currency: 'gbp' }, ...period })
  })

  test('has no price where its items have several periods', () => {
    const data = ['month', 'year'].map((interval) => item({ recurring: { interval, usage_type: 'licensed' } }))
    expect(ending({ items: { data } }).data).not.toHaveProperty('amount')
  })

  describe('without a way to pay', () => {
    const none = { default_payment_method: null, default_source: null }
    const then = (missing_payment_method: string, more: object = {}) =>
      ending({ ...none, trial_settings: { end_behavior: { missing_payment_method } }, ...more }).data.outcome

    test('says what happens then', () => {
      expect(then('cancel')).toBe('no_payment_method')
      expect(then('pause')).toBe('paused')
      expect(then('create_invoice')).toBeUndefined()
      expect(then('cancel', { cancel_at_period_end: true })).toBe('cancelled')
    })

    test.each([
      ['the subscription has one', { default_payment_method: 'pm_9' }],
      ['it has an older one', { default_source: 'card_9' }],
      ['the customer has one', { customer: { ...customer, invoice_settings: { default_payment_method: 'pm_9' } } }],
      ['the customer has an older one', { customer: { ...customer, default_source: 'card_9' } }],
      ['it is paid by invoice', { collection_method: 'send_invoice' }],
    ])('but not where %s', (_name, more) => {
      expect(then('cancel', more)).toBeUndefined()
    })

    test('but not where the customer is not known', () => {
      const end = { trial_settings: { end_behavior: { missing_payment_method: 'cancel' } } }
      const of = subscription('2024-06-20', { ...none, ...end })
      expect(partOf('customer.subscription.trial_will_end', of).content.data).not.toHaveProperty('outcome')
    })
  })
})

test.each([
  ['cancellation_requested', 'cancellation_requested'],
  ['payment_disputed', undefined],
])('a subscription that ended because of %s says %s', (reason, shown) => {
  const ended = subscription('2024-06-20', { cancellation_details: { reason }, ended_at: null, canceled_at: null })
  const { data } = partOf('customer.subscription.deleted', ended).content
  expect(data.reason).toBe(shown)
  expect(data.endedAt).toBe('2026-01-01T00:00:00.000Z')
})

describe('a subscription that is changed', () => {
  const changed = (more: object, previous?: object) =>
    contentOf('customer.subscription.updated', subscription('2025-03-31.basil', more), {}, previous)

  test.each([
    ['at the end of its period', { cancel_at_period_end: true }],
    ['on a day within it', { cancel_at: 1767000000 }],
    ['at once', { status: 'canceled' }],
    ['unpaid, after the last failed try', { status: 'unpaid' }],
    ['before it began', { status: 'incomplete_expired' }],
    ['with a trial without a card', { status: 'paused' }],
    ['for a while', { pause_collection: { behavior: 'void', resumes_at: 1777225600 } }],
  ])('so that it ends %s stops what is said of its renewal', (_name, more) => {
    expect(changed(more)).toMatchObject({
      type: 'subscription.ending',
      sourceType: 'customer.subscription.updated',
      reference: 'sub_1',
      fact: 'subscription-cancelled:sub_1',
    })
  })

  test.each([
    ['was cancelled', { cancel_at_period_end: true, cancel_at: 1767225600 }],
    ['was unpaid', { status: 'unpaid' }],
    ['was paused', { pause_collection: { behavior: 'keep_as_draft' } }],
  ])('so that it goes on, where it %s, says so', (_name, previous) => {
    expect(changed({}, previous)).toMatchObject({
      type: 'subscription.resumed',
      fact: 'subscription-resumed:sub_1',
    })
  })

  test.each<[string, object, object?]>([
    ['in another way', {}],
    ['so that it ends after a later period', { cancel_at: 1777225600 }],
    ['so that a payment is overdue', { status: 'past_due' }, { status: 'active' }],
  ])('%s stops nothing', (_name, more, previous = {}) => {
    const updated = subscription('2025-03-31.basil', more)
    expect(translate('customer.subscription.updated', updated, {}, previous)).toMatchObject({
      kind: 'silent',
      content: { type: 'stripe:customer.subscription.updated' },
      reason: { code: 'nothing_new', params: { cause: 'still_renews' } },
    })
  })
})

describe('the operator is notified', () => {
  test('of a dispute', () => {
    const content = contentOf('charge.dispute.created', dispute, { account: 'acct_1', livemode: true })
    expect(content).toMatchObject({
      type: 'stripe:charge.dispute.created',
      reference: 'pi_1',
      references: ['pi_1', 'dp_1', 'ch_1'],
      livemode: true,
      recipients: [],
      fact: 'dispute:dp_1',
    })
    expect(content.data).toEqual({
      alert: 'dispute_created',
      amount: { amount: 5000, currency: 'eur' },
      isTaken: true,
      reason: 'product_not_received',
      objectId: 'dp_1',
      respondBy: '2026-01-14T23:59:59.000Z',
      account: 'acct_1',
    })
  })

  test('of a payout that failed', () => {
    const content = contentOf('payout.failed', failedPayout)
    expect(content).toMatchObject({ type: 'stripe:payout.failed', reference: 'po_1', fact: 'payout-failed:po_1' })
    expect(content.data).toEqual({
      alert: 'payout_failed',
      amount: { amount: 123_456, currency: 'eur' },
      reason: 'account_closed',
      objectId: 'po_1',
    })
  })

  test.each([
    ['lost', 'dispute_lost'],
    ['won', 'dispute_won'],
    ['charge_refunded', 'dispute_closed'],
    ['prevented', 'dispute_prevented'],
    ['under_review', 'dispute_under_review'],
    ['appeal_under_review', 'dispute_under_review'],
    ['warning_under_review', 'inquiry_under_review'],
    ['warning_closed', 'inquiry_closed'],
  ])('of a dispute that is %s, without a date to answer by', (status, alert) => {
    const { data } = contentOf('charge.dispute.created', { ...dispute, status })
    expect(data).toMatchObject({ alert, amount: { amount: 5000, currency: 'eur' } })
    expect(data).not.toHaveProperty('respondBy')
  })

  test('of the end of a dispute, once, also where it was decided when it was opened', () => {
    const ended = (type: string, status: string | null) => contentOf(type, { ...dispute, status })
    const lost = ended('charge.dispute.closed', 'lost')
    expect(lost).toMatchObject({ fact: 'dispute:dp_1:dispute_lost', data: { alert: 'dispute_lost' } })
    expect(ended('charge.dispute.created', 'lost').fact).toBe(lost.fact)
    expect(ended('charge.dispute.created', 'needs_response').fact).toBe('dispute:dp_1')
    expect(ended('charge.dispute.closed', 'warning_closed').data.alert).toBe('inquiry_closed')
    expect(ended('charge.dispute.closed', null).data.alert).toBe('dispute_closed')
    expect(ended('charge.dispute.closed', 'warning_needs_response').data.alert).toBe('inquiry_closed')
  })

  test.each([
    ['that can be refunded', true],
    ['that cannot', false],
  ])('of an inquiry about a payment %s', (_name, isRefundable) => {
    const inquiry = { ...dispute, status: 'warning_needs_response', is_charge_refundable: isRefundable }
    expect(contentOf('charge.dispute.created', inquiry).data).toMatchObject({
      alert: 'inquiry_opened',
      respondBy: '2026-01-14T23:59:59.000Z',
      isRefundable,
    })
  })

  test.each(['appeal_needs_response', 'a_status_of_next_year', null])(
    'of a dispute that is %s as of an open one',
    (status) => {
      expect(contentOf('charge.dispute.created', { ...dispute, status }).data.alert).toBe('dispute_created')
    },
  )

  test('of a debit that failed, with its sum', () => {
    const { data } = contentOf('payout.failed', { ...failedPayout, amount: -7001 }, { account: 'acct_7' })
    expect(data).toMatchObject({
      alert: 'debit_failed',
      amount: { amount: 7001, currency: 'eur' },
      account: 'acct_7',
    })
  })

  test('whatever little is known', () => {
    expect(contentOf('payout.failed', {}).data).toEqual({ alert: 'payout_failed' })
    expect(contentOf('charge.dispute.created', {}).data).toEqual({ alert: 'dispute_created', isTaken: true })
  })
})

describe('whatever stands in its fields, an event is translated or kept as incomplete:', () => {
  const odd = [null, 0, -1, 1e21, 8.64e12, '', 'text', '\0\u2028', true, [], [null], {}, { id: null }, { data: [[]] }]
  const objects: [string, object][] = [
    ['charge.refunded', refundedCharge('2020-08-27', [{ id: 're_1', amount: 1000 }])],
    ['invoice.upcoming', upcomingInvoice('2020-08-27')],
    ['invoice.upcoming', upcomingInvoice('2025-03-31.basil')],
    ['customer.subscription.trial_will_end', subscription('2020-08-27')],
    ['customer.subscription.deleted', subscription('2025-03-31.basil')],
    ['customer.subscription.updated', subscription('2025-03-31.basil', { pause_collection: null, cancel_at: null })],
    ['charge.dispute.created', dispute],
    ['charge.dispute.closed', dispute],
    ['refund.failed', { id: 're_1', object: 'refund', amount: 5, currency: 'eur', status: 'failed', charge: 'ch_1' }],
    ['payout.failed', failedPayout],
    ['payment_intent.succeeded', current.paymentIntent],
    [
      'payment_intent.payment_failed',
      { ...current.paymentIntent, invoice: { id: 'in_1', next_payment_attempt: null } },
    ],
    ['invoice.paid', current.invoice],
    ['invoice.payment_failed', current.invoice],
    ['checkout.session.completed', current.checkoutSession],
    ['checkout.session.async_payment_failed', current.checkoutSession],
  ]

  test.each(objects)('%s', (type, object) => {
    const changed = Object.keys(object).flatMap((field) => odd.map((value) => ({ ...object, [field]: value })))
    for (const each of [{}, ...changed]) {
      const translation = translate(type, each, {}, each)
      if (!translation.ok && translation.kind !== 'silent')
        expect(translation).toMatchObject({ kind: 'incomplete', fault: { code: expect.stringMatching(/^no_/) } })
    }
  })
})

test('a paused subscription ends, and a resumed one goes on', () => {
  const subscription = { object: 'subscription', id: 'sub_1', status: 'paused' }
  const typeOf = (type: string, object: Record<string, unknown>) => {
    const translation = translateStripe(Buffer.from(JSON.stringify(stripeEvent(type, object))))
    return translation.ok && translation.content.type
  }
  expect(typeOf('customer.subscription.paused', subscription)).toBe('subscription.ending')
  expect(typeOf('customer.subscription.resumed', { ...subscription, status: 'active' })).toBe('subscription.resumed')
})

test('a payout’s unknown failure is told in Stripe’s words, as a sentence', () => {
  const odd = {
    object: 'payout',
    id: 'po_2',
    amount: 5,
    currency: 'eur',
    failure_code: 'new',
    failure_message: 'not sent',
  }
  const translation = translateStripe(Buffer.from(JSON.stringify(stripeEvent('payout.failed', odd))))
  expect(translation.ok && translation.content.data.message).toBe('Not sent.')
})
