// The sandbox, a provider that accepts every message and sends none.
import type { PersonalChannel } from '../../domain/notification.ts'
import { maskAddress } from '../../privacy/mask.ts'
import { providerOf } from '../kit/provider-of.ts'
import type { Provider } from '../provider.ts'

export const sandboxName = 'sandbox'
export const sandboxTitle = 'The sandbox'

/** Prints one line for each message, with the address masked. */
export function sandbox(channel: PersonalChannel, print: (line: string) => void): Provider {
  return providerOf(
    { name: sandboxName, channel },
    {
      secrets: [],
      limitMs: 10_000,
      repeatable: true,
      async send(message, { key }) {
        const what = channel === 'sms' ? 'SMS' : 'email'
        print(`sandbox accepted an ${what} for ${maskAddress(message.to)}; nothing was sent (${key})`)
        return { kind: 'accepted', ref: `sandbox-${key}` }
      },
    },
  )
}
