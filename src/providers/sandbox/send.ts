// The sandbox takes every message and sends none: it serves where no vendor is configured.
import type { PersonalChannel } from '../../domain/notification.ts'
import { maskAddress } from '../../privacy/mask.ts'
import { providerOf } from '../kit/provider-of.ts'
import type { Provider } from '../provider.ts'

export const sandboxName = 'sandbox'
export const sandboxTitle = 'The sandbox'

/** `print` gets one line a message, in which nobody's address can be read. */
export function sandbox(channel: PersonalChannel, print: (line: string) => void): Provider {
  return providerOf(
    { name: sandboxName, channel },
    {
      secrets: [],
      limitMs: 10_000,
      repeatable: true,
      async send(message, { key }) {
        const what = channel === 'sms' ? 'SMS' : 'email'
        print(`sandbox took an ${what} for ${maskAddress(message.to)}; nothing was sent (${key})`)
        return { kind: 'accepted', ref: `sandbox-${key}` }
      },
    },
  )
}
