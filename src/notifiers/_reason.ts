// Why an order was cancelled or money was refused or given back, as far as the person it concerns may read it. Senders
// write a sentence or a code of theirs: a sentence is shown, a code that the words know is put into words, and any
// other is left out, as it would tell a person nothing.
import type { Say } from '../../emails/_parts/words.ts'

/** The reason where it is a sentence for people: no code, alone or within, and nothing that calls them a fraud. */
function sentenceOf(reason: string | null | undefined): string | null {
  const text = reason?.trim() ?? ''
  const isCode = /^[!-~]*$/.test(text)
  return isCode || /\w_\w|fraud/i.test(text) ? null : text
}

/** The same, and codes in words: `requested_by_customer` is `reason.requested_by_customer` of the words. */
export function reasonFor(reason: string | null | undefined, say: Say): string | null {
  const code = (reason ?? '').trim().toLowerCase()
  const words = `reason.${code.replace(/[\s-]+/g, '_')}`
  return say.has(words) ? say.text(words) : sentenceOf(reason)
}
