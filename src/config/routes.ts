// Reads the routes, whose providers must be known and configured.
import { vendors } from '../providers/index.ts'
import type { ConfiguredProvider, Vendor } from '../providers/provider.ts'
import { entries } from '../settings/lists.ts'
import type { Reader } from '../settings/reader.ts'

export interface Routes {
  emailProviders: string[] | null
  smsProviders: string[] | null
}

type Providers = ReadonlyMap<string, ConfiguredProvider>

export function routes(reader: Reader, providers: Providers): Routes {
  const { email, sms } = vendors
  return {
    emailProviders: namedRoute(reader, 'EMAIL_PROVIDERS', { own: email, others: sms, providers }),
    smsProviders: namedRoute(reader, 'SMS_PROVIDERS', { own: sms, others: email, providers }),
  }
}

function namedRoute(
  reader: Reader,
  setting: 'EMAIL_PROVIDERS' | 'SMS_PROVIDERS',
  { own, others, providers }: { own: Vendor[]; others: Vendor[]; providers: Providers },
): string[] | null {
  const named = entries(reader, setting)?.map((name) => name.toLowerCase()) ?? null
  const usable = [...own.map(({ name }) => name), 'sandbox'].join(', ')
  named?.forEach((name, index) => {
    const fault = (text: string) => reader.fault(setting, text)
    const vendor = own.find((known) => known.name === name)
    if (named.indexOf(name) !== index) fault(`names ${name} twice; name each provider once`)
    else if (name === 'sandbox') return
    else if (others.some((other) => other.name === name))
      fault(`names ${name}, which is a provider of the other channel; give names from ${usable}`)
    else if (!vendor) fault(`names ${JSON.stringify(name.slice(0, 40))}, which is unknown; give names from ${usable}`)
    // A partly given block has its own faults.
    else if (!providers.has(name) && !vendor.hasAnySetting(reader))
      fault(
        `names ${name}, which is not configured; add its ${name.toUpperCase()}_… settings or remove it from the list`,
      )
  })
  return named
}

/** True if a vendor of email is on the route. A partly given block counts. */
export function sendsRealEmail(reader: Reader, route: string[] | null): boolean {
  return route ? route.some((name) => name !== 'sandbox') : vendors.email.some((vendor) => vendor.hasAnySetting(reader))
}
