// Asks Mailgun about the key, the domain and the webhooks, and registers the webhooks
// (https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/domain-webhooks).
import { at, field, listOf, textOf } from '../../wire/json.ts'
import type { Account, Connected, DnsRecord, Finding } from '../account.ts'
import {
  type AccountCalls,
  accountCalls,
  keyFinding,
  noPublicUrl,
  refusedConnect,
  silentOn,
  unclear,
  webhookFinding,
} from '../kit/account-calls.ts'
import { type MailgunSettings, settings } from './settings.ts'

/** All that receipts.ts reads; each has webhooks of its own. */
const kinds = [
  ...['accepted', 'delivered', 'permanent_fail', 'temporary_fail'],
  ...['opened', 'clicked', 'unsubscribed', 'complained'],
]

interface AtDomain {
  calls: AccountCalls
  path: string
}

export function mailgunAccount({ apiKey, domain, baseUrl }: MailgunSettings): Account {
  const credentials = Buffer.from(`api:${apiKey}`).toString('base64')
  const calls = accountCalls(baseUrl, 'Mailgun', `Basic ${credentials}`)
  const here: AtDomain = { calls, path: `/v3/domains/${encodeURIComponent(domain)}/webhooks` }
  return {
    inspect: async ({ receiptsUrl }) => {
      const known = await calls.get(`/v4/domains/${encodeURIComponent(domain)}`)
      const isUnknown = !known.ok && known.status === 404
      if (!known.ok && !isUnknown)
        return { findings: [keyFinding(known, 'Mailgun', settings.apiKey.name)], records: [] }
      const key: Finding = { what: 'key', ok: true, text: 'Mailgun takes the key.' }
      const state = textOf(at(known.json, 'domain').state)
      const fix = `Add ${domain} at Mailgun, and the records below to its DNS; the region is chosen by ${settings.baseUrl.name}.`
      const sender: Finding =
        state === 'active'
          ? { what: 'sender', ok: true, text: `${domain} is active.` }
          : state === null && !isUnknown
            ? silentOn('sender', 'Mailgun', `the state of ${domain}`)
            : { what: 'sender', ok: false, text: `Mailgun says of ${domain}: ${state ?? 'unknown'}.`, fix }
      const webhook = receiptsUrl === null ? noPublicUrl : await webhookOf(here, receiptsUrl)
      const records = listOf(field(known.json, 'sending_dns_records')).flatMap(recordOf)
      return { findings: [key, sender, webhook], records }
    },
    connect: (receiptsUrl) => connect(here, receiptsUrl),
  }
}

function recordOf(record: object): DnsRecord[] {
  const type = field(record, 'record_type')
  const [host, value] = [textOf(field(record, 'name')), textOf(field(record, 'value'), 2000)]
  if (type !== 'TXT' || !host || !value) return []
  return [{ purpose: host.includes('._domainkey.') ? 'DKIM' : 'SPF', type, host, value }]
}

/** The URLs of each kind of event. */
async function urlsAt({ calls, path }: AtDomain) {
  const listed = await calls.get(path)
  if (!listed.ok) return listed
  const webhooks = at(listed.json, 'webhooks')
  const urlsOf = (kind: string): string[] => {
    const { urls } = at(webhooks, kind)
    return Array.isArray(urls) ? urls.filter((url) => typeof url === 'string') : []
  }
  return { ok: true as const, urlsOf }
}

async function webhookOf(here: AtDomain, receiptsUrl: string): Promise<Finding> {
  const listed = await urlsAt(here)
  if (!listed.ok) return unclear('webhook', listed.text)
  const isThere = kinds.every((kind) => listed.urlsOf(kind).includes(receiptsUrl))
  return webhookFinding('mailgun', receiptsUrl, isThere ? 'enabled' : null)
}

async function connect(here: AtDomain, receiptsUrl: string): Promise<Connected> {
  const { calls, path } = here
  const right = 'may write webhooks'
  const listed = await urlsAt(here)
  if (!listed.ok) return refusedConnect(listed, right)
  const missing = kinds.filter((kind) => !listed.urlsOf(kind).includes(receiptsUrl))
  for (const kind of missing) {
    const others = listed.urlsOf(kind)
    const form = new URLSearchParams()
    for (const url of [...others, receiptsUrl]) form.append('url', url)
    if (others.length === 0) form.append('id', kind)
    // A PUT replaces the list of URLs, so it names those of others too.
    const made = await calls.send(others.length ? 'PUT' : 'POST', others.length ? `${path}/${kind}` : path, form)
    if (!made.ok) return refusedConnect(made, right)
  }
  const key = await calls.get('/v5/accounts/http_signing_key')
  const secret = key.ok ? textOf(field(key.json, 'http_signing_key')) : null
  if (!secret)
    return {
      ok: false,
      text: key.ok ? 'Mailgun gave no signing key.' : key.text,
      fix: `The webhooks are registered. Copy the HTTP webhook signing key into ${settings.signingKeys.name}.`,
    }
  const text = missing.length > 0 ? `was registered for ${missing.join(', ')}` : 'was there already'
  return { ok: true, text: `The webhook ${receiptsUrl} ${text}.`, changed: missing.length > 0, secret }
}
