// Asks Resend about the key, the sender's domain and the webhook, and registers the webhook
// (https://resend.com/docs/api-reference/webhooks; the shapes are those of the package resend 6.38.0).
import { field, listOf, textOf } from '../../wire/json.ts'
import type { Account, Connected, DnsRecord, Finding, Inspection } from '../account.ts'
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
import { type ResendSettings, settings } from './settings.ts'

/** All that receipts.ts reads. */
const events = [
  ...[
    'sent',
    'delivered',
    'delivery_delayed',
    'bounced',
    'complained',
    'opened',
    'clicked',
    'failed',
    'suppressed',
  ].map((name) => `email.${name}`),
  'suppression.added',
]

export function resendAccount({ apiKey, baseUrl }: ResendSettings): Account {
  const calls = accountCalls(baseUrl, 'Resend', `Bearer ${apiKey}`)
  return {
    // Takes the message and reports it delivered.
    canary: 'delivered@resend.dev',
    inspect: async ({ senderDomain, receiptsUrl }) => {
      const domains = await calls.get('/domains?limit=100')
      if (!domains.ok && field(domains.json, 'name') === 'restricted_api_key') return restricted
      if (!domains.ok) return { findings: [keyFinding(domains, 'Resend', settings.apiKey.name)], records: [] }
      const known = field(domains.json, 'data')
      if (!Array.isArray(known)) return { findings: [silentOn('key', 'Resend', 'a list of domains')], records: [] }
      const sender = senderDomain === null ? null : await senderOf(calls, listOf(known), senderDomain)
      const webhook = receiptsUrl === null ? noPublicUrl : await webhookOf(calls, receiptsUrl)
      const key: Finding = { what: 'key', ok: true, text: 'Resend takes the key.' }
      return { findings: [key, ...(sender ? [sender.finding] : []), webhook], records: sender?.records ?? [] }
    },
    connect: (receiptsUrl) => connect(calls, receiptsUrl),
  }
}

/** The key may send and do nothing else. */
const restricted: Inspection = {
  findings: [
    { what: 'key', ok: true, text: 'Resend takes the key, which may only send.' },
    ...['sender', 'webhook'].map((what) => ({
      what,
      ok: null,
      text: 'The key may only send, so this was not asked.',
      fix: 'Look at resend.com, or ask with a key that has full access.',
    })),
  ],
  records: [],
}

async function senderOf(calls: AccountCalls, known: object[], domain: string) {
  const found = known.find((one) => isDomainOf(String(field(one, 'name')), domain))
  const fix = `Add ${domain} at resend.com/domains, and its records below to the DNS.`
  if (!found) {
    const finding: Finding = { what: 'sender', ok: false, text: `Resend does not know the domain ${domain}.`, fix }
    return { finding, records: [] }
  }
  const { id, name } = found as Record<string, unknown>
  const status = textOf(field(found, 'status'))
  const finding: Finding =
    status === null
      ? silentOn('sender', 'Resend', `the status of ${name}`)
      : status === 'verified'
        ? { what: 'sender', ok: true, text: `${name} is verified.` }
        : { what: 'sender', ok: false, text: `${name} is ${status}, so Resend refuses to send from it.`, fix }
  const details = await calls.get(`/domains/${encodeURIComponent(String(id))}`)
  const listed = details.ok ? listOf(field(details.json, 'records')) : []
  return { finding, records: listed.flatMap((record) => recordOf(record, String(name))) }
}

function recordOf(record: object, domain: string): DnsRecord[] {
  const [purpose, type] = [field(record, 'record'), field(record, 'type')]
  const [name, value] = [textOf(field(record, 'name')), textOf(field(record, 'value'), 2000)]
  if ((purpose !== 'SPF' && purpose !== 'DKIM') || (type !== 'TXT' && type !== 'CNAME') || !name || !value) return []
  return [{ purpose, type, host: hostOf(name, domain), value }]
}

/** Resend names hosts within the registered domain: `send.mail` for the domain `mail.example.com`. */
function hostOf(name: string, domain: string): string {
  if (isDomainOf(domain, name)) return name
  const labels = domain.split('.')
  const shared = labels.findIndex((_, i) => i > 0 && `.${name}`.endsWith(`.${labels.slice(0, i).join('.')}`))
  return `${name}.${labels.slice(Math.max(0, shared)).join('.')}`
}

async function webhookOf(calls: AccountCalls, receiptsUrl: string): Promise<Finding> {
  const listed = await calls.get('/webhooks?limit=100')
  if (!listed.ok) return unclear('webhook', listed.text)
  const found = ownWebhook(listed.json, receiptsUrl)
  return webhookFinding(
    'resend',
    receiptsUrl,
    found && (field(found, 'status') === 'disabled' ? 'disabled' : 'enabled'),
  )
}

function ownWebhook(json: unknown, receiptsUrl: string): object | null {
  return listOf(field(json, 'data')).find((one) => field(one, 'endpoint') === receiptsUrl) ?? null
}

async function connect(calls: AccountCalls, receiptsUrl: string): Promise<Connected> {
  const right = 'has full access'
  const listed = await calls.get('/webhooks?limit=100')
  if (!listed.ok) return refusedConnect(listed, right)
  const found = ownWebhook(listed.json, receiptsUrl)
  const path = `/webhooks/${encodeURIComponent(String(field(found, 'id')))}`
  const isDisabled = field(found, 'status') === 'disabled'
  if (found && isDisabled) {
    const enabled = await calls.send('PATCH', path, { status: 'enabled' })
    if (!enabled.ok) return refusedConnect(enabled, right)
  }
  const asked = found ? await calls.get(path) : await calls.send('POST', '/webhooks', { endpoint: receiptsUrl, events })
  if (!asked.ok) return refusedConnect(asked, right)
  const secret = textOf(field(asked.json, 'signing_secret'))
  if (!secret)
    return { ok: false, text: 'Resend gave no signing secret.', fix: `Copy it into ${settings.webhookSecrets.name}.` }
  const text = found ? (isDisabled ? 'was enabled again' : 'was there already') : 'was registered'
  return { ok: true, text: `The webhook ${receiptsUrl} ${text}.`, changed: !found || isDisabled, secret }
}
