// A vendor's source as its settings make it.
import { settingReader } from '../../src/settings/reader.ts'
import type { Source, VendorSource, Webhooks } from '../../src/sources/source.ts'

/** Throws where the settings have a fault. */
export function configured(source: VendorSource, env: Record<string, string> = {}): Source {
  const reader = settingReader(env, () => '')
  const made = source.configure(reader)
  if (reader.faults.length > 0) throw new Error(JSON.stringify(reader.faults))
  return made
}

/** Its webhooks, which it must take. */
export function webhooksOf({ name, webhooks }: Source): Webhooks {
  if (!webhooks) throw new Error(`${name} takes no webhooks`)
  return webhooks
}
