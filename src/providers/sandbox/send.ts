// The sandbox takes every message and sends none: it serves where no vendor is configured. index.ts says when.

import type { Channel } from '../../domain/notification.ts'
import { maskAddress } from '../../privacy/mask.ts'
import { defineProvider } from '../kit/define-provider.ts'
import type { Provider } from '../provider.ts'

/** `print` gets one line a message, in which nobody's address can be read. */
export function sandbox<C extends Channel>(channel: C, print: (line: string) => void): Provider<C> {
  return defineProvider<C>([], {
    name: 'sandbox',
    channel,
    limitMs: 10_000,
    repeatable: true,
    async send(message, { key }) {
      print(
        `sandbox took an ${channel === 'sms' ? 'SMS' : 'email'} for ${maskAddress(message.to)}; nothing was sent (${key})`,
      )
      return { kind: 'accepted', ref: `sandbox-${key}` }
    },
  })
}
