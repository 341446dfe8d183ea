// Makes a provider from a sender: redacts every outcome and refuses messages of another channel.
import type { Outcome } from '../../domain/attempt.ts'
import type { Channel, Message } from '../../domain/notification.ts'
import { oneLine, redact } from '../../privacy/redact.ts'
import type { Provider, Sender } from '../provider.ts'

interface Identity<C extends Channel> {
  name: string
  channel: C
}

export function providerOf<C extends Channel>({ name, channel }: Identity<C>, sender: Sender<C>): Provider {
  const { secrets, lookUp, ...rest } = sender
  const own = (message: Message) => {
    if (!isOf(message, channel)) throw new Error(`${name} does not carry ${message.channel}`)
    return message
  }
  return {
    ...rest,
    name,
    channel,
    async send(message, options) {
      const outcome = await sender.send(own(message), options)
      return redactOutcome(outcome, secrets, [message.to, message.to.replace(/^\+/, '')])
    },
    ...(lookUp && { lookUp: async (message, options) => lookUp(own(message), options) }),
  }
}

function isOf<C extends Channel>(message: Message, channel: C): message is Extract<Message, { channel: C }> {
  return message.channel === channel
}

/** Removes addresses, and also `secrets` and `addresses` in forms that `redact` does not recognise. */
export function redactOutcome(outcome: Outcome, secrets: string[], addresses: string[]): Outcome {
  const clean = { ...outcome }
  if (clean.text !== undefined)
    clean.text = redact(replaceEach(replaceEach(clean.text, secrets, '[secret]'), addresses, '[address]'))
  if (clean.kind === 'accepted') clean.ref = clean.ref && oneLine(clean.ref).slice(0, 200)
  else
    clean.code =
      replaceEach(clean.code, [...secrets, ...addresses], '')
        .replace(/[^\w.-]/g, '')
        .slice(0, 64) || 'unnamed'
  return clean
}

function replaceEach(text: string, values: string[], instead: string): string {
  return values.reduce((rest, word) => (word.length < 4 ? rest : rest.replaceAll(word, instead)), text)
}
