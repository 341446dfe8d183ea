// One payment, reported by several Stripe events: one notification a channel, in whatever order they come, in every API
// version, with a key to ask Stripe by and without.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { stripeEvent } from '../helper/events.ts'
import { type StripeVendor, startStripe } from '../helper/stripe-vendor.ts'
import { type EventAudit, keys, startWorld, type World } from '../helper/world.ts'

type Make = (more?: object) => Record<string, unknown>
let nth = 0

/** The events of one payment of a subscription by Checkout, as an API version renders them. */
function paymentOf(version: 'old' | 'basil', { pi, invoice, ch, cs, customer, amount = 4999, created }: Ids): Make[] {
  const person = { customer, currency: 'eur' }
  const intent = {
    ...person,
    id: pi,
    object: 'payment_intent',
    amount,
    amount_received: amount,
    receipt_email: 'ada@example.com',
    shipping: { name: 'Ada', phone: '+14155550123' },
    latest_charge: ch,
    ...(version === 'old' && { invoice }),
  }
  const bill = {
    ...person,
    id: invoice,
    object: 'invoice',
    amount_paid: amount,
    customer_email: 'ada@example.com',
    customer_phone: '+14155550123',
    ...(version === 'old' ? { payment_intent: pi, charge: ch } : { parent: {} }),
  }
  const session = {
    ...person,
    id: cs,
    object: 'checkout.session',
    mode: 'subscription',
    amount_total: amount,
    payment_status: 'paid',
    customer_details: { email: 'ada@example.com', phone: '+14155550123' },
    payment_intent: null,
    invoice,
  }
  return [
    (more) => stripeEvent('payment_intent.succeeded', intent, { created, ...more }),
    (more) => stripeEvent('invoice.paid', bill, { created: created + 1, ...more }),
    (more) => stripeEvent('checkout.session.completed', session, { created: created + 2, ...more }),
  ]
}

interface Ids {
  pi: string
  invoice: string
  ch: string
  cs: string
  customer: string
  amount?: number
  created: number
}

function idsOf(more: Partial<Ids> = {}): Ids {
  nth++
  const ids = { pi: `pi_${nth}`, invoice: `in_${nth}`, ch: `ch_${nth}`, cs: `cs_${nth}`, customer: `cus_${nth}` }
  stripe.invoices.set(ids.pi, ids.invoice)
  return { ...ids, created: 1_795_000_000, ...more }
}

function ordersOf<T>(all: T[]): T[][] {
  if (all.length < 2) return [all]
  return all.flatMap((one, i) => ordersOf(all.toSpliced(i, 1)).map((rest) => [one, ...rest]))
}

let stripe: StripeVendor
beforeAll(async () => {
  stripe = await startStripe()
})
afterAll(() => stripe.close())

describe.each(['with a key', 'without a key'])('%s', (which) => {
  let world: World
  const hasKey = which === 'with a key'
  beforeAll(async () => {
    world = await startWorld({ env: hasKey ? { STRIPE_API_KEY: 'rk_test_1', STRIPE_API_BASE: stripe.url } : {} })
  })
  beforeEach(() => {
    stripe.answers()
    stripe.requests.length = 0
  })
  afterAll(() => world.stop())

  async function told(event: object): Promise<EventAudit> {
    const { body } = await world.stripe(event)
    return world.event(body.id)
  }
  const made = (events: EventAudit[]) => events.flatMap(({ notifications }) => notifications)
  const onceEach = (events: EventAudit[]) =>
    expect(
      made(events)
        .map(({ channel, state }) => `${channel} ${state}`)
        .sort(),
    ).toEqual(['email sent', 'sms sent'])

  describe.each(['old', 'basil'] as const)('in the %s shape', (version) => {
    it.each(ordersOf([0, 1, 2]).map((order) => [order.join(' '), order] as const))(
      'in the order %s',
      async (_, order) => {
        const make = paymentOf(version, idsOf())
        const events: EventAudit[] = []
        for (const i of order) events.push(await told(make[i]?.() ?? {}))
        onceEach(events)
        const [first, ...later] = events
        for (const { omissions } of later)
          for (const { reason } of omissions)
            expect(reason).toMatchObject({ code: 'already_notified', text: expect.stringContaining(first?.id ?? '-') })
        for (const { omissions } of later) expect(omissions).toHaveLength(2)
      },
    )

    it('all at once, some of them twice under other ids', async () => {
      for (let round = 0; round < 5; round++) {
        const make = paymentOf(version, idsOf())
        const events = await Promise.all([...make, ...make].map((one) => told(one())))
        onceEach(events)
      }
    })
  })

  it('two payments of one customer and one amount, each by its own PaymentIntent, are both reported', async () => {
    const first = idsOf()
    const second = idsOf({ customer: first.customer })
    const events = await Promise.all(
      [first, second].flatMap((ids) => paymentOf('old', ids)).map((make) => told(make())),
    )
    expect(made(events)).toHaveLength(4)
  })

  it('a later event still notifies on a channel for which the first had no address', async () => {
    const ids = idsOf()
    const [intent, invoice] = paymentOf('old', ids)
    const silent = intent?.() as { data: { object: object } }
    silent.data.object = { ...silent.data.object, shipping: null }
    const events = [
      await told(silent),
      await told(invoice?.() ?? {}),
      await told({ ...silent, id: `evt_again_${ids.pi}` }),
    ]
    const all = made(events).map(({ channel, state, eventId }) => [channel, state, eventId])
    expect(all).toHaveLength(2)
    expect(events[0]?.omissions).toMatchObject([{ channel: 'sms', reason: { code: 'no_address' } }])
    expect(all).toContainEqual(['email', 'sent', events[0]?.id])
    expect(all).toContainEqual(['sms', 'sent', events[1]?.id])
  })

  it('a try that failed is reported once, and so is the next try', async () => {
    const ids = idsOf()
    const tries = (count: number, created: number) => [
      stripeEvent(
        'payment_intent.payment_failed',
        {
          id: ids.pi,
          object: 'payment_intent',
          amount: 700,
          currency: 'eur',
          customer: ids.customer,
          receipt_email: 'ada@example.com',
          last_payment_error: { charge: `${ids.ch}_${count}`, code: 'card_declined' },
        },
        { created },
      ),
      stripeEvent(
        'invoice.payment_failed',
        {
          id: ids.invoice,
          object: 'invoice',
          amount_due: 700,
          amount_remaining: 700,
          attempt_count: count,
          currency: 'eur',
          customer: ids.customer,
          customer_email: 'ada@example.com',
        },
        { created },
      ),
    ]
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const count = order[0] === 0 ? 1 : 2
      const both = tries(count, 1_795_000_000 + count * 86_400)
      const events: EventAudit[] = []
      for (const i of order) events.push(await told(both[i] ?? {}))
      expect(made(events).filter(({ channel }) => channel === 'email')).toHaveLength(1)
    }
  })

  describe.each(['old', 'basil'] as const)(
    'a manual retry, which no invoice counts, is told as the try that it is (%s)',
    (version) => {
      const hours25 = 25 * 3600
      /** The PaymentIntent’s event of a try and the invoice’s, which both say that it was the first. */
      const triesOf = (ids: Ids) =>
        [1, 2].map((nth) => {
          const person = { customer: ids.customer, currency: 'eur' }
          const charge = `${ids.ch}_${nth}`
          const intent = {
            ...person,
            id: ids.pi,
            object: 'payment_intent',
            amount: 700,
            receipt_email: 'ada@example.com',
            last_payment_error: { charge, code: 'card_declined' },
            ...(version === 'old' && { invoice: ids.invoice }),
          }
          const invoice = {
            ...person,
            id: ids.invoice,
            object: 'invoice',
            amount_due: 700,
            amount_remaining: 700,
            attempt_count: 1,
            customer_email: 'ada@example.com',
            ...(version === 'old' && { payment_intent: ids.pi, charge }),
          }
          const created = 1_795_000_000 + (nth - 1) * hours25
          return [
            () => stripeEvent('payment_intent.payment_failed', intent, { created }),
            () => stripeEvent('invoice.payment_failed', invoice, { created: created + 2 }),
          ]
        })

      it.each([
        ['the invoice alone', [1]],
        ['the PaymentIntent alone', [0]],
        ['the PaymentIntent first', [0, 1]],
        ['the invoice first', [1, 0]],
        ['each twice', [0, 1, 1, 0]],
        ['each twice, the other way round', [1, 1, 0, 0]],
      ])('%s', async (_, order) => {
        for (const aTry of triesOf(idsOf())) {
          const events: EventAudit[] = []
          for (const i of order) events.push(await told(aTry[i]?.() ?? {}))
          expect(made(events).map(({ channel, state, eventId }) => [channel, state, eventId])).toEqual([
            ['email', 'sent', events[0]?.id],
          ])
        }
      })

      it('all of both at once', async () => {
        for (let round = 0; round < 5; round++) {
          const tries = triesOf(idsOf()).flat()
          const events = await Promise.all([...tries, ...tries].map((one) => told(one())))
          expect(made(events).filter(({ channel }) => channel === 'email')).toHaveLength(2)
        }
      })
    },
  )

  it('a stream of payments, shuffled, with repeats: as many messages as payments', async () => {
    const random = seeded(7)
    const payments = Array.from({ length: 12 }, (_, i) =>
      idsOf({ customer: `cus_stream_${which}_${i % 3}`, amount: 100 + i, created: 1_795_000_000 + i * 60 }),
    )
    const events = payments.flatMap((ids, i) => {
      const make = paymentOf(i % 2 ? 'old' : 'basil', ids)
      return [...make, ...make.filter(() => random() < 0.4)].map((one) => one())
    })
    const shuffled = events.map((event) => [random(), event] as const).sort(([a], [b]) => a - b)
    const audits = await Promise.all(shuffled.map(([, event]) => told(event)))
    for (const channel of ['email', 'sms'])
      expect(made(audits).filter((n) => n.channel === channel)).toHaveLength(payments.length)
  })

  it('two that were reported as two, until a third event links them: nothing more is sent, not even by a replay', async () => {
    const ids = idsOf()
    stripe.invoices.delete(ids.pi)
    const [intent, invoice] = paymentOf('basil', ids)
    const apart = [await told(invoice?.({ created: ids.created - 86_400 }) ?? {}), await told(intent?.() ?? {})]
    expect(made(apart)).toHaveLength(4)
    const [linking] = paymentOf('old', ids)
    const third = await told({ ...linking?.(), id: `evt_linking_${ids.pi}` })
    expect(third.notifications).toEqual([])
    expect(third.omissions.map(({ reason }) => reason.code)).toEqual(['already_notified', 'already_notified'])
    for (const { id } of [...apart, third]) {
      const headers = { authorization: `Bearer ${keys.operator}`, 'content-type': 'application/json' }
      expect((await world.send(`/v1/events/${id}/replay`, '', headers)).body).toMatchObject({ counts: { willSend: 0 } })
    }
    const { rows } = await world.db.query('select names from payments where names && $1', [[ids.pi, ids.invoice]])
    expect(rows.map(({ names }) => [...names].sort())).toEqual([[ids.ch, ids.invoice, ids.pi].sort()])
  })

  it('a try that failed and is reported late is held back, whichever name the success was reported under', async () => {
    const ids = idsOf()
    const [intent, , session] = paymentOf('old', ids)
    await told(session?.() ?? {})
    await told(intent?.() ?? {})
    const failed = await told(
      stripeEvent(
        'payment_intent.payment_failed',
        {
          id: ids.pi,
          object: 'payment_intent',
          amount: 4999,
          currency: 'eur',
          customer: ids.customer,
          invoice: ids.invoice,
          receipt_email: 'ada@example.com',
        },
        { created: ids.created + 60 },
      ),
    )
    expect(failed.notifications.find(({ channel }) => channel === 'email')).toMatchObject({
      state: 'cancelled',
      reason: { code: 'superseded' },
    })
  })

  it('two payments of one customer and sum, with two orders or with and without an invoice, are both reported', async () => {
    const ids = idsOf()
    const [, , session] = paymentOf('basil', ids)
    const bought = session?.() as { data: { object: object } }
    bought.data.object = { ...bought.data.object, metadata: { orderNumber: 'SUB-1' } }
    const intent = (id: string, more: object) => {
      const { customer } = ids
      const of = { id, object: 'payment_intent', amount: 4999, amount_received: 4999, currency: 'eur', customer }
      const created = ids.created + 240
      return stripeEvent('payment_intent.succeeded', { ...of, receipt_email: 'ada@example.com', ...more }, { created })
    }
    const events = [
      await told(bought),
      await told(intent(`${ids.pi}_b`, { metadata: { order_number: 'BOOK-2' } })),
      await told(intent(`${ids.pi}_c`, { invoice: null })),
    ]
    expect(events.map(({ notifications }) => notifications.some(({ state }) => state === 'sent'))).toEqual([
      true,
      true,
      true,
    ])
    const again = await told(intent(`${ids.pi}_b`, { metadata: { order_number: 'BOOK-2' } }))
    expect(again.notifications).toEqual([])
  })

  describe('an invoice paid in three parts', () => {
    const amounts = [5000, 2500, 1500]
    /** The PaymentIntents name the invoice themselves, or Stripe does if it is asked. */
    const partsOf = (ids: Ids) => [
      ...amounts.map((amount, i) => {
        const id = `${ids.pi}_${i}`
        if (hasKey) stripe.invoices.set(id, ids.invoice)
        const of = { id, object: 'payment_intent', amount, amount_received: amount, customer: ids.customer }
        const said = hasKey ? {} : { payment_details: { order_reference: ids.invoice } }
        const person = { currency: 'eur', receipt_email: 'ada@example.com', latest_charge: `${ids.ch}_${i}` }
        return stripeEvent('payment_intent.succeeded', { ...of, ...person, ...said }, { created: ids.created + i })
      }),
      stripeEvent(
        'invoice.paid',
        {
          ...{ id: ids.invoice, object: 'invoice', amount_paid: 9000, currency: 'eur', customer: ids.customer },
          ...{ customer_email: 'ada@example.com', parent: {} },
        },
        { created: ids.created + 3 },
      ),
    ]
    const emailsOf = (events: EventAudit[]) => events.map((e) => e.notifications.some((n) => n.channel === 'email'))

    it.each([
      ['the parts first', [0, 1, 2, 3], [true, true, true, false]],
      ['the invoice after a part', [1, 3, 0, 2], [true, false, true, true]],
      ['the invoice first, which tells them all', [3, 2, 0, 1], [true, false, false, false]],
      ['each twice', [2, 2, 1, 1, 0, 0], [true, false, true, false, true, false]],
    ])('is reported once for each part: %s', async (_, order, told_) => {
      const all = partsOf(idsOf())
      const events: EventAudit[] = []
      for (const i of order) events.push(await told({ ...all[i], id: `evt_${crypto.randomUUID()}` }))
      expect(emailsOf(events)).toEqual(told_)
    })

    it.each(ordersOf([0, 1, 2, 3]).map((order) => [order.join(' '), order] as const))(
      'is reported by its parts, or as a whole if it comes first, in the order %s',
      async (_, order) => {
        const all = partsOf(idsOf())
        const events: EventAudit[] = []
        for (const i of order) events.push(await told(all[i] ?? {}))
        expect(emailsOf(events)).toEqual(order.map((i) => (order[0] === 3 ? i === 3 : i !== 3)))
      },
    )

    it('is reported once for each part if all parts come at the same time, some of them twice', async () => {
      for (let round = 0; round < 3; round++) {
        const parts = partsOf(idsOf()).slice(0, 3)
        const again = parts.slice(1).map((event) => ({ ...event, id: `evt_${crypto.randomUUID()}` }))
        const events = await Promise.all([...parts, ...again].map((event) => told(event)))
        expect(emailsOf(events).filter(Boolean)).toHaveLength(3)
      }
    })
  })

  if (!hasKey) {
    describe('an invoice paid in parts that do not name it', () => {
      const partsOf = ({ pi, ch, invoice, customer, created }: Ids) => {
        const person = { currency: 'eur', customer }
        const parts = [5000, 2500, 1500].map((amount, i) => {
          const of = { id: `${pi}_${i}`, object: 'payment_intent', amount, amount_received: amount }
          const intent = { ...person, ...of, receipt_email: 'ada@example.com', latest_charge: `${ch}_${i}` }
          return stripeEvent('payment_intent.succeeded', intent, { created: created + (i - 2) * 86_400 })
        })
        const of = { id: invoice, object: 'invoice', amount_paid: 9000, customer_email: 'ada@example.com', parent: {} }
        return [...parts, stripeEvent('invoice.paid', { ...person, ...of }, { created: created + 3 })]
      }
      const emailsOf = (events: EventAudit[]) => events.map((e) => e.notifications.some((n) => n.channel === 'email'))

      it.each(ordersOf([0, 1, 2, 3]).map((order) => [order.join(' '), order] as const))(
        'is reported, with no more messages than it has parts, if its events come soon after each other in the order %s',
        async (_, order) => {
          const all = partsOf(idsOf())
          const coming = order.map((i) => told({ ...all[i], id: `evt_${crypto.randomUUID()}` }).then((e) => ({ i, e })))
          const events = (await Promise.all(coming)).sort((one, other) => one.i - other.i).map(({ e }) => e)
          // The first parts are days old, so the invoice does not wait for the last, and may be reported in its place.
          const [a, b, c, whole] = emailsOf(events)
          expect(whole || (a && b && c)).toBe(true)
          expect([a, b, c, whole].filter(Boolean).length).toBeLessThanOrEqual(3)
          const again = await told({ ...all[order[0] ?? 0], id: `evt_${crypto.randomUUID()}` })
          expect(again.notifications).toEqual([])
        },
      )

      it('is reported once for each part if the last one and it come at the same time', async () => {
        for (let round = 0; round < 3; round++) {
          const [a = {}, b = {}, c = {}, invoice = {}] = partsOf(idsOf())
          const before = [await told(a), await told(b)]
          expect(emailsOf([...before, ...(await Promise.all([told(invoice), told(c)]))]).filter(Boolean)).toHaveLength(
            3,
          )
        }
      })

      // From here on, parts wait for the events that may link them.
      it('is the whole that is reported if it comes first, once other events link its parts to it', async () => {
        const all = partsOf(idsOf())
        const links = all.slice(0, 3).map((part) => {
          const payment = { type: 'payment_intent', payment_intent: idIn(part) }
          const link = { id: `inpay_${idIn(part)}`, object: 'invoice_payment', invoice: idIn(all[3]), status: 'paid' }
          return stripeEvent('invoice_payment.paid', { ...link, payment })
        })
        const events = await Promise.all(links.map((link) => told(link)))
        for (const { status, reason } of events) expect([status, reason?.code]).toEqual(['ignored', 'nothing_new'])
        for (const i of [3, 0, 1, 2]) events.push(await told(all[i] ?? {}))
        expect(emailsOf(events)).toEqual([false, false, false, true, false, false, false])
      })
    })
  }

  if (hasKey) {
    it('what Stripe says has no invoice is not the payment of one', async () => {
      const ids = idsOf()
      stripe.invoices.delete(ids.pi)
      const [intent, invoice] = paymentOf('basil', ids)
      const events = [await told(invoice?.() ?? {}), await told(intent?.() ?? {})]
      expect(events.map(({ notifications }) => notifications.length)).toEqual([2, 2])
    })

    it('what Stripe says links two that nothing else does, and both names find the event', async () => {
      const ids = idsOf()
      const [intent, invoice] = paymentOf('basil', ids)
      const hours = await told(intent?.({ created: 1_795_000_000 - 7200 }) ?? {})
      onceEach([hours, await told(invoice?.() ?? {})])
      const { body } = await world.get<{ data: { id: string }[] }>(`/v1/events?reference=${ids.invoice}`)
      expect(body.data.map(({ id }) => id)).toContain(hours.id)
    })

    it('a Stripe that is away holds no message up: what is alike is one', async () => {
      stripe.answer('reset-after-read')
      onceEach(await Promise.all(paymentOf('basil', idsOf()).map((make) => told(make()))))
    })
  }
})

function idIn(event: Record<string, unknown> | undefined): string {
  return (event as { data: { object: { id: string } } }).data.object.id
}

/** A linear congruential generator: the same numbers each time. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
