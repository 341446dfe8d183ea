// Asks SendGrid about the key, the sender's domain and the event webhook, and registers the webhook
// (https://www.twilio.com/docs/sendgrid/api-reference/webhooks).
import { at, field, listOf, textOf } from '../../wire/json.ts'
import type { Account, Connected, DnsRecord, Finding } from '../account.ts'
import {
  type AccountCalls,
  accountCalls,
  isDomainOf,
  keyFinding,
  noPublicUrl,
  refusedConnect,
  silentOn,
  unclear,
  webhookFinding,
} from '../kit/account-calls.ts'
import { type SendgridSettings, settings } from './settings.ts'

const webhooksPath = '/v3/user/webhooks/event/settings'
const domainsPerPage = 100
/** Of one user at SendGrid. */
const mostDomains = 3000
/** All that receipts.ts reads. */
const events = {
  ...{ processed: true, deferred: true, delivered: true, bounce: true, dropped: true, open: true, click: true },
  ...{ spam_report: true, unsubscribe: true, group_unsubscribe: true, group_resubscribe: true },
}

export function sendgridAccount({ apiKey, baseUrl }: SendgridSettings): Account {
  const calls = accountCalls(baseUrl, 'SendGrid', `Bearer ${apiKey}`)
  return {
    inspect: async ({ senderDomain, receiptsUrl }) => {
      const scopes = await calls.get('/v3/scopes')
      if (!scopes.ok) return { findings: [keyFinding(scopes, 'SendGrid', settings.apiKey.name)], records: [] }
      const granted = field(scopes.json, 'scopes')
      if (!Array.isArray(granted)) return { findings: [silentOn('key', 'SendGrid', 'the key’s scopes')], records: [] }
      const maySend = granted.includes('mail.send')
      const key: Finding = maySend
        ? { what: 'key', ok: true, text: 'SendGrid takes the key, and it may send.' }
        : {
            what: 'key',
            ok: false,
            text: 'The key may not send.',
            fix: 'Give it the permission Mail Send at SendGrid.',
          }
      const sender = senderDomain === null ? null : await senderOf(calls, senderDomain)
      const webhook = receiptsUrl === null ? noPublicUrl : await webhookOf(calls, receiptsUrl)
      return { findings: [key, ...(sender ? [sender.finding] : []), webhook], records: sender?.records ?? [] }
    },
    connect: (receiptsUrl) => connect(calls, receiptsUrl),
  }
}

async function senderOf(calls: AccountCalls, domain: string): Promise<{ finding: Finding; records: DnsRecord[] }> {
  const listed = await findDomain(calls, domain)
  const fix = `Authenticate ${domain} under Settings, Sender Authentication, and add the records below to the DNS.`
  if (!listed.ok)
    return {
      finding: unclear('sender', listed.text, 'The key needs the permission to read sender authentication.'),
      records: [],
    }
  const { found } = listed
  if (!found) {
    const text = `SendGrid has not authenticated the domain ${domain}.`
    return { finding: { what: 'sender', ok: false, text, fix }, records: [] }
  }
  const finding: Finding =
    found.valid === true
      ? { what: 'sender', ok: true, text: `${found.domain} is authenticated.` }
      : { what: 'sender', ok: false, text: `The records of ${found.domain} are not valid yet.`, fix }
  const records = Object.entries(at(found, 'dns')).flatMap(([name, record]) => recordOf(name, record))
  return { finding, records }
}

/** The list has pages (https://www.twilio.com/docs/sendgrid/api-reference/domain-authentication/list-all-authenticated-domains). */
async function findDomain(calls: AccountCalls, domain: string) {
  for (let offset = 0; offset < mostDomains; offset += domainsPerPage) {
    const listed = await calls.get(`/v3/whitelabel/domains?limit=${domainsPerPage}&offset=${offset}`)
    if (!listed.ok) return listed
    const page = Array.isArray(listed.json) ? listOf(listed.json) : []
    const found = page.find((one) => isDomainOf(String(one.domain), domain))
    if (found || page.length < domainsPerPage) return { ok: true, found } as const
  }
  return { ok: true, found: undefined } as const
}

function recordOf(name: string, record: unknown): DnsRecord[] {
  const type = String(field(record, 'type')).toUpperCase()
  const [host, value] = [textOf(field(record, 'host')), textOf(field(record, 'data'), 2000)]
  if ((type !== 'TXT' && type !== 'CNAME') || !host || !value) return []
  return [{ purpose: name.startsWith('dkim') ? 'DKIM' : 'SPF', type, host, value }]
}

async function webhookOf(calls: AccountCalls, receiptsUrl: string): Promise<Finding> {
  const listed = await calls.get(`${webhooksPath}/all`)
  if (!listed.ok) return unclear('webhook', listed.text, 'The key needs full access to read webhooks.')
  const found = ownWebhook(listed.json, receiptsUrl)
  return webhookFinding('sendgrid', receiptsUrl, found && (field(found, 'enabled') === false ? 'disabled' : 'enabled'))
}

function ownWebhook(json: unknown, receiptsUrl: string): object | null {
  return listOf(field(json, 'webhooks')).find((one) => one.url === receiptsUrl) ?? null
}

async function connect(calls: AccountCalls, receiptsUrl: string): Promise<Connected> {
  const right = 'has full access'
  const listed = await calls.get(`${webhooksPath}/all`)
  if (!listed.ok) return refusedConnect(listed, right)
  const wanted = { enabled: true, url: receiptsUrl, ...events }
  const found = ownWebhook(listed.json, receiptsUrl)
  const isDisabled = field(found, 'enabled') === false
  const made = found
    ? isDisabled &&
      (await calls.send('PATCH', `${webhooksPath}/${encodeURIComponent(String(field(found, 'id')))}`, wanted))
    : await calls.send('POST', webhooksPath, wanted)
  if (made && !made.ok) return refusedConnect(made, right)
  const id = encodeURIComponent(String(field(found, 'id') ?? (made && field(made.json, 'id'))))
  const secret = await publicKeyOf(calls, id)
  if (typeof secret !== 'string') return secret
  const text = found ? (isDisabled ? 'was enabled again' : 'was there already') : 'was registered'
  return { ok: true, text: `The event webhook ${receiptsUrl} ${text}.`, changed: made !== false, secret }
}

/** Signing is switched on only where there is no key: switching it on again would make another key. */
async function publicKeyOf(calls: AccountCalls, id: string): Promise<string | Connected> {
  const path = `${webhooksPath}/signed/${id}`
  const signed = await calls.get(path)
  const known = signed.ok ? textOf(field(signed.json, 'public_key'), 2000) : null
  if (known) return known
  const enabled = await calls.send('PATCH', path, { enabled: true })
  if (!enabled.ok) return refusedConnect(enabled, 'has full access')
  const made = textOf(field(enabled.json, 'public_key'), 2000)
  if (made) return made
  return { ok: false, text: 'SendGrid gave no verification key.', fix: `Copy it into ${settings.webhookKeys.name}.` }
}
