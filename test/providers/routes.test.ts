// Which providers serve a channel, and in which order.
import { describe, expect, it } from 'vitest'
import type { Config, ProviderConfigs } from '../../src/config/config.ts'
import { providerNames, routes } from '../../src/providers/index.ts'
import { nowMs } from './conformance.ts'

type Settings = ProviderConfigs & Pick<Config, 'emailProviders' | 'smsProviders' | 'publicUrl' | 'callbacks' | 'apps'>

const none: Settings = {
  resend: null,
  sendgrid: null,
  mailgun: null,
  smtp: null,
  twilio: null,
  vonage: null,
  msg91: null,
  fast2sms: null,
  emailProviders: null,
  smsProviders: null,
  publicUrl: null,
  callbacks: { urls: {}, allowPrivate: false },
  apps: null,
}
const baseUrl = 'http://127.0.0.1:9'
const resend = { apiKey: 're_1', webhookSecret: null, baseUrl }
const sendgrid = { apiKey: 'SG.1', webhookKey: null, baseUrl }
const mailgun = { apiKey: 'key', domain: 'mg.acme.example', signingKey: null, baseUrl }
const smtp = { url: 'smtp://127.0.0.1:9' }
const twilio = { accountSid: 'AC1', authToken: 'token', from: '+15005550001', messagingServiceSid: null, baseUrl }
const vonage = { apiKey: 'key', apiSecret: 'secret', from: 'Acme', signatureSecret: null, baseUrl }
const msg91 = { authKey: 'key', sender: null, flowId: 'flow', flows: {}, receiptToken: null, baseUrl }
const fast2sms = { apiKey: 'key', sender: null, route: 'q', messageId: null, receiptToken: null, baseUrl } as const

function namesOf(settings: Partial<Settings>) {
  const made = routes({ ...none, ...settings } as Config, { print: () => {}, nowMs })
  return { email: made.email.map((provider) => provider.name), sms: made.sms.map((provider) => provider.name) }
}

describe('the routes', () => {
  it.each(Object.entries({ resend, sendgrid, mailgun, smtp, twilio, vonage, msg91, fast2sms }))(
    'never have the sandbox where %s is configured, though the other channel has nobody',
    (name, own) => {
      const { email, sms } = namesOf({ [name]: own })
      expect([...email, ...sms]).toEqual([name])
    },
  )

  it('have no sandbox for a channel whose name stands in no route, where a vendor is configured and not named', () => {
    expect(namesOf({ resend, emailProviders: ['sandbox'] })).toEqual({ email: ['sandbox'], sms: [] })
  })

  it.each<[string, Partial<Settings>, object]>([
    ['nothing is configured', {}, { email: ['sandbox'], sms: ['sandbox'] }],
    [
      'everything is configured',
      { fast2sms, msg91, vonage, twilio, smtp, mailgun, sendgrid, resend },
      { email: ['resend', 'sendgrid', 'mailgun', 'smtp'], sms: ['twilio', 'vonage', 'msg91', 'fast2sms'] },
    ],
    ['only email is configured', { smtp }, { email: ['smtp'], sms: [] }],
    ['only SMS is configured', { vonage }, { email: [], sms: ['vonage'] }],
    ['only Fast2SMS is configured', { fast2sms }, { email: [], sms: ['fast2sms'] }],
    ['only SendGrid is configured', { sendgrid }, { email: ['sendgrid'], sms: [] }],
    ['an order is named', { resend, smtp, emailProviders: ['smtp', 'resend'] }, { email: ['smtp', 'resend'], sms: [] }],
    ['one of two is named', { resend, smtp, emailProviders: ['smtp'] }, { email: ['smtp'], sms: [] }],
    ['the sandbox is named', { resend, smsProviders: ['sandbox'] }, { email: ['resend'], sms: ['sandbox'] }],
    [
      'the sandbox is a fallback',
      { resend, emailProviders: ['resend', 'sandbox'] },
      { email: ['resend', 'sandbox'], sms: [] },
    ],
    ['only the sandbox is named', { emailProviders: ['sandbox'] }, { email: ['sandbox'], sms: ['sandbox'] }],
    ['one is named twice', { resend, emailProviders: ['resend', 'resend'] }, { email: ['resend'], sms: [] }],
  ])('where %s', (_, settings, expected) => {
    expect(namesOf(settings)).toEqual(expected)
  })

  it('refuse a name that is not configured, and say which', () => {
    expect(() => namesOf({ resend, emailProviders: ['smtp'] })).toThrow(
      'the email route names smtp, which is not configured',
    )
  })

  it('carry callbacks where an app has one', () => {
    const callbacks = { urls: { shop: 'https://shop.example.com/hooks' }, allowPrivate: false }
    const apps = [{ name: 'shop', secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}` }]
    const made = (settings: Partial<Settings>) => routes({ ...none, ...settings } as Config, { print: () => {}, nowMs })
    expect(made({ callbacks, apps }).callback.map((provider) => provider.name)).toEqual(['callback'])
    expect(made({ apps }).callback).toEqual([])
  })

  it('know the names that may be used', () => {
    expect(providerNames).toEqual({
      email: ['resend', 'sendgrid', 'mailgun', 'smtp', 'sandbox'],
      sms: ['twilio', 'vonage', 'msg91', 'fast2sms', 'sandbox'],
    })
  })
})
