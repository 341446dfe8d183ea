// The list of sources: vendors, and apps by the settings.
import { ownSources } from '../domain/event.ts'
import { entries } from '../settings/lists.ts'
import type { Reader } from '../settings/reader.ts'
import type { AppSecret } from '../wire/standard-webhook.ts'
import { appSource } from './app/app.ts'
import type { AudienceOf } from './app/envelope.ts'
import { razorpay } from './razorpay/index.ts'
import { schedule } from './schedule.ts'
import type { Source, VendorSource } from './source.ts'
import { stripe } from './stripe/index.ts'

export const vendorSources: readonly VendorSource[] = [
  // One per line.
  stripe,
  razorpay,
]

const ownTypes = new Map(
  vendorSources.flatMap((source) =>
    Object.entries(source.ownTypes).map(([theirs, ours]) => [`${source.name}:${theirs}`, ours]),
  ),
)

/** The type by which notifiers know an event: ours, where a vendor's event notifies as one of ours does. */
export function ownTypeOf(type: string): string {
  return ownTypes.get(type) ?? type
}

/** These types of ours, and the vendors' types that notifiers know by them. */
export function withVendorTypes(types: readonly string[]): string[] {
  return [...types, ...[...ownTypes].flatMap(([theirs, ours]) => (types.includes(ours) ? [theirs] : []))]
}

/** Names that apps and keys cannot have: they would share event ids with another source. */
export const reservedNames: readonly string[] = [...vendorSources.map(({ name }) => name), ...ownSources]

/** Every vendor by name. Reports faults to the reader. */
export function configureSources(reader: Reader): ReadonlyMap<string, Source> {
  const orderKeys = entries(reader, 'ORDER_METADATA_KEYS') ?? []
  return new Map(vendorSources.map((source) => [source.name, source.configure(reader, orderKeys)]))
}

export interface Sources {
  /** Null for an unknown vendor. */
  vendor(name: string): Source | null
  /** Null for an app without a secret. */
  app(name: string): Source | null
  /** The source of stored events. Those of removed apps and of keys are read as an app's. */
  named(name: string): Source
}

interface SourceOptions {
  vendors: ReadonlyMap<string, Source>
  /** An app that is listed more than once has several valid secrets. */
  apps: AppSecret[]
  /** The names of test keys. */
  testApps: string[]
  /** By our own types. */
  audienceOf: AudienceOf
}

export function openSources(options: SourceOptions): Sources {
  const { vendors, apps, testApps } = options
  const audienceOf: AudienceOf = (type) => options.audienceOf(ownTypeOf(type))
  const byName = new Map<string, Source>()
  for (const [name, secrets] of Map.groupBy(apps, (app) => app.name)) {
    if (reservedNames.includes(name.toLowerCase()))
      throw new Error(`an app cannot be named ${name}, which is reserved; give it another name`)
    byName.set(name, appSource({ name, secrets: secrets.map(({ secret }) => secret), isTest: false, audienceOf }))
  }
  const vendor = (name: string) => vendors.get(name) ?? null
  const app = (name: string) => byName.get(name) ?? null
  return {
    vendor,
    app,
    named(name) {
      const known = name === schedule.name ? schedule : (vendor(name) ?? app(name))
      return known ?? appSource({ name, secrets: [], isTest: testApps.includes(name), audienceOf })
    },
  }
}
