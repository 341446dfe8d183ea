// The list of notifiers. A new one needs its file and two lines here.
import { type Reason, reason } from '../domain/reason.ts'
import { nearestName, synonymsOf } from '../wire/nearest-name.ts'
import demoFollowUp from './demo-follow-up.ts'
import enrollmentCancelled from './enrollment-cancelled.ts'
import enrollmentConfirmation from './enrollment-confirmation.ts'
import installmentOverdue from './installment-overdue.ts'
import installmentPaid from './installment-paid.ts'
import installmentReminder from './installment-reminder.ts'
import newContent from './new-content.ts'
import { isForRecipients, type Notifier } from './notifier.ts'
import operatorAlert from './operator-alert.ts'
import orderAccepted from './order-accepted.ts'
import orderCancelled from './order-cancelled.ts'
import orderConfirmation from './order-confirmation.ts'
import orderConfirmed from './order-confirmed.ts'
import orderDelivered from './order-delivered.ts'
import orderOutForDelivery from './order-out-for-delivery.ts'
import orderShipped from './order-shipped.ts'
import paymentDue from './payment-due.ts'
import paymentFailed from './payment-failed.ts'
import paymentReceived from './payment-received.ts'
import paymentTimedOut from './payment-timed-out.ts'
import refundProcessed from './refund-processed.ts'
import scheduleCallback from './schedule-callback.ts'
import subscriptionCancelled from './subscription-cancelled.ts'
import subscriptionEnding from './subscription-ending.ts'
import trialEnding from './trial-ending.ts'
import weeklyProgress from './weekly-progress.ts'

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
  paymentDue,
  paymentTimedOut,
  refundProcessed,
  enrollmentConfirmation,
  enrollmentCancelled,
  installmentReminder,
  installmentOverdue,
  demoFollowUp,
  newContent,
  weeklyProgress,
  trialEnding,
  subscriptionCancelled,
  operatorAlert,
]

/** Notifiers that only call apps: no copy, no previews. */
const callbackOnly: Notifier[] = [scheduleCallback]

/** Notifiers without messages: they make their event types known, so that those can stop other messages. */
const withoutMessages: Notifier[] = [installmentPaid, subscriptionEnding]

/** The notifiers for events that senders may post. */
export const postedNotifiers: readonly Notifier[] = [...notifiers, ...withoutMessages]

const all = [...postedNotifiers, ...callbackOnly]
const stopTypes = new Set(all.flatMap(({ stoppedBy, timer }) => [...(stoppedBy ?? []), ...(timer?.stoppedBy ?? [])]))

/** The notifiers that listen to an event type; where there are none, the event is stored and ignored. */
export function notifiersFor(type: string): Notifier[] {
  return all.filter(({ on }) => on.includes(type))
}

const knownTypes = postedNotifiers.flatMap(({ on }) => on)

/** What shops and payment services call them. */
const synonyms = synonymsOf({
  'payment.received':
    'payment.succeeded payment.success payment.successful payment.paid payment.completed payment.captured order.paid',
  'payment.failed': 'payment.declined payment.unsuccessful',
  'order.created': 'order.placed order.received order.new',
  'order.shipped': 'order.fulfilled order.dispatched order.sent shipment.created shipment.shipped',
  'order.delivered': 'order.arrived shipment.delivered',
  'order.cancelled': 'order.voided',
  'refund.processed':
    'refund.created refund.succeeded refund.completed refund.issued payment.refunded order.refunded charge.refunded',
  'enrollment.created': 'enrollment.confirmed enrollment.started',
  'subscription.cancelled': 'subscription.deleted subscription.ended',
  'subscription.trial_ending': 'trial.ending subscription.trial_will_end',
  'installment.overdue': 'installment.late',
})

/** The known type that a sender probably meant by an unknown one; null if none is near. */
export function nearestType(type: string): string | null {
  const nearest = nearestName(type, knownTypes, synonyms)
  return nearest === type ? null : nearest
}

/** Why an event of an unknown type is ignored. */
export function noNotifier(type: string): Reason {
  const nearest = nearestType(type)
  return reason('no_notifier', nearest === null ? {} : { nearest })
}

/** Who is notified of a type: people whom the event must name, only others (the operator, apps), or nobody. */
export function audienceOf(type: string): 'people' | 'others' | 'nobody' {
  const listening = notifiersFor(type)
  if (listening.length === 0) return 'nobody'
  return listening.some(isForRecipients) ? 'people' : 'others'
}

/** The types of events that stop the messages of a notifier that wait. */
export function stopsOf(name: string): readonly string[] {
  return all.find((one) => one.name === name)?.stoppedBy ?? []
}

/** The types of events that stop a timer that emits this type. */
export function timerStops(emits: string): readonly string[] {
  return all.find(({ timer }) => timer?.emits === emits)?.timer?.stoppedBy ?? []
}

/** Whether a notifier tells the operator, and no customer. */
export function isForOperator(name: string): boolean {
  return all.some((one) => one.name === name && one.audience === 'operator')
}

/** Whether events of a type stop other messages or timers. */
export function supersedesOthers(type: string): boolean {
  return stopTypes.has(type)
}
