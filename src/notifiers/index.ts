// The notifiers that ship. Adding one is its file, its email under emails/, and its line here.
import type { Notifier } from './notifier.ts'
import orderAccepted from './order-accepted.ts'
import orderCancelled from './order-cancelled.ts'
import orderConfirmation from './order-confirmation.ts'
import orderConfirmed from './order-confirmed.ts'
import orderDelivered from './order-delivered.ts'
import orderOutForDelivery from './order-out-for-delivery.ts'
import orderShipped from './order-shipped.ts'
import paymentFailed from './payment-failed.ts'
import paymentReceived from './payment-received.ts'
import paymentTimedOut from './payment-timed-out.ts'
import refundProcessed from './refund-processed.ts'

export const notifiers: Notifier[] = [
  orderConfirmation,
  orderAccepted,
  orderConfirmed,
  orderShipped,
  orderOutForDelivery,
  orderDelivered,
  orderCancelled,
  paymentReceived,
  paymentFailed,
  paymentTimedOut,
  refundProcessed,
]

/** Those that listen to an event type; none means that the event is kept and ignored. */
export function notifiersFor(type: string): Notifier[] {
  return notifiers.filter(({ on }) => on.includes(type))
}
