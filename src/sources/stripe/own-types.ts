// Stripe's events that keep Stripe's type and notify people as events of our types do.
export const ownTypes = {
  'customer.subscription.trial_will_end': 'subscription.trial_ending',
  'customer.subscription.deleted': 'subscription.cancelled',
  'charge.dispute.created': 'operator.alert',
  'charge.dispute.closed': 'operator.alert',
  'payout.failed': 'operator.alert',
  'refund.failed': 'operator.alert',
  'refund.updated': 'operator.alert',
  'charge.refund.updated': 'operator.alert',
}
