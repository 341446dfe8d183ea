// What a vendor says may name the person or the key it was given. Everything an outcome keeps
// passes through here, in define-provider.ts, before the audit or a log can see it.
import type { Outcome } from '../attempt.ts'

const maxTextLength = 300
// The patterns below take quadratic time on one endless word, and a vendor's body may be a megabyte of it.
const maxReadLength = 2_000
const email = /[^\s<>()[\]",;:'`=]+@[^\s<>()[\]",;:'`=]+/g
// Left as they are: IP addresses (which host refused us) and dates. Taken out: 7 digits or more, grouped or not.
const number =
  /(?<![\w.-])(\d{1,3}(?:\.\d{1,3}){3}(?!\d)|\d{4}-\d{2}-\d{2}(?!\d)|\+?\(?\d(?:[ ().-]{0,2}\d){6,14})(?!\w)/g
const blanks = /[\s\p{Cc}]+/gu

/** A vendor's words, fit to be kept and shown: one line, short, without email addresses and phone numbers. */
export function redact(text: string): string {
  const shown = oneLine(text.slice(0, maxReadLength))
    .replace(email, '[address]')
    .replace(number, (found) => (/^(\d{1,3}(\.\d{1,3}){3}|\d{4}-\d{2}-\d{2})$/.test(found) ? found : '[address]'))
  return shown.length <= maxTextLength ? shown : `${shown.slice(0, maxTextLength - 1)}…`.toWellFormed()
}

/** An outcome without addresses, nor any of `secrets` or `addresses` where they appear in a form that redact does not know. */
export function redactOutcome(outcome: Outcome, secrets: string[], addresses: string[]): Outcome {
  const clean = { ...outcome }
  if (clean.text !== undefined)
    clean.text = redact(without(without(clean.text, secrets, '[secret]'), addresses, '[address]'))
  if (clean.kind === 'accepted') clean.ref = clean.ref && oneLine(clean.ref).slice(0, 200)
  else
    clean.code =
      without(clean.code, [...secrets, ...addresses], '')
        .replace(/[^\w.-]/g, '')
        .slice(0, 64) || 'unnamed'
  return clean
}

function oneLine(text: string): string {
  return text.toWellFormed().replace(blanks, ' ').trim()
}

function without(text: string, words: string[], instead: string): string {
  return words.reduce((rest, word) => (word.length < 4 ? rest : rest.replaceAll(word, instead)), text)
}
