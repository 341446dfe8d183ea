// Which providers serve a channel, and in which order.
import { describe, expect, it } from 'vitest'
import type { Config } from '../../src/config.ts'
import { providerNames, routes } from '../../src/providers/index.ts'
import { nowMs } from './conformance.ts'

type Settings = Pick<Config, 'resend' | 'smtp' | 'twilio' | 'vonage' | 'emailProviders' | 'smsProviders' | 'publicUrl'>

const none: Settings = {
  resend: null,
  smtp: null,
  twilio: null,
  vonage: null,
  emailProviders: null,
  smsProviders: null,
  publicUrl: null,
}
const baseUrl = 'http://127.0.0.1:9'
const resend = { apiKey: 're_1', webhookSecret: null, baseUrl }
const smtp = { url: 'smtp://127.0.0.1:9' }
const twilio = { accountSid: 'AC1', authToken: 'token', from: '+15005550001', messagingServiceSid: null, baseUrl }
const vonage = { apiKey: 'key', apiSecret: 'secret', from: 'Acme', signatureSecret: null, baseUrl }

function namesOf(settings: Partial<Settings>) {
  const made = routes({ ...none, ...settings } as Config, { print: () => {}, nowMs })
  return { email: made.email.map((provider) => provider.name), sms: made.sms.map((provider) => provider.name) }
}

describe('the routes', () => {
  it.each<[string, Partial<Settings>, object]>([
    ['nothing is configured', {}, { email: ['sandbox'], sms: ['sandbox'] }],
    [
      'everything is configured',
      { vonage, twilio, smtp, resend },
      { email: ['resend', 'smtp'], sms: ['twilio', 'vonage'] },
    ],
    ['only email is configured', { smtp }, { email: ['smtp'], sms: [] }],
    ['only SMS is configured', { vonage }, { email: [], sms: ['vonage'] }],
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

  it('know the names that may be used', () => {
    expect(providerNames).toEqual({ email: ['resend', 'smtp', 'sandbox'], sms: ['twilio', 'vonage', 'sandbox'] })
  })
})
