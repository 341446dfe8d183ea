// What a vendor says may name the person or the key it was given. Everything an outcome keeps
// passes through here, in define-provider.ts, before the audit or a log can see it.
import type { Outcome } from '../../domain/attempt.ts'
import { oneLine, redact } from '../../privacy/redact.ts'

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

function without(text: string, words: string[], instead: string): string {
  return words.reduce((rest, word) => (word.length < 4 ? rest : rest.replaceAll(word, instead)), text)
}
