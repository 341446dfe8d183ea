// The sender as EMAIL_FROM and EMAIL_REPLY_TO may have it, and the recipient's name, as every email provider gets them: one
// mailbox each, with its name.
import addressparser from 'nodemailer/lib/addressparser'
import { expect, it } from 'vitest'
import type { EmailMessage } from '../../src/domain/notification.ts'
import { mailgun } from '../../src/providers/mailgun/index.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { resend } from '../../src/providers/resend/index.ts'
import { sendgrid } from '../../src/providers/sendgrid/index.ts'
import { smtp } from '../../src/providers/smtp/index.ts'
import { startSmtpVendor } from '../helper/smtp-vendor.ts'
import { accepting, startVendor } from '../helper/vendor.ts'
import { deps, emailMessage, options } from './conformance.ts'

/** What a provider was given, each as a header has it. */
interface Given {
  from: unknown
  replyTo: unknown
  to?: unknown
  /** Where a name may not have all characters. */
  people?: string[] | undefined
}

const overHttp = async (name: keyof typeof accepting, make: (baseUrl: string) => Provider, message: EmailMessage) => {
  const vendor = await startVendor(accepting[name])
  const provider = make(vendor.url)
  expect(await provider.send(message, options())).toMatchObject({ kind: 'accepted' })
  await provider.close?.()
  await vendor.close()
  const [request] = vendor.requests
  if (!request) throw new Error('nothing was sent')
  return request
}

const header = ({ name, email }: { name?: string; email: string }) =>
  name ? `"${name.replace(/["\\]/g, '\\$&')}" <${email}>` : email

const given: Record<string, (message: EmailMessage) => Promise<Given>> = {
  async resend(message) {
    const make = (baseUrl: string) => resend.make({ apiKey: 're_of_tests', webhookSecrets: null, baseUrl }, deps)
    const { from, reply_to: replyTo } = (await overHttp('resend', make, message)).json()
    return { from, replyTo }
  },
  async sendgrid(message) {
    const make = (baseUrl: string) => sendgrid.make({ apiKey: 'SG.of-tests', webhookKeys: null, baseUrl }, deps)
    const body = (await overHttp('sendgrid', make, message)).json() as Record<
      'from' | 'reply_to',
      { email: string }
    > & {
      personalizations: { to: { email: string; name?: string }[] }[]
    }
    return { from: header(body.from), replyTo: header(body.reply_to), people: body.personalizations[0]?.to.map(header) }
  },
  async mailgun(message) {
    const config = { apiKey: 'key', domain: 'mg.acme.example', signingKeys: null }
    const form = (await overHttp('mailgun', (baseUrl) => mailgun.make({ ...config, baseUrl }, deps), message)).form()
    expect(form.getAll('from')).toHaveLength(1)
    return { from: form.get('from'), replyTo: form.get('h:Reply-To'), to: form.get('to') }
  },
  async smtp(message) {
    const vendor = await startSmtpVendor()
    const provider = smtp.make({ url: vendor.url }, deps)
    expect(await provider.send(message, options())).toMatchObject({ kind: 'accepted' })
    await provider.close?.()
    await vendor.close()
    const head = vendor.messages[0]?.raw.split('\r\n\r\n', 1)[0]?.replaceAll(/\r\n(?=[ \t])/g, '') ?? ''
    const value = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1] ?? ''
    expect(head).not.toMatch(/^Bcc:/im)
    return { from: decoded(value('From')), replyTo: decoded(value('Reply-To')), to: decoded(value('To')) }
  },
}

/** Encoded words (RFC 2047), in quotes. */
function decoded(value: string): string {
  const words = value
    .replace(/(?<=\?=) (?==\?)/g, '')
    .replace(/=\?UTF-8\?([QB])\?(.*?)\?=/g, (_, kind, text: string) => {
      const bytes = text
        .replaceAll('_', ' ')
        .replace(/=([0-9A-F]{2})/g, (__, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
      return Buffer.from(kind === 'B' ? text : bytes, kind === 'B' ? 'base64' : 'latin1').toString()
    })
  return words === value ? value : words.replace(/^(.*) </, '"$1" <')
}

const names: [setting: string, name: string][] = [
  ['Acme', 'Acme'],
  ['Acme, Inc.', 'Acme, Inc.'],
  ['"Acme, Inc."', 'Acme, Inc.'],
  ['"Acme \\"West\\" Team"', 'Acme "West" Team'],
  ['Care Team, Billing; Sales: all (EU)', 'Care Team, Billing; Sales: all (EU)'],
  ['Łódź Über, 中文', 'Łódź Über, 中文'],
  ['A\u202ecmE\u2066, Inc.', 'AcmE, Inc.'],
  ['Acme\r\nBcc: eve@evil.example', 'Acme Bcc: eve@evil.example'],
]

it.each(Object.keys(given).flatMap((provider) => names.map(([setting, name]) => ({ provider, setting, name }))))(
  '$provider gets $setting as one mailbox',
  async ({ provider, setting, name }) => {
    const toName = name.includes('(') ? null : name
    const from = `${setting} <hello@acme.example>`
    const sent = await given[provider]?.({ ...emailMessage, from, toName, replyTo: `${setting} <care@acme.example>` })
    const mailboxes = (value: unknown) => addressparser(String(value))
    expect(mailboxes(sent?.from)).toEqual([{ address: 'hello@acme.example', name }])
    expect(mailboxes(sent?.replyTo)).toEqual([{ address: 'care@acme.example', name }])
    if (sent?.to) expect(mailboxes(sent.to)).toEqual([{ address: 'ada@customers.example', name: toName ?? '' }])
  },
)

it.each(
  Object.keys(given).flatMap((provider) =>
    [
      '=?UTF-8?B?c3VwcG9ydEBiYW5r?=',
      'Ada =?utf-8?q?support=40bank?= Lovelace',
      '=\u202e?UTF-8?B?c3VwcG9ydEBiYW5r?=',
    ].map((name) => ({ provider, name })),
  ),
)('$provider is not given the name $name, which mail programs would decode', async ({ provider, name }) => {
  const setting = `"${name}" <hello@acme.example>`
  const sent = await given[provider]?.({ ...emailMessage, from: setting, toName: name, replyTo: setting })
  expect(sent).toMatchObject({ from: 'hello@acme.example', replyTo: 'hello@acme.example' })
  expect([sent?.to, sent?.people?.join()].filter((one) => one !== undefined)).toEqual(
    provider === 'resend' ? [] : ['ada@customers.example'],
  )
})
