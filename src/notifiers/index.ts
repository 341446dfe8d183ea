// The notifiers that ship. Adding one is its file, its email under emails/, and its line here.
import demoFollowUp from './demo-follow-up.ts'
import enrollmentCancelled from './enrollment-cancelled.ts'
import enrollmentConfirmation from './enrollment-confirmation.ts'
import installmentOverdue from './installment-overdue.ts'
import installmentPaid from './installment-paid.ts'
import installmentReminder from './installment-reminder.ts'
import newContent from './new-content.ts'
import { type Notifier, tellsRecipients } from './notifier.ts'
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

/** They tell apps alone: no words, no previews. */
const toApps: Notifier[] = [scheduleCallback]

/** They tell nobody: their types are known, so that they can stop what others would say. */
const silent: Notifier[] = [installmentPaid]

const all = [...notifiers, ...toApps, ...silent]
const stoppers = new Set(all.flatMap(({ stoppedBy, timer }) => [...(stoppedBy ?? []), ...(timer?.stoppedBy ?? [])]))

/** Those that listen to an event type; none means that the event is kept and ignored. */
export function notifiersFor(type: string): Notifier[] {
  return all.filter(({ on }) => on.includes(type))
}

/** Who hears of a type: people whom the event names (then its sender must say whom), others alone, or nobody. */
export function whoListens(type: string): 'people' | 'others' | 'nobody' {
  const listening = notifiersFor(type)
  if (listening.length === 0) return 'nobody'
  return listening.some(tellsRecipients) ? 'people' : 'others'
}

/** Whether events of a type stop a message or a timer of others. */
export function stopsOthers(type: string): boolean {
  return stoppers.has(type)
}
