// Why an order was cancelled or money was refused or given back, as far as the person it concerns may read it. Senders
// write words or a code of theirs: words are shown, a code that the catalog knows is put into words, and any other is
// left out, as it would tell a person nothing.
import type { Say } from '../../emails/_parts/words.ts'

/** `item_lost`, `E42`, `stock.none` and `other` are codes, alone or as `inventory_sync` within; `Damaged.` is a word. */
function isCode(text: string): boolean {
  if (!/^[!-~]+$/.test(text)) return /[a-z]_[a-z]/.test(text)
  return /[_\d]|\.\S|^[a-z]/.test(text)
}

/** Of money that was refused any code tells too much, so one word is taken for a code, and none may stand in a sentence. */
function mayHoldCode(text: string): boolean {
  return /^[!-~]*$/.test(text) || /\w_\w/.test(text)
}

/** The words for a code that the catalog has, else the reason where it is no code and calls nobody a fraud. */
function told(reason: string | null | undefined, say: Say, isHidden: (text: string) => boolean): string | null {
  const text = reason?.trim() ?? ''
  const words = `reason.${text.toLowerCase().replace(/[\s-]+/g, '_')}`
  if (say.has(words)) return say.text(words)
  return text === '' || isHidden(text) || /fraud/i.test(text) ? null : text
}

/** Of an order or a refund: `requested_by_customer` is `reason.requested_by_customer` of the words, `Damaged` is itself. */
export function reasonFor(reason: string | null | undefined, say: Say): string | null {
  return told(reason, say, isCode)
}

/** Of a payment that failed, where a code that has no words must not be read in any form. */
export function declineReasonFor(reason: string | null | undefined, say: Say): string | null {
  return told(reason, say, mayHoldCode)
}
