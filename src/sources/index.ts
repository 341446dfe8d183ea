// The list of sources, and who of them may call: a vendor has its line here, an app its name from the settings.
import { ownSources } from '../domain/event.ts'
import type { Reader } from '../settings/reader.ts'
import type { AppSecret } from '../wire/standard-webhook.ts'
import { appSource } from './app/app.ts'
import type { WhoListens } from './app/envelope.ts'
import { razorpay } from './razorpay/index.ts'
import { schedule } from './schedule.ts'
import type { Source, VendorSource } from './source.ts'
import { stripe } from './stripe/index.ts'

export const vendorSources: readonly VendorSource[] = [
  // One a line.
  stripe,
  razorpay,
]

/** An app, or a key that posts events, of such a name would share its event ids with another source. */
export const reservedNames: readonly string[] = [...vendorSources.map(({ name }) => name), ...ownSources]

/** Every vendor by its name, as the settings have it; what is wrong has become a fault. */
export function configureSources(reader: Reader): ReadonlyMap<string, Source> {
  return new Map(vendorSources.map((source) => [source.name, source.configure(reader)]))
}

export interface Sources {
  /** Null for a vendor that is not listed. */
  vendor(name: string): Source | null
  /** Null for an app that has no secret. */
  app(name: string): Source | null
  /** Whatever events are stored under. Those of an app that is gone, and of keys, are read as an app's. */
  named(name: string): Source
}

/** An app named more than once has several secrets, all of them good. */
export function openSources(vendors: ReadonlyMap<string, Source>, apps: AppSecret[], whoListens: WhoListens): Sources {
  const byName = new Map<string, Source>()
  for (const [name, secrets] of Map.groupBy(apps, (app) => app.name)) {
    if (reservedNames.includes(name.toLowerCase()))
      throw new Error(`an app cannot be named ${name}: it is a source of our own`)
    byName.set(name, appSource({ name, secrets: secrets.map(({ secret }) => secret), whoListens }))
  }
  const vendor = (name: string) => vendors.get(name) ?? null
  const app = (name: string) => byName.get(name) ?? null
  return {
    vendor,
    app,
    named(name) {
      const known = name === schedule.name ? schedule : (vendor(name) ?? app(name))
      return known ?? appSource({ name, secrets: [], whoListens })
    },
  }
}
