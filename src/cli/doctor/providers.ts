// Checks each configured provider: its key, its sender, and that its receipts can arrive and be verified.
import type { Config } from '../../config/config.ts'
import type { DnsRecord } from '../../providers/account.ts'
import { allVendors } from '../../providers/index.ts'
import { callbackBase } from '../../providers/kit/callback-base.ts'
import type { Vendor } from '../../providers/provider.ts'
import { bad, type Check, notAsked, ok, warning } from './check.ts'
import type { SpfOf } from './dns.ts'

export interface ProviderChecks {
  checks: Check[]
  /** What the providers of email ask the sender's domain for. */
  records: DnsRecord[]
  /** Where each provider of email lists the SPF record, and what it has one include. */
  spf: SpfOf[]
}

export async function checkProviders(config: Config, about: About): Promise<ProviderChecks> {
  const on = allVendors.filter(({ name }) => config.providers.has(name))
  if (on.length === 0) {
    const text = 'No provider is configured: the sandbox takes every message, and nothing is sent.'
    return {
      checks: [warning('providers', 'route', text, 'Set the key of a provider; docs/settings.md lists them.')],
      records: [],
      spf: [],
    }
  }
  const each = await Promise.all(on.map((vendor) => checkProvider(config, vendor, about)))
  return {
    checks: each.flatMap(({ checks }) => checks),
    records: each.flatMap(({ records }) => records),
    spf: on.flatMap(({ title, spf }) => (spf ? [{ title, ...spf }] : [])),
  }
}

interface About {
  senderDomain: string | null
  /** The providers whose webhook was registered by `connect`; null where that cannot be read. */
  connected: Set<string> | null
}

async function checkProvider(
  config: Config,
  vendor: Vendor,
  { senderDomain, connected }: About,
): Promise<Omit<ProviderChecks, 'spf'>> {
  const { name, title } = vendor
  const provider = config.providers.get(name)
  const base = callbackBase(config.publicUrl)
  const receiptsUrl = base && `${base}/receipts/${name}`
  const secret = checkSecret(vendor, {
    isSet: provider?.receipts !== null,
    isStored: connected?.has(name) ?? null,
    receiptsUrl,
  })
  if (!provider?.account)
    return {
      checks: [
        notAsked(name, 'key', `Not checked: ${title} has no call that checks a key and sends nothing.`),
        ...secret,
      ],
      records: [],
    }
  const { findings, records } = await provider.account.inspect({ senderDomain, receiptsUrl })
  const isTaken = findings.some(({ what, ok }) => what === 'key' && ok === true)
  const unknown = `Not asked: ${vendor.reportSettings.receipts} verifies them, and ${title} has not confirmed it.`
  const receipts =
    vendor.receiptsByKey && !isTaken && provider.receipts ? [notAsked(name, 'receipts', unknown)] : secret
  return { checks: [...findings.map((finding) => ({ area: name, ...finding })), ...receipts], records }
}

interface Secret {
  isSet: boolean
  /** Null where the database cannot be read. */
  isStored: boolean | null
  receiptsUrl: string | null
}

/** Whether receipts can be verified; nothing for a vendor that sends none. */
function checkSecret({ name, title, reportSettings }: Vendor, { isSet, isStored, receiptsUrl }: Secret): Check[] {
  const setting = reportSettings.receipts
  if (!setting) return []
  if (isSet) return [ok(name, 'receipts', `${setting} verifies them.`)]
  if (isStored === null)
    return [
      notAsked(
        name,
        'receipts',
        `Not checked: ${setting} is not set, and the database cannot be read for a stored one.`,
      ),
    ]
  if (isStored) return [ok(name, 'receipts', 'The secret that posthorn connect has stored verifies them.')]
  const url = receiptsUrl ?? `the public address of this service with the path /receipts/${name}`
  const fix = `Run posthorn connect ${name}; or let ${title} post to ${url}, and set ${setting}.`
  return [bad(name, 'receipts', `${setting} is not set, so they are refused.`, fix)]
}
