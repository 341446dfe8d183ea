// Checks the records of the sender's domain in the DNS: SPF, DKIM and DMARC.
import { Resolver } from 'node:dns/promises'
import type { DnsRecord } from '../../providers/account.ts'
import { bad, type Check, notAsked, ok } from './check.ts'

export interface Dns {
  resolveTxt(host: string): Promise<string[][]>
  resolveCname(host: string): Promise<string[]>
}

/** Each name is asked for once or twice, for two seconds. */
export function systemDns(): Dns {
  return new Resolver({ timeout: 2000, tries: 2 })
}

const noRecord = ['ENOTFOUND', 'ENODATA']

/** The values at a name; null where the DNS is out of reach. */
async function lookUp(dns: Dns, { type, host }: Pick<DnsRecord, 'type' | 'host'>): Promise<string[] | null> {
  try {
    return type === 'CNAME' ? await dns.resolveCname(host) : (await dns.resolveTxt(host)).map((parts) => parts.join(''))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return noRecord.includes(code) ? [] : null
  }
}

/** `records` are those that the providers of the route ask for. */
export async function checkDns(dns: Dns, domain: string, records: DnsRecord[]): Promise<Check[]> {
  const asked = await Promise.all(records.map((record) => checkRecord(dns, domain, record)))
  const purposes = new Set(records.map(({ purpose }) => purpose))
  return [
    ...(purposes.has('SPF') ? [] : [await checkSpf(dns, domain)]),
    ...(purposes.has('DKIM')
      ? []
      : [notAsked(domain, 'DKIM', 'Not asked: no provider has said under which name its key is.')]),
    ...asked,
    await checkDmarc(dns, domain),
  ]
}

async function checkRecord(dns: Dns, domain: string, record: DnsRecord): Promise<Check> {
  const { purpose, type, host, value } = record
  const found = await lookUp(dns, record)
  if (!found) return outOfReach(domain, purpose)
  if (found.some((one) => isSame(one, value))) return ok(domain, purpose, `${host} has it.`)
  const text = found.length === 0 ? `${host} has no ${type} record.` : `${host} has another ${type} record.`
  return bad(domain, purpose, text, paste(host, type, value))
}

/** DNS gives names without the last dot, and keys in pieces. */
function isSame(found: string, wanted: string): boolean {
  const plain = (text: string) =>
    text
      .replace(/[\s"]/g, '')
      .replace(/[.;]+$/, '')
      .toLowerCase()
  return plain(found) === plain(wanted)
}

async function checkSpf(dns: Dns, domain: string): Promise<Check> {
  const found = await lookUp(dns, { type: 'TXT', host: domain })
  if (!found) return outOfReach(domain, 'SPF')
  const policies = found.filter((text) => /^v=spf1(\s|$)/i.test(text))
  if (policies.length === 1) return ok(domain, 'SPF', `${domain} has one: ${policies[0]}`)
  if (policies.length > 1)
    return bad(domain, 'SPF', `${domain} has ${policies.length}, so receivers use none.`, 'Merge them into one record.')
  return bad(domain, 'SPF', `${domain} has none.`, paste(domain, 'TXT', 'v=spf1 a mx ~all'))
}

/** A subdomain without a policy has that of the domain above it (RFC 7489, 6.6.3). */
async function checkDmarc(dns: Dns, domain: string): Promise<Check> {
  const labels = domain.split('.')
  for (let i = 0; i <= labels.length - 2; i++) {
    const host = `_dmarc.${labels.slice(i).join('.')}`
    const found = await lookUp(dns, { type: 'TXT', host })
    if (!found) return outOfReach(domain, 'DMARC')
    const policy = found.find((text) => /^v=DMARC1\s*(;|$)/i.test(text))
    if (policy) return ok(domain, 'DMARC', `${host} has it: ${policy}`)
  }
  return bad(domain, 'DMARC', `_dmarc.${domain} has none.`, paste(`_dmarc.${domain}`, 'TXT', 'v=DMARC1; p=none'))
}

function paste(host: string, type: string, value: string): string {
  return `Add this record: ${host} ${type} "${value}"`
}

function outOfReach(domain: string, what: string): Check {
  return notAsked(domain, what, 'Not asked: the DNS is out of reach from here.')
}
