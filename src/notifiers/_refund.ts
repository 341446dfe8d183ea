// Writes the refund that comes with a cancellation.
import type { Money } from '../domain/money.ts'
import type { Formats } from '../i18n/formats.ts'

/** Null for a refund of zero, by which some backends mean none. */
export function refundShown(refund: Money | null | undefined, to: Formats): string | null {
  return refund && refund.amount > 0 ? to.money(refund) : null
}
