// The reason of a cancellation, refund or failed payment, as the recipient may read it. Senders give a sentence or a code: a
// sentence is shown, a code with a translation is translated, and any other code is omitted.
import type { Translate } from '../../emails/_parts/words.ts'

/** `item_lost`, `E42`, `stock.none` and `other` are codes, and so is a text with `inventory_sync` in it; `Damaged.` is not. */
function isCode(text: string): boolean {
  if (!/^[!-~]+$/.test(text)) return /[a-z]_[a-z]/.test(text)
  return /[_\d]|\.\S|^[a-z]/.test(text)
}

/** A decline code must not be shown, so a single word counts as a code, and so does a sentence that holds one. */
function mayHoldCode(text: string): boolean {
  return /^[!-~]*$/.test(text) || /\w_\w/.test(text)
}

/** The translation of a known code, else the reason itself, unless it is hidden or mentions fraud. */
function shownReason(
  reason: string | null | undefined,
  t: Translate,
  isHidden: (text: string) => boolean,
): string | null {
  const text = reason?.trim() ?? ''
  const key = `reason.${text.toLowerCase().replace(/[\s-]+/g, '_')}`
  if (t.has(key)) return t.text(key)
  return text === '' || isHidden(text) || /fraud/i.test(text) ? null : text
}

/** For an order or a refund: `requested_by_customer` is shown translated, `Damaged` as it is. */
export function reasonFor(reason: string | null | undefined, t: Translate): string | null {
  return shownReason(reason, t, isCode)
}

/** For a failed payment: a code without a translation must not be shown in any form. */
export function declineReasonFor(reason: string | null | undefined, t: Translate): string | null {
  return shownReason(reason, t, mayHoldCode)
}
