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

/** `title` says in `where` which SPF record its senders need, and documents what to `include`. */
export interface SpfOf {
  title: string
  where: string
  include?: string
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

/** Whether the DNS says that the name does not exist (NXDOMAIN): it has no records, and no names are below it. */
async function isMissing(dns: Dns, host: string): Promise<boolean> {
  const error: unknown = await dns.resolveTxt(host).then(
    () => null,
    (error) => error,
  )
  return error instanceof Error && 'code' in error && error.code === 'ENOTFOUND'
}

interface Asked {
  /** What the providers of the route ask for. */
  records: DnsRecord[]
  spf: SpfOf[]
}

export async function checkDns(dns: Dns, domain: string, { records, spf }: Asked): Promise<Check[]> {
  if (await isMissing(dns, domain)) return missing(dns, domain, records)
  const asked = await Promise.all(records.map((record) => checkRecord(dns, domain, record)))
  const purposes = new Set(records.map(({ purpose }) => purpose))
  return [
    ...(purposes.has('SPF') ? [] : [await checkSpf(dns, domain, spf)]),
    ...(purposes.has('DKIM')
      ? []
      : [notAsked(domain, 'DKIM', 'Not checked: no provider has said under which name its key is.')]),
    ...asked,
    await checkDmarc(dns, domain),
  ]
}

/** A name that does not exist can have no records; those that a provider has listed are still named. */
async function missing(dns: Dns, domain: string, records: DnsRecord[]): Promise<Check[]> {
  const text = `${domain}, the domain of EMAIL_FROM, does not exist in the DNS (NXDOMAIN).`
  const fix = 'Correct EMAIL_FROM; or register the domain and add its records, and run this again.'
  const listed = await Promise.all(records.map((record) => checkRecord(dns, domain, record)))
  const purposes = new Set<string>(records.map(({ purpose }) => purpose))
  const others = ['SPF', 'DKIM', 'DMARC'].filter((purpose) => !purposes.has(purpose))
  return [
    bad(domain, 'domain', text, fix),
    ...listed,
    ...others.map((purpose) => notAsked(domain, purpose, 'Not checked: the domain does not exist.')),
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

async function checkSpf(dns: Dns, domain: string, spf: SpfOf[]): Promise<Check> {
  const found = await lookUp(dns, { type: 'TXT', host: domain })
  if (!found) return outOfReach(domain, 'SPF')
  const policies = found.filter((text) => /^v=spf1(\s|$)/i.test(text))
  if (policies.length === 1) return ok(domain, 'SPF', `${domain} has one: ${policies[0]}`)
  if (policies.length > 1)
    return bad(domain, 'SPF', `${domain} has ${policies.length}, so receivers use none.`, 'Merge them into one record.')
  return bad(domain, 'SPF', `${domain} has none.`, spfFix(domain, spf))
}

/** Of a provider whose include is not documented, only where its record is listed. */
function spfFix(domain: string, spf: SpfOf[]): string {
  const includes = spf.flatMap(({ include }) => (include ? [`include:${include}`] : []))
  const places = spf.flatMap(({ title, where, include }) => (include ? [] : [`${title} has it ${where}`]))
  const record = includes.length > 0 ? paste(domain, 'TXT', `v=spf1 ${includes.join(' ')} ~all`) : null
  if (record && places.length === 0) return record
  const elsewhere = places.length > 0 ? places.join('; ') : 'see the provider’s documentation'
  return record
    ? `${record}, with what others need in the same record: ${elsewhere}.`
    : `Add the SPF record of the service that sends your mail: ${elsewhere}.`
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
  return notAsked(domain, what, 'Not checked: the DNS is out of reach from here.')
}
