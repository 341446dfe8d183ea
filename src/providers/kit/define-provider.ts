// Every provider is made through here: the one place where outcomes lose addresses and keys.
import type { Channel } from '../../domain/notification.ts'
import type { Provider } from '../provider.ts'
import { redactOutcome } from './redact-outcome.ts'

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
