// The events of an invoice that PaymentIntents pay in parts, and what of them was reported once all have come.
import { expect } from 'vitest'
import { plan } from '../../src/plan/plan.ts'
import { partsComeWithinMs } from '../../src/policy/payment-parts.ts'
import { stripeEvent } from './events.ts'
import type { Stage } from './stage.ts'

let nth = 0

/**
 * The events of one invoice by name: each part under the name of its amount, what links it to the invoice under the capital
 * letter, and `V` of the invoice.
 */
export function eventsOf(
  stage: Stage,
  amounts: Record<string, number>,
  { of = {}, more = {} }: { of?: object; more?: Record<string, object> } = {},
): Record<string, object> {
  const n = ++nth
  const created = stage.clock.now().getTime() / 1000
  const person = { customer: `cus_${n}`, currency: 'eur', ...of }
  const sum = Object.values(amounts).reduce((one, other) => one + other, 0)
  const invoice = { id: `in_${n}`, object: 'invoice', amount_paid: sum, customer_email: 'ada@example.com', parent: {} }
  const whole = { ...person, ...invoice, ...more.V }
  const events: Record<string, object> = { V: stripeEvent('invoice.paid', whole, { created }) }
  for (const [name, amount] of Object.entries(amounts)) {
    const id = `pi_${n}${name}`
    const of = { id, object: 'payment_intent', amount, amount_received: amount }
    const reached = { receipt_email: 'ada@example.com', latest_charge: `ch_${n}${name}` }
    const intent = { ...person, ...of, ...reached, ...more[name] }
    const link = { id: `inpay_${n}${name}`, object: 'invoice_payment', invoice: invoice.id, status: 'paid' }
    const payment = { type: 'payment_intent', payment_intent: id }
    events[name] = stripeEvent('payment_intent.succeeded', intent, { created })
    events[name.toUpperCase()] = stripeEvent('invoice_payment.paid', { ...link, payment }, { created })
  }
  return events
}

/** Accepts a webhook of Stripe and plans it once. */
export async function come(stage: Stage, event: object): Promise<string> {
  const raw = Buffer.from(JSON.stringify(event))
  const of = { source: 'stripe', sourceId: `evt_${crypto.randomUUID()}`, raw, reportsFaultsToSender: false }
  const id = await stage.accepted(event, of)
  await plan(stage.ctx, id)
  return id
}

/** Those of the events that wait. */
export async function waitingOf(stage: Stage, ids: string[]): Promise<string[]> {
  const { rows } = await stage.db.query(`select id from events where id = any($1) and status = 'accepted'`, [ids])
  return rows.map(({ id }) => id)
}

/** The names of the events that notified, once no event waits any longer. */
export async function toldOf(stage: Stage, names: Map<string, string>): Promise<string> {
  const ids = [...names.keys()]
  stage.clock.advance(partsComeWithinMs)
  for (const id of ids) await plan(stage.ctx, id)
  expect(await waitingOf(stage, ids)).toEqual([])
  expect((await stage.db.query('select fact from payments where waiting_event = any($1)', [ids])).rows).toEqual([])
  const { rows } = await stage.db.query('select event_id from notifications where event_id = any($1)', [ids])
  return rows
    .map((row) => names.get(row.event_id))
    .sort()
    .join('')
}

export function ordersOf<T>(all: T[]): T[][] {
  if (all.length < 2) return [all]
  return all.flatMap((one, i) => ordersOf(all.toSpliced(i, 1)).map((rest) => [one, ...rest]))
}
