// Makes a vendor for the list of providers from its settings, sender and readers.
import type { PersonalChannel } from '../../domain/notification.ts'
import { type Block, checkWhole, hasAnySetting, readBlock, type Values } from '../../settings/block.ts'
import { type Reader, settingReader } from '../../settings/reader.ts'
import type { Account } from '../account.ts'
import type { Provider, ProviderDeps, Sender, Vendor } from '../provider.ts'
import type { InboundReader, ReceiptReader } from '../receipt-reader.ts'
import { providerOf } from './provider-of.ts'

export interface SenderDeps {
  title: string
  nowMs: () => number
  /** Where the vendor can post receipts; null if it cannot reach us. */
  receiptsUrl: string | null
}

interface Definition<C extends PersonalChannel, B extends Block> extends Pick<Vendor<C>, 'name' | 'title' | 'rate'> {
  channel: C
  settings: B
  reportSettings?: Vendor['reportSettings']
  spf?: Vendor['spf']
  faults?: Vendor['faults']
  receiptsByKey?: Vendor['receiptsByKey']
  /** Reports faults that concern several settings. Called if any setting is given. */
  check?(reader: Reader): void
  make(settings: Values<B>, deps: SenderDeps): Sender<C>
  /** Null if the secret that verifies receipts is not set. */
  receipts?(settings: Values<B>): ReceiptReader | null
  inbound?(settings: Values<B>): InboundReader | null
  account?(settings: Values<B>): Account
}

interface Defined<C extends PersonalChannel, V> extends Vendor<C> {
  /** The values of the settings; null if the vendor is off. Reports faults to the reader. */
  read(reader: Reader): V | null
  make(values: V, deps: ProviderDeps): Provider
  receipts(values: V): ReceiptReader | null
  inbound(values: V): InboundReader | null
}

export function defineProvider<C extends PersonalChannel, B extends Block>(
  definition: Definition<C, B>,
): Defined<C, Values<B>> {
  const { name, title, channel, rate, settings, reportSettings = {} } = definition
  const rateSetting = `${name.toUpperCase()}_RATE`
  const lines = Object.values(settings).map((setting) => [setting.name, setting.line])
  const defined: Defined<C, Values<B>> = {
    name,
    title,
    channel,
    rate,
    rateSetting,
    reportSettings,
    ...(definition.spf && { spf: definition.spf }),
    ...(definition.faults && { faults: definition.faults }),
    ...(definition.receiptsByKey && { receiptsByKey: true as const }),
    lines: {
      ...Object.fromEntries(lines),
      [rateSetting]: `maximum of sends per second to ${title.replace(/^The /, 'the ')}, over all processes (${rate})`,
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
        receiptsBy: (secret) => defined.receipts(withSecret(definition, values, secret)),
        account: definition.account?.(values) ?? null,
      }
    },
  }
  return defined
}

/** The values with another secret for receipts; as they are where it is not a valid one. */
function withSecret<C extends PersonalChannel, B extends Block>(
  { settings, reportSettings = {} }: Definition<C, B>,
  values: Values<B>,
  secret: string,
): Values<B> {
  const [key, setting] = Object.entries(settings).find(([, { name }]) => name === reportSettings.receipts) ?? []
  const value = setting?.read(settingReader({ [setting.name]: secret }, () => '')) ?? null
  return key === undefined || value === null ? values : { ...values, [key]: value }
}
