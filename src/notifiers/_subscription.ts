// The events with which a subscription ends, so that nothing more is said of its renewal.

export const subscriptionEnds: readonly string[] = ['subscription.cancelled', 'subscription.ending']
