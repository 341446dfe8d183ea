// A vendor as its folder describes it, made into what the list of providers takes.
import type { PersonalChannel } from '../../domain/notification.ts'
import { type Block, checkWhole, hasAnySetting, readBlock, type Values } from '../../settings/block.ts'
import type { Reader } from '../../settings/reader.ts'
import type { Provider, ProviderDeps, Sender, Vendor } from '../provider.ts'
import type { InboundReader, ReceiptReader } from '../receipt-reader.ts'
import { providerOf } from './provider-of.ts'

/** What a sender is made with, beside its settings. */
export interface SenderDeps {
  title: string
  nowMs: () => number
  /** Where this vendor may post receipts; null where it could not reach us. */
  receiptsUrl: string | null
}

interface Definition<C extends PersonalChannel, B extends Block> extends Pick<Vendor<C>, 'name' | 'title' | 'rate'> {
  channel: C
  settings: B
  /** Tells faults that no setting has by itself; asked where any setting is given. */
  check?(reader: Reader): void
  make(settings: Values<B>, deps: SenderDeps): Sender<C>
  /** Null without the secret that verifies them. */
  receipts?(settings: Values<B>): ReceiptReader | null
  inbound?(settings: Values<B>): InboundReader | null
}

interface Defined<C extends PersonalChannel, V> extends Vendor<C> {
  /** The values of its settings, null where it is off; what is wrong has become a fault. */
  read(reader: Reader): V | null
  make(values: V, deps: ProviderDeps): Provider
  receipts(values: V): ReceiptReader | null
  inbound(values: V): InboundReader | null
}

export function defineProvider<C extends PersonalChannel, B extends Block>(
  definition: Definition<C, B>,
): Defined<C, Values<B>> {
  const { name, title, channel, rate, settings } = definition
  const rateSetting = `${name.toUpperCase()}_RATE`
  const lines = Object.values(settings).map((setting) => [setting.name, setting.line])
  const defined: Defined<C, Values<B>> = {
    name,
    title,
    channel,
    rate,
    rateSetting,
    lines: {
      ...Object.fromEntries(lines),
      [rateSetting]: `most sends a second to ${title.replace(/^The /, 'the ')}, over all processes (${rate})`,
    },
    hasAnySetting: (reader) => hasAnySetting(reader, settings),
    read(reader) {
      checkWhole(reader, settings, title)
      if (hasAnySetting(reader, settings)) definition.check?.(reader)
      return readBlock(reader, settings)
    },
    make(values, { nowMs, callbackBase }) {
      const receiptsUrl = callbackBase && `${callbackBase}/receipts/${name}`
      return providerOf({ name, channel }, definition.make(values, { title, nowMs, receiptsUrl }))
    },
    receipts: (values) => definition.receipts?.(values) ?? null,
    inbound: (values) => definition.inbound?.(values) ?? null,
    configure(reader) {
      const values = defined.read(reader)
      if (!values) return null
      return {
        make: (deps) => defined.make(values, deps),
        receipts: defined.receipts(values),
        inbound: defined.inbound(values),
      }
    },
  }
  return defined
}
