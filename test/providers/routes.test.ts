// Which providers serve a channel, and in which order.
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { allVendors, routes } from '../../src/providers/index.ts'
import { nowMs } from './conformance.ts'

type Settings = Parameters<typeof routes>[0]

const none: Settings = {
  providers: new Map(),
  emailProviders: null,
  smsProviders: null,
  publicUrl: null,
  callbacks: { urls: {}, allowPrivate: false },
  apps: null,
}
const env: Record<string, Record<string, string>> = {
  resend: { RESEND_API_KEY: 're_1' },
  sendgrid: { SENDGRID_API_KEY: 'SG.1' },
  mailgun: { MAILGUN_API_KEY: 'key', MAILGUN_DOMAIN: 'mg.acme.example' },
  smtp: { SMTP_URL: 'smtp://127.0.0.1:9' },
  twilio: { TWILIO_ACCOUNT_SID: 'AC1', TWILIO_AUTH_TOKEN: 'token', TWILIO_FROM: '+15005550001' },
  vonage: { VONAGE_API_KEY: 'key', VONAGE_API_SECRET: 'secret', VONAGE_FROM: 'Acme' },
  msg91: { MSG91_AUTH_KEY: 'key', MSG91_FLOW_ID: 'flow' },
  fast2sms: { FAST2SMS_API_KEY: 'key' },
}

/** The routes where these vendors are configured. */
function namesOf(configured: string[], named: Pick<Partial<Settings>, 'emailProviders' | 'smsProviders'> = {}) {
  const loaded = loadConfig({ EMAIL_FROM: 'a@b.example', ...Object.assign({}, ...configured.map((name) => env[name])) })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults))
  const made = routes({ ...none, providers: loaded.config.providers, ...named }, { print: () => {}, nowMs })
  return { email: made.email.map((provider) => provider.name), sms: made.sms.map((provider) => provider.name) }
}

describe('the routes', () => {
  it('are tested with every vendor there is', () => {
    expect(Object.keys(env)).toEqual(allVendors.map(({ name }) => name))
  })

  it.each(Object.keys(env))(
    'never have the sandbox where %s is configured, though the other channel has nobody',
    (name) => {
      const { email, sms } = namesOf([name])
      expect([...email, ...sms]).toEqual([name])
    },
  )

  it('have no sandbox for a channel whose name stands in no route, where a vendor is configured and not named', () => {
    expect(namesOf(['resend'], { emailProviders: ['sandbox'] })).toEqual({ email: ['sandbox'], sms: [] })
  })

  it.each<[string, string[], Parameters<typeof namesOf>[1], object]>([
    ['nothing is configured', [], {}, { email: ['sandbox'], sms: ['sandbox'] }],
    [
      'everything is configured',
      Object.keys(env).toReversed(),
      {},
      { email: ['resend', 'sendgrid', 'mailgun', 'smtp'], sms: ['twilio', 'vonage', 'msg91', 'fast2sms'] },
    ],
    ['only email is configured', ['smtp'], {}, { email: ['smtp'], sms: [] }],
    ['only SMS is configured', ['vonage'], {}, { email: [], sms: ['vonage'] }],
    [
      'an order is named',
      ['resend', 'smtp'],
      { emailProviders: ['smtp', 'resend'] },
      { email: ['smtp', 'resend'], sms: [] },
    ],
    ['one of two is named', ['resend', 'smtp'], { emailProviders: ['smtp'] }, { email: ['smtp'], sms: [] }],
    ['the sandbox is named', ['resend'], { smsProviders: ['sandbox'] }, { email: ['resend'], sms: ['sandbox'] }],
    [
      'the sandbox is a fallback',
      ['resend'],
      { emailProviders: ['resend', 'sandbox'] },
      { email: ['resend', 'sandbox'], sms: [] },
    ],
    ['only the sandbox is named', [], { emailProviders: ['sandbox'] }, { email: ['sandbox'], sms: ['sandbox'] }],
    ['one is named twice', ['resend'], { emailProviders: ['resend', 'resend'] }, { email: ['resend'], sms: [] }],
  ])('where %s', (_, configured, named, expected) => {
    expect(namesOf(configured, named)).toEqual(expected)
  })

  it('refuse a name that is not configured, and say which', () => {
    expect(() => namesOf(['resend'], { emailProviders: ['smtp'] })).toThrow(
      'the email route names smtp, which is not configured',
    )
    expect(() => namesOf(['twilio'], { emailProviders: ['twilio'] })).toThrow(
      'the email route names twilio, which is not configured',
    )
  })

  it('carry callbacks where an app has one', () => {
    const callbacks = { urls: { shop: 'https://shop.example.com/hooks' }, allowPrivate: false }
    const apps = [{ name: 'shop', secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}` }]
    const made = (settings: Partial<Settings>) => routes({ ...none, ...settings }, { print: () => {}, nowMs })
    expect(made({ callbacks, apps }).callback.map((provider) => provider.name)).toEqual(['callback'])
    expect(made({ apps }).callback).toEqual([])
  })
})
