// The routes: which providers carry a channel, in order. A named route is checked against what is
// configured; an unnamed one is every configured provider. EMAIL_FROM is needed once a real one is on.

import { entries } from '../settings/lists.ts'
import type { Reader } from '../settings/reader.ts'
import type { ProviderConfigs } from './config.ts'
import { emailProviders, isBegun, type ProviderName, smsProviders } from './providers.ts'

export interface Routes {
  emailProviders: string[] | null
  smsProviders: string[] | null
}

export function routes(reader: Reader, configs: ProviderConfigs): Routes {
  return {
    emailProviders: namedRoute(reader, 'EMAIL_PROVIDERS', emailProviders, smsProviders, configs),
    smsProviders: namedRoute(reader, 'SMS_PROVIDERS', smsProviders, emailProviders, configs),
  }
}

function namedRoute(
  reader: Reader,
  setting: 'EMAIL_PROVIDERS' | 'SMS_PROVIDERS',
  mine: readonly ProviderName[],
  others: readonly ProviderName[],
  configs: ProviderConfigs,
): string[] | null {
  const named = entries(reader, setting)?.map((name) => name.toLowerCase()) ?? null
  const usable = [...mine, 'sandbox'].join(', ')
  named?.forEach((name, index) => {
    const fault = (text: string) => reader.fault(setting, text)
    const provider = mine.find((known) => known === name)
    if (named.indexOf(name) !== index) fault(`names ${name} twice; name each provider once`)
    else if (name === 'sandbox') return
    else if (others.some((other) => other === name))
      fault(`names ${name}, which is of the other channel; give some of ${usable}`)
    else if (!provider) fault(`names ${JSON.stringify(name.slice(0, 40))}, which is unknown; give some of ${usable}`)
    // A block half given has told its own faults.
    else if (!configs[provider] && !isBegun(reader, provider))
      fault(`names ${name}, which is not configured; add its ${name.toUpperCase()}_… settings or take it out`)
  })
  return named
}

/** True where some email would really be sent; a block half given means to. */
export function sendsRealEmail(reader: Reader, route: string[] | null): boolean {
  return route ? route.some((name) => name !== 'sandbox') : emailProviders.some((name) => isBegun(reader, name))
}
