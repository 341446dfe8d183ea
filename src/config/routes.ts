// The routes as they are named: each name is checked against the vendors there are and what is configured.
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
      fault(`names ${name}, which is of the other channel; give some of ${usable}`)
    else if (!vendor) fault(`names ${JSON.stringify(name.slice(0, 40))}, which is unknown; give some of ${usable}`)
    // A block half given has told its own faults.
    else if (!providers.has(name) && !vendor.hasAnySetting(reader))
      fault(`names ${name}, which is not configured; add its ${name.toUpperCase()}_… settings or take it out`)
  })
  return named
}

/** True where some email would really be sent; a block half given means to. */
export function sendsRealEmail(reader: Reader, route: string[] | null): boolean {
  return route ? route.some((name) => name !== 'sandbox') : vendors.email.some((vendor) => vendor.hasAnySetting(reader))
}
