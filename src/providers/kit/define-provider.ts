// Every provider is made through here: the one place where outcomes lose addresses and keys.
import type { Outcome } from '../../domain/attempt.ts'
import type { Channel } from '../../domain/notification.ts'
import { oneLine, redact } from '../../privacy/redact.ts'
import type { Provider } from '../provider.ts'

/** The same provider, whose outcomes name neither the recipient nor any of `secrets`. */
export function defineProvider<C extends Channel>(secrets: string[], provider: Provider<C>): Provider<C> {
  return {
    ...provider,
    async send(message, options) {
      const outcome = await provider.send(message, options)
      return redactOutcome(outcome, secrets, [message.to, message.to.replace(/^\+/, '')])
    },
  }
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

function without(text: string, words: string[], instead: string): string {
  return words.reduce((rest, word) => (word.length < 4 ? rest : rest.replaceAll(word, instead)), text)
}
