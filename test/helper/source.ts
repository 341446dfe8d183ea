// Makes a vendor's source from its settings.
import { settingReader } from '../../src/settings/reader.ts'
import type { Source, VendorSource, Webhooks } from '../../src/sources/source.ts'

/** Throws where a setting is invalid. */
export function configured(
  source: VendorSource,
  env: Record<string, string> = {},
  orderKeys: readonly string[] = [],
): ReturnType<VendorSource['configure']> {
  const reader = settingReader(env, () => '')
  const made = source.configure(reader, orderKeys)
  if (reader.faults.length > 0) throw new Error(JSON.stringify(reader.faults))
  return made
}

/** The source's webhooks. Throws where it takes none. */
export function webhooksOf({ name, webhooks }: Source): Webhooks {
  if (!webhooks) throw new Error(`${name} takes no webhooks`)
  return webhooks
}
