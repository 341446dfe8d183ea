// Settings: defaults, all faults reported together, and never a secret's value among them.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { loadConfig, loadSettings } from '../../src/config/load.ts'
import { settings } from '../../src/config/table.ts'
import { fast2sms } from '../../src/providers/fast2sms/index.ts'
import { mailgun } from '../../src/providers/mailgun/index.ts'
import { msg91 } from '../../src/providers/msg91/index.ts'
import { resend } from '../../src/providers/resend/index.ts'
import { sendgrid } from '../../src/providers/sendgrid/index.ts'
import { smtp } from '../../src/providers/smtp/index.ts'
import { twilio } from '../../src/providers/twilio/index.ts'
import { vonage } from '../../src/providers/vonage/index.ts'
import { type Reader, settingReader } from '../../src/settings/reader.ts'

const whsec = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`
const spki = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
const noFiles = (path: string): string => {
  throw Object.assign(new Error(path), { code: 'ENOENT' })
}

function good(env: Record<string, string | undefined>): Config {
  const loaded = loadConfig(env, noFiles)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults))
  return loaded.config
}

/** What a vendor makes of its own settings. */
function own<V>(vendor: { read(reader: Reader): V }, env: Record<string, string | undefined>): V {
  return vendor.read(settingReader(env, noFiles))
}

function faults(env: Record<string, string | undefined>): Record<string, string> {
  const loaded = loadConfig(env, noFiles)
  return loaded.ok ? {} : Object.fromEntries(loaded.faults.map(({ name, text }) => [name, text]))
}

describe('defaults', () => {
  it('an empty environment is a whole configuration', () => {
    expect(good({})).toMatchObject({
      databaseUrl: null,
      databaseReadUrl: null,
      dataDir: resolve('.data'),
      databaseBackend: 'postgres',
      databasePoolSize: 10,
      roles: { api: true, worker: true },
      shutdownGraceMs: 20_000,
      secretKeys: null,
      host: '127.0.0.1',
      port: 3000,
      publicUrl: null,
      trustProxy: false,
      logLevel: 'info',
      ingressRateLimit: 6000,
      apps: null,
      apiKeys: null,
      emailProviders: null,
      smsProviders: null,
      providers: new Map(),
      rates: { resend: 10, sendgrid: 50, mailgun: 50, smtp: 10, twilio: 10, vonage: 30, msg91: 50, fast2sms: 10 },
      callbacks: { urls: {}, allowPrivate: false },
      defaultLocale: 'en',
      defaultTimezone: 'UTC',
      schedulesTimezone: 'UTC',
      tracing: null,
      retention: { messages: 90, events: 90, addresses: 90, audit: null, accessLog: null },
      brand: { name: 'Posthorn', logoUrl: null, address: null },
    })
  })

  it('an empty value counts as unset', () => {
    const empty = Object.fromEntries(Object.keys(settings).map((name) => [name, '  ']))
    expect(good(empty)).toEqual({ ...good({}), sources: expect.any(Map) })
  })

  it('every variable of the table is read, and no other', () => {
    const asked = new Set<string>()
    const env = new Proxy({}, { get: (_, name) => void asked.add(String(name)) })
    loadConfig(env, noFiles)
    const names = Object.keys(settings)
    expect(names.filter((name) => !asked.has(name))).toEqual([])
    expect([...asked].filter((name) => !names.includes(name.replace(/_FILE$/, '')))).toEqual([])
  })

  it('.env.example has exactly the variables of the table, each under its line, and sets none', () => {
    const example = readFileSync(resolve(import.meta.dirname, '../../.env.example'), 'utf8')
    const lines = [...example.matchAll(/^# (.+)\n# ([A-Z0-9_]+)=/gm)].map(([, line, name]) => [name, line])
    expect(lines).toEqual(Object.entries(settings))
    expect(example.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([])
  })
})

describe('good values', () => {
  it('each class of data has an age of its own, else that of RETENTION_DAYS; the audit none', () => {
    expect(
      good({ RETENTION_DAYS: '30', RETENTION_DAYS_ADDRESSES: '365', RETENTION_DAYS_MESSAGES: '7' }).retention,
    ).toEqual({
      ...{ messages: 7, events: 30, addresses: 365, audit: null, accessLog: null },
    })
    expect(good({ RETENTION_DAYS_AUDIT: '730', RETENTION_DAYS_ACCESS_LOG: '1' }).retention).toMatchObject({
      ...{ audit: 730, accessLog: 1 },
    })
  })

  it('traces are set up as OpenTelemetry’s variables say', () => {
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.acme.example:4318/otlp/' }
    expect(good(endpoint).tracing).toEqual({
      endpoint: 'https://collector.acme.example:4318/otlp',
      headers: {},
      resource: { 'service.name': 'posthorn' },
      sampler: { name: 'parentbased_always_on', ratio: 1 },
    })
    const described = {
      ...endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=k%2C1, authorization = Basic YTpi==',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=shop,deployment.environment.name=test%20one,k8s.node.name=',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '.25',
    }
    expect(good(described).tracing).toMatchObject({
      headers: { 'api-key': 'k,1', authorization: 'Basic YTpi==' },
      resource: { 'service.name': 'shop', 'deployment.environment.name': 'test one' },
      sampler: { name: 'parentbased_traceidratio', ratio: 0.25 },
    })
    expect(good({ ...described, OTEL_SERVICE_NAME: 'posts' }).tracing?.resource).toMatchObject({
      'service.name': 'posts',
    })
    expect(good({ ...described, OTEL_EXPORTER_OTLP_ENDPOINT: '' }).tracing, 'without a collector').toBeNull()
  })

  it('providers come with their usual addresses and rates', () => {
    const env = {
      RESEND_API_KEY: 're_1',
      RESEND_RATE: '2.5',
      EMAIL_FROM: 'Acme <hello@acme.example>',
      TWILIO_ACCOUNT_SID: 'AC1',
      TWILIO_AUTH_TOKEN: 'token',
      TWILIO_FROM: '+14155550100',
      VONAGE_API_KEY: 'k',
      VONAGE_API_SECRET: 's',
      VONAGE_FROM: 'Acme',
      SMTP_URL: 'smtps://user:p%40ss@mail.example.com:465',
      EMAIL_PROVIDERS: 'smtp, resend',
      SMS_PROVIDERS: 'twilio,vonage,sandbox',
    }
    const config = good(env)
    expect([...config.providers.keys()]).toEqual(['resend', 'smtp', 'twilio', 'vonage'])
    expect(own(resend, env)).toEqual({ apiKey: 're_1', webhookSecrets: null, baseUrl: 'https://api.resend.com' })
    expect(own(twilio, env)).toMatchObject({ baseUrl: 'https://api.twilio.com', messagingServiceSid: null })
    expect(own(vonage, env)).toMatchObject({ baseUrl: 'https://rest.nexmo.com', from: 'Acme' })
    expect(own(smtp, env)).toEqual({ url: 'smtps://user:p%40ss@mail.example.com:465' })
    expect(config.emailProviders).toEqual(['smtp', 'resend'])
    expect(config.smsProviders).toEqual(['twilio', 'vonage', 'sandbox'])
    expect(config.rates.resend).toBe(2.5)
  })

  it('SendGrid, Mailgun, MSG91 and Fast2SMS come with their usual addresses', () => {
    const env = {
      EMAIL_FROM: 'hello@acme.example',
      SENDGRID_API_KEY: 'SG.x',
      MAILGUN_API_KEY: 'key',
      MAILGUN_DOMAIN: 'mg.acme.example',
      MSG91_AUTH_KEY: 'key',
      MSG91_FLOW_ID: 'flow',
      MSG91_FLOWS: 'order-shipped=flow2',
      FAST2SMS_API_KEY: 'key',
      EMAIL_PROVIDERS: 'mailgun,sendgrid',
      SMS_PROVIDERS: 'fast2sms,msg91',
    }
    const config = good(env)
    expect([...config.providers.keys()]).toEqual(['sendgrid', 'mailgun', 'msg91', 'fast2sms'])
    expect(config).toMatchObject({ emailProviders: ['mailgun', 'sendgrid'], smsProviders: ['fast2sms', 'msg91'] })
    expect(own(sendgrid, env)).toMatchObject({ baseUrl: 'https://api.sendgrid.com', webhookKeys: null })
    expect(own(mailgun, env)).toMatchObject({
      ...{ baseUrl: 'https://api.mailgun.net', domain: 'mg.acme.example', signingKeys: null },
    })
    expect(own(msg91, env)).toMatchObject({
      ...{ baseUrl: 'https://control.msg91.com', flowId: 'flow', flows: { 'order-shipped': 'flow2' } },
    })
    expect(own(fast2sms, env)).toMatchObject({ baseUrl: 'https://www.fast2sms.com', route: { name: 'q' } })
  })

  it.each([
    ['q', { name: 'q' }],
    ['DLT_MANUAL', { name: 'dlt_manual' }],
    ['dlt:111111', { name: 'dlt', messageId: '111111' }],
  ])('the route %s of Fast2SMS is taken', (route, expected) => {
    const env = { FAST2SMS_API_KEY: 'key', FAST2SMS_SENDER: 'ACMEIN', FAST2SMS_ROUTE: route }
    expect(own(fast2sms, env)?.route).toEqual(expected)
  })

  it('lists of secrets, apps, keys and callbacks are taken apart', () => {
    const env = {
      APP_WEBHOOK_SECRETS: `shop=${whsec(24)},shop=${whsec(64)},Blog=${whsec(32)}`,
      API_KEYS: 'shop:producer:key-of-the-shop-1,ann:viewer:a:b:c:d:e:f:g:h:i',
      APP_CALLBACKS: 'shop=https://shop.example/hooks?a=b',
      TWILIO_ACCOUNT_SID: 'AC1',
      TWILIO_AUTH_TOKEN: 'token',
      TWILIO_MESSAGING_SERVICE_SID: 'MG1',
    }
    const config = good(env)
    expect(config.apps?.map((app) => app.name)).toEqual(['shop', 'shop', 'Blog'])
    expect(config.apiKeys).toEqual([
      { name: 'shop', role: 'producer', isTest: false, key: 'key-of-the-shop-1' },
      { name: 'ann', role: 'viewer', isTest: false, key: 'a:b:c:d:e:f:g:h:i' },
    ])
    expect(config.callbacks.urls).toEqual({ shop: 'https://shop.example/hooks?a=b' })
    expect(own(twilio, env)).toMatchObject({ from: null, messagingServiceSid: 'MG1' })
  })

  it('a callback of the generated demo app is taken, and plain http where it is allowed', () => {
    const config = good({ APP_CALLBACKS: 'demo=http://127.0.0.1:9/hook', CALLBACKS_ALLOW_PRIVATE: '1' })
    expect(config.callbacks).toEqual({ urls: { demo: 'http://127.0.0.1:9/hook' }, allowPrivate: true })
  })

  it.each([
    ['true', true],
    ['false', false],
    ['0', false],
    ['2', 2],
    ['10.0.0.0/8, ::1, loopback', ['10.0.0.0/8', '::1', 'loopback']],
  ])('TRUST_PROXY %s is taken', (text, value) => expect(good({ TRUST_PROXY: text }).trustProxy).toEqual(value))

  it('values are brought into one form', () => {
    const config = good({
      PUBLIC_URL: 'https://notify.example.com/',
      BRAND_COLOR: '#AABBCC',
      PORT: '0',
      HOST: '::',
      POSTHORN_ROLES: 'worker',
      SHUTDOWN_GRACE_SECONDS: '5',
      DATABASE_URL: 'postgresql://u:p@db/posthorn?sslmode=require',
      DEFAULT_LOCALE: 'de-de',
      DEFAULT_TIMEZONE: 'europe/berlin',
      CALLBACKS_ALLOW_PRIVATE: 'TRUE',
    })
    expect(config).toMatchObject({
      publicUrl: 'https://notify.example.com',
      port: 0,
      host: '::',
      shutdownGraceMs: 5000,
    })
    expect(config).toMatchObject({ roles: { api: false, worker: true }, callbacks: { allowPrivate: true } })
    expect(config).toMatchObject({
      defaultLocale: 'de-DE',
      defaultTimezone: 'Europe/Berlin',
      brand: { color: '#aabbcc' },
    })
  })
})

describe('faults', () => {
  it('all of them are reported together, each with its variable', () => {
    const wrong = {
      DATABASE_URL: 'mysql://u:hunter2@db/x',
      DATABASE_BACKEND: 'oracle',
      DATABASE_POOL_SIZE: '4',
      POSTHORN_ROLES: 'api,cook',
      SHUTDOWN_GRACE_SECONDS: 'soon',
      SECRET_KEY: 'hunter2',
      HOST: 'http://x',
      PORT: '65536',
      PUBLIC_URL: 'ftp://x',
      TRUST_PROXY: '10.0.0.0/33',
      LOG_LEVEL: 'loud',
      INGRESS_RATE_LIMIT: '-1',
      STRIPE_API_BASE: 'api.stripe.com',
      EMAIL_FROM: 'Acme',
      EMAIL_REPLY_TO: 'a@b@c',
      OPERATOR_EMAIL: 'Ops <ops@acme.example>',
      SMTP_URL: 'mail.example.com:hunter2',
      RESEND_RATE: '0',
      CALLBACKS_ALLOW_PRIVATE: 'yes',
      DEFAULT_LOCALE: 'en_US',
      DEFAULT_TIMEZONE: 'Mars/Olympus',
      SCHEDULES_TIMEZONE: '+01:00',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317',
      OTEL_EXPORTER_OTLP_HEADERS: 'hunter2',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=50%',
      OTEL_TRACES_SAMPLER: 'jaeger_remote',
      OTEL_TRACES_SAMPLER_ARG: '10%',
      RETENTION_DAYS: '0',
      RETENTION_DAYS_AUDIT: '29',
      BRAND_COLOR: 'red',
      BRAND_LOGO_URL: 'javascript:alert(1)',
      BRAND_NAME: 'Ac\nme',
    }
    const found = faults(wrong)
    expect(Object.keys(found).sort()).toEqual(Object.keys(wrong).sort())
    expect(JSON.stringify(found)).not.toContain('hunter2')
    for (const text of Object.values(found)) expect(text).toMatch(/[;,] (give|leave)/)
  })

  it.each([
    [{ RETENTION_DAYS_MESSAGES: '91' }, 'RETENTION_DAYS_MESSAGES', 'give at most 90'],
    [{ RETENTION_DAYS_EVENTS: '30' }, 'RETENTION_DAYS_EVENTS', 'give at least 90, or RETENTION_DAYS_MESSAGES as well'],
    [{ RETENTION_DAYS_ADDRESSES: '60' }, 'RETENTION_DAYS_ADDRESSES', 'the body of an event has the addresses in it'],
    [{ RETENTION_DAYS_AUDIT: '60' }, 'RETENTION_DAYS_AUDIT', 'an address is a part of its notification'],
    [{ RETENTION_DAYS: '30', RETENTION_DAYS_EVENTS: '31' }, 'RETENTION_DAYS_EVENTS', 'RETENTION_DAYS_ADDRESSES is 30'],
  ])('%j: a class of data does not outlive what it is a part of', (env, name, says) => {
    const found = faults(env)
    expect(Object.keys(found)).toEqual([name])
    expect(found[name]).toContain(says)
  })

  it.each([
    ['a line break in a value', 'api-key=hunter2%0Ahost:%20evil'],
    ['a name with a space', 'api key=hunter2'],
    ['a character beyond Latin-1', 'api-key=hunter2%E2%82%AC'],
  ])('OTEL_EXPORTER_OTLP_HEADERS with %s', (_, text) => {
    const found = faults({ OTEL_EXPORTER_OTLP_HEADERS: text }).OTEL_EXPORTER_OTLP_HEADERS
    expect(found).toContain('no HTTP header can have')
    expect(found).not.toContain('hunter2')
  })

  it.each([
    ['no pair', 'hunter2hunter2', 'not a pair'],
    ['a secret without its name', `${whsec(32)}=`, 'not a pair'],
    ['a secret that is too short', `shop=${whsec(23)}`, 'has 23 bytes'],
    ['a secret that is too long', `shop=${whsec(65)}`, 'has 65 bytes'],
    ['a secret without its prefix', 'shop=hunter2', 'whsec_'],
    ['a secret that is not base64', 'shop=whsec_hunter2!', 'base64'],
    ['a name with a space', `my shop=${whsec(32)}`, 'invalid name'],
    ['a source of our own', `Stripe=${whsec(32)}`, 'which is reserved'],
    ['the schedules', `schedule=${whsec(32)}`, 'which is reserved'],
    ['nothing but commas', ', ,', 'without an entry'],
  ])('APP_WEBHOOK_SECRETS with %s', (_, text, says) => {
    const found = faults({ APP_WEBHOOK_SECRETS: text }).APP_WEBHOOK_SECRETS
    expect(found).toContain(says)
    expect(found).not.toMatch(/hunter2|BwcHBw/)
  })

  it.each([
    ['no triple', 'shop:hunter2hunter2', 'not a triple'],
    ['an unknown role', 'shop:admin:hunter2hunter2', 'unknown role'],
    ['a short key', 'shop:viewer:hunter2hunter2x', 'at least 16'],
    ['one key twice', 'bad,a:viewer:hunter2hunter2hunter2,b:producer:hunter2hunter2hunter2', 'same key as entry 2'],
    ['a producer named as a source', 'razorpay:producer:hunter2hunter2hunter2', 'which is reserved'],
    ['a test key that reads', 'shop:viewer:test:hunter2hunter2hunter2', 'only a producer'],
    ['a short test key', 'shop:producer:test:hunter2hunter2', 'at least 16'],
    [
      'a test key beside a key of its name',
      'shop:producer:test:hunter2hunter2hunter2,shop:producer:hunter2hunter2hunter3',
      'a name of its own',
    ],
  ])('API_KEYS with %s', (_, text, says) => {
    const found = faults({ API_KEYS: text }).API_KEYS
    expect(found).toContain(says)
    expect(found).not.toContain('hunter2')
  })

  it.each([
    ['plain http', 'demo=http://a.example', 'plain http'],
    ['an app without a secret', 'shop=https://a.example', 'shop=whsec_'],
    ['no URL', 'demo=a.example', 'has a URL that does not start with http:// or https://'],
    ['one app twice', 'demo=https://a.example,demo=https://b.example', 'again'],
    ['a password', 'demo=https://a:hunter2@a.example', 'a user or a fragment'],
    ['a fragment', 'demo=https://a.example/#x', 'a user or a fragment'],
  ])('APP_CALLBACKS with %s', (_, text, says) => {
    expect(faults({ APP_CALLBACKS: text }).APP_CALLBACKS).toContain(says)
  })

  it.each([
    ['STRIPE_WEBHOOK_SECRET', 'we_1NxHunter2hunter2', 'does not start with whsec_'],
    ['STRIPE_WEBHOOK_SECRET', `whsec_of_the_first_one,sk_live_hunter2hunter2`, 'entry 2 does not start with whsec_'],
    ['STRIPE_WEBHOOK_SECRET', 'whsec_hunter2', 'at least 16'],
    ['STRIPE_WEBHOOK_SECRET', 'whsec_of_the_first_one;whsec_of_hunter2_two', 'does not have'],
    ['STRIPE_WEBHOOK_SECRET', 'whsec_of_hunter2_with_a_cyrillic_\u0430', 'does not have'],
    ['STRIPE_WEBHOOK_SECRET', 'whsec_of_hunter2_and_nothing\u200b', 'invisible'],
    ['STRIPE_WEBHOOK_SECRET', 'whsec_xxxxxxxxxxxxxxxxxxxxxxxx', 'placeholder'],
    ['STRIPE_WEBHOOK_SECRET', 'whsec_your_hunter2_secret', 'placeholder'],
    ['STRIPE_API_KEY', 'sk_test_hunter2,sk_live_hunter2', 'does not have'],
    ['STRIPE_API_KEY', 'sk_live_hunter2\u2060', 'invisible'],
    ['RAZORPAY_WEBHOOK_SECRET', 'hunter2', 'at least 16'],
    ['RAZORPAY_WEBHOOK_SECRET', 'sk_live_hunter2hunter2', 'starts with sk_'],
    ['RAZORPAY_WEBHOOK_SECRET', '"hunter2hunter2', 'quotation mark'],
    ['RESEND_WEBHOOK_SECRET', 'whsec_aHVudGVyMg==', 'has 7 bytes'],
    ['RESEND_WEBHOOK_SECRET', 're_hunter2hunter2', 'does not start with whsec_'],
    ['SENDGRID_WEBHOOK_KEY', 'SG.hunter2hunter2', 'P-256'],
    ['MAILGUN_SIGNING_KEY', 'hunter2', 'at least 16'],
    ['MAILGUN_SIGNING_KEY', 'pubkey-hunter2hunter2', 'starts with pubkey-'],
    ['MAILGUN_SIGNING_KEY', 'https://hunter2.example', 'starts with https://'],
    ['VONAGE_SIGNATURE_SECRET', 'hunter2', 'at least 16'],
    ['VONAGE_SIGNATURE_SECRET', 'we_1NxHunter2hunter2', 'starts with we_'],
    ['VONAGE_SIGNATURE_SECRET', 'hunter2hunter2hunter2"', 'quotation mark'],
    ['MSG91_RECEIPT_TOKEN', 'hunter2', 'at least 8'],
    ['FAST2SMS_RECEIPT_TOKEN', 'hunter2', 'at least 8'],
    ['STRIPE_API_KEY', 'pk_live_hunter2hunter2', 'does not start with sk_ or rk_'],
  ])('%s with another of the vendor’s values, or a short one', (name, text, says) => {
    expect(faults({ [name]: text })[name]).toContain(says)
    expect(faults({ [name]: text })[name]).not.toMatch(/hunter2/i)
  })

  const hex = '0123456789abcdef'.repeat(2)
  const vendorKeys = {
    re_: 're_hunter2h_unter2hunter2hunter2hunt',
    'SG.': `SG.hunter2hunter2hunter2.${'hunter2'.repeat(6)}`,
    'key-': `key-${hex}`,
    'pubkey-': `pubkey-${hex}`,
    AC: `AC${hex}`,
    SK: `SK${hex}`,
    sk_live_: 'sk_live_hunter2hunter2hunter2',
    rk_test_: 'rk_test_hunter2hunter2hunter2',
    rzp_test_: 'rzp_test_hunter2hunter2hunter2',
    whsec_: 'whsec_hunter2hunter2hunter2',
  }
  it.each([
    ['RESEND_API_KEY', 're_'],
    ['SENDGRID_API_KEY', 'SG.'],
    ['MAILGUN_API_KEY', 'key-'],
    ['TWILIO_AUTH_TOKEN', ''],
    ['VONAGE_API_KEY', ''],
    ['VONAGE_API_SECRET', ''],
    ['MSG91_AUTH_KEY', ''],
    ['FAST2SMS_API_KEY', ''],
  ])('%s with a key that clearly is another vendor’s, and takes its own and those of no known shape', (name, own) => {
    const faultOf = (text: string) => faults({ [name]: text })[name]
    for (const [start, key] of Object.entries(vendorKeys)) {
      if (start === own) {
        expect(faultOf(key)).toBeUndefined()
        continue
      }
      expect(faultOf(key), start).toContain(`starts with ${start}, so it is the key of another vendor`)
      expect(faultOf(key)).not.toMatch(/hunter2|0123/)
    }
    for (const unknown of [
      hex,
      `${hex}-01234567-89abcdef`,
      'Sk_live',
      'key-of-our-gateway',
      'sk_hunter2',
      'ACME',
      'r_e',
    ])
      expect(faultOf(unknown), unknown).toBeUndefined()
  })

  it('a secret of a person’s choice may begin as another vendor’s keys do', () => {
    expect(faults({ VONAGE_API_SECRET: 're_Chosen1byUs' }).VONAGE_API_SECRET).toBeUndefined()
  })

  it.each(['MAILGUN_SIGNING_KEY', 'VONAGE_SIGNATURE_SECRET'])('%s with a key for another vendor’s API', (name) => {
    for (const start of ['re_', 'SG.'] as const)
      expect(faults({ [name]: vendorKeys[start] })[name]).toContain(`starts with ${start}`)
  })

  it('a value in quotes is taken without them, as docker run --env-file keeps them', () => {
    expect(good({ BRAND_NAME: '"Fern" & "Wood"' }).brand.name).toBe('"Fern" & "Wood"')
    for (const quote of ['"', "'"]) {
      const quoted = (text: string) => `${quote}${text}${quote}`
      expect(good({ BRAND_NAME: quoted('Fernwood & Co') }).brand.name).toBe('Fernwood & Co')
      expect(good({ PORT: quoted('4000'), PUBLIC_URL: quoted('') })).toMatchObject({ port: 4000, publicUrl: null })
    }
    expect(good({ BRAND_NAME: `"Ann's" shop` }).brand.name).toBe(`"Ann's" shop`)
  })

  it('Stripe’s address has no path, as its package takes none', () => {
    expect(faults({ STRIPE_API_BASE: 'http://127.0.0.1:12111/stripe' }).STRIPE_API_BASE).toContain('has a path')
    const enrichOf = (env: Record<string, string>) => good(env).sources.get('stripe')?.enrich
    expect(enrichOf({ STRIPE_API_KEY: 'sk_1', STRIPE_API_BASE: 'http://127.0.0.1:12111/' })).toBeInstanceOf(Function)
    expect(enrichOf({ STRIPE_API_BASE: 'http://127.0.0.1:12111/' })).toBeNull()
  })

  it.each([
    ['SMTP_URL', 'smtp://u:hunter2%zz@127.0.0.1:25', '%25'],
    ['DATABASE_URL', 'postgres://u:hunter2@db/x?sslrootcert=/nofile', '/nofile cannot be read: ENOENT'],
    ['DATABASE_URL', 'postgres://u:hunter2@db/x?sslnegotiation=direct&sslmode=disable', 'requires SSL'],
    ['DATABASE_URL', 'postgres:///x?host=/run/postgresql&port=none', 'port'],
    ['DATA_DIR', import.meta.filename, 'is a file'],
    ['DATA_DIR', join(import.meta.filename, 'under'), 'is under one'],
    ['HOST', '300.1.1.1', 'an address or a host name'],
    ['HOST', '127.0.1', 'an address or a host name'],
  ])('%s %s is reported before anything is started', (name, text, says) => {
    const found = faults({ EMAIL_FROM: 'a@b.example', [name]: text })
    expect(Object.keys(found)).toEqual([name])
    expect(found[name]).toContain(says)
    expect(found[name]).not.toContain('hunter2')
  })

  it('places that may come to be are taken', () => {
    for (const host of ['::1', 'localhost', '1.example', 'db-1']) expect(good({ HOST: host }).host).toBe(host)
    const dataDir = join(tmpdir(), 'posthorn-none/of/these')
    expect(good({ DATA_DIR: dataDir }).dataDir).toBe(dataDir)
    for (const url of [
      'postgres:///x?host=/run/postgresql',
      'postgres://%2Frun%2Fpostgresql/x',
      'postgres://u:p%zz@db/x',
    ])
      expect(good({ DATABASE_URL: url }).databaseUrl).toBe(url)
  })

  it('a block half given names what is missing', () => {
    expect(Object.keys(faults({ TWILIO_ACCOUNT_SID: 'AC1' }))).toEqual(['TWILIO_AUTH_TOKEN', 'TWILIO_FROM'])
    expect(Object.keys(faults({ TWILIO_FROM: '+1415' }))).toEqual(['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'])
    expect(Object.keys(faults({ VONAGE_API_KEY: 'k' }))).toEqual(['VONAGE_API_SECRET', 'VONAGE_FROM'])
    expect(Object.keys(faults({ RESEND_WEBHOOK_SECRET: whsec(24) }))).toEqual(['RESEND_API_KEY', 'EMAIL_FROM'])
  })

  it('further faults in a block that is incomplete or off are reported with it', () => {
    const twilio = { TWILIO_ACCOUNT_SID: 'ACx', TWILIO_FROM: '!!bad', TWILIO_BASE_URL: 'foo' }
    expect(Object.keys(faults(twilio)).sort()).toEqual(['TWILIO_AUTH_TOKEN', 'TWILIO_BASE_URL', 'TWILIO_FROM'])
    expect(Object.keys(faults({ MAILGUN_API_KEY: 'k' }))).toEqual(['MAILGUN_DOMAIN', 'EMAIL_FROM'])
    expect(Object.keys(faults({ MAILGUN_API_KEY: 'k', EMAIL_PROVIDERS: 'sandbox' }))).toEqual(['MAILGUN_DOMAIN'])
    for (const name of Object.keys(settings).filter((name) => name.endsWith('_BASE_URL')))
      expect(Object.keys(faults({ [name]: 'nonsense' }))).toEqual([name])
  })

  it('a base URL or a rate alone leaves a provider off', () => {
    expect(good({ RESEND_BASE_URL: 'http://127.0.0.1:9', TWILIO_RATE: '1' }).providers.size).toBe(0)
  })

  it('a real email provider needs a sender, the sandbox does not', () => {
    expect(Object.keys(faults({ RESEND_API_KEY: 're_1' }))).toEqual(['EMAIL_FROM'])
    expect(faults({ RESEND_API_KEY: 're_1', EMAIL_PROVIDERS: 'sandbox' })).toEqual({})
    expect(faults({ TWILIO_ACCOUNT_SID: 'AC1', TWILIO_AUTH_TOKEN: 't', TWILIO_FROM: '+14155550100' })).toEqual({})
  })

  it('a sender’s name that is encoded already, which no provider is given', () => {
    const encoded = faults({ EMAIL_FROM: '=?UTF-8?B?QWNtZQ==?= <a@b.example>' })
    expect(encoded.EMAIL_FROM).toContain('write the name in plain letters, as it is encoded when it is sent')
  })

  it('SendGrid’s verification key is a P-256 public key, and is never repeated', () => {
    const base = { SENDGRID_API_KEY: 'SG.x', EMAIL_FROM: 'a@b.example' }
    const right = spki('prime256v1')
    const read = own(sendgrid, { ...base, SENDGRID_WEBHOOK_KEY: right })?.webhookKeys
    expect(read?.[0].export({ format: 'der', type: 'spki' }).toString('base64')).toBe(right)
    for (const wrong of ['MFkw', 'not base64 at all', right.slice(8), spki('secp384r1'), `whsec_${right}`]) {
      const told = faults({ ...base, SENDGRID_WEBHOOK_KEY: wrong })
      expect(Object.keys(told)).toEqual(['SENDGRID_WEBHOOK_KEY'])
      expect(told.SENDGRID_WEBHOOK_KEY).toContain('P-256')
      expect(told.SENDGRID_WEBHOOK_KEY).not.toContain(wrong)
    }
  })

  it('half a block of SendGrid, Mailgun, MSG91 or Fast2SMS is a fault at the missing half', () => {
    const from = { EMAIL_FROM: 'a@b.example' }
    const p256 = spki('prime256v1')
    expect(Object.keys(faults({ SENDGRID_WEBHOOK_KEY: p256, ...from }))).toEqual(['SENDGRID_API_KEY'])
    expect(Object.keys(faults({ MAILGUN_DOMAIN: 'mg.acme.example', ...from }))).toEqual(['MAILGUN_API_KEY'])
    expect(Object.keys(faults({ MSG91_AUTH_KEY: 'k' }))).toEqual(['MSG91_FLOW_ID'])
    expect(Object.keys(faults({ FAST2SMS_ROUTE: 'q' }))).toEqual(['FAST2SMS_API_KEY'])
    expect(faults({ SMS_PROVIDERS: 'msg91' }).SMS_PROVIDERS).toContain('not configured')
  })

  it.each([
    ['that is unknown', { FAST2SMS_ROUTE: 'otp' }, 'FAST2SMS_ROUTE'],
    ['dlt without the id of its message', { FAST2SMS_ROUTE: 'dlt', FAST2SMS_SENDER: 'ACMEIN' }, 'FAST2SMS_ROUTE'],
    ['q with an id', { FAST2SMS_ROUTE: 'q:111111' }, 'FAST2SMS_ROUTE'],
    ['of DLT without a sender', { FAST2SMS_ROUTE: 'dlt_manual' }, 'FAST2SMS_SENDER'],
  ])('a route of Fast2SMS %s is a fault', (_, env, name) => {
    expect(Object.keys(faults({ FAST2SMS_API_KEY: 'k', ...env }))).toEqual([name])
  })

  it.each([
    ['unknown', 'pigeon', 'unknown'],
    ['of the other channel', 'twilio', 'other channel'],
    ['twice', 'sandbox,sandbox', 'twice'],
    ['without its settings', 'resend', 'not configured'],
  ])('a provider named that is %s is a fault', (_, text, says) => {
    expect(faults({ EMAIL_PROVIDERS: text, EMAIL_FROM: 'a@b.example' }).EMAIL_PROVIDERS).toContain(says)
  })

  it('another backend needs its own DATABASE_URL', () => {
    expect(Object.keys(faults({ DATABASE_BACKEND: 'citus' }))).toEqual(['DATABASE_BACKEND'])
  })

  it('a header cannot be smuggled into a sender', () => {
    for (const break_ of ['\r\n', '\n', '\0', '\u2028']) {
      expect(Object.keys(faults({ EMAIL_FROM: `Acme${break_}Bcc: x <a@b.example>` }))).toEqual(['EMAIL_FROM'])
    }
  })
})

describe('URLs', () => {
  it.each([
    ['SMTP_URL', 'http://mail.example.com', 'smtp:// or smtps://'],
    ['SMTP_URL', 'user:hidden@mail.example.com', 'smtp:// or smtps://'],
    ['PUBLIC_URL', 'ftp://notify.example.com', 'http:// or https://'],
    ['PUBLIC_URL', 'notify.example.com', 'http:// or https://'],
    ['HEARTBEAT_URL', 'ping://x', 'http:// or https://'],
    ['BRAND_LOGO_URL', 'data:image/png,x', 'http:// or https://'],
    ['RESEND_BASE_URL', 'ws://x', 'http:// or https://'],
    ['STRIPE_API_BASE', 'ws://x', 'http:// or https://'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'grpc://x', 'http:// or https://'],
    ['APP_CALLBACKS', 'demo=ftp://x', 'http:// or https://'],
    ['DATABASE_URL', 'mysql://x/y', 'postgres:// or postgresql://'],
  ])('%s of another scheme is told which it takes: %s', (name, value, schemes) => {
    const said = faults({ [name]: value })[name]
    expect(said).toContain(`start${name === 'DATABASE_URL' ? 's' : ''} with ${schemes}`)
    expect(said).not.toContain('hidden')
  })

  it.each(['https://', 'https://a b', 'HTTPS://:80'])('%s, which cannot be read, is no valid URL', (value) => {
    expect(faults({ PUBLIC_URL: value }).PUBLIC_URL).toContain('is not a valid URL')
  })
})

describe('doubts', () => {
  const doubts = (env: Record<string, string>) =>
    loadConfig({ EMAIL_FROM: 'a@b.example', ...env }, noFiles).doubts.map(({ name, text }) => `${name} ${text}`)
  const twilio = { TWILIO_AUTH_TOKEN: 'token', TWILIO_FROM: '+14155550100' }
  const digits = '0123456789abcdef'.repeat(2)

  it('are keys and ids of another shape than their vendor documents, which are taken all the same', () => {
    const env = { RESEND_API_KEY: 'abc', EMAIL_FROM: 'a@b.example' }
    expect(good(env).providers.has('resend')).toBe(true)
    expect(doubts(env)).toEqual(['RESEND_API_KEY does not start with re_, as the vendor’s keys do'])
    expect(doubts({ SENDGRID_API_KEY: 'abc' })).toEqual([
      'SENDGRID_API_KEY does not start with SG., as the vendor’s keys do',
    ])
    expect(doubts({ ...twilio, TWILIO_ACCOUNT_SID: 'AC1', TWILIO_MESSAGING_SERVICE_SID: 'mine' })).toEqual([
      'TWILIO_ACCOUNT_SID is not AC and 32 hexadecimal digits, as the vendor documents it',
      'TWILIO_MESSAGING_SERVICE_SID is not MG and 32 hexadecimal digits, as the vendor documents it',
    ])
  })

  it('are none of those that look as documented, and do not show the key', () => {
    const good = { RESEND_API_KEY: 're_1', SENDGRID_API_KEY: 'SG.1', TWILIO_ACCOUNT_SID: `AC${digits}` }
    expect(doubts({ ...good, ...twilio, TWILIO_MESSAGING_SERVICE_SID: `MG${digits}` })).toEqual([])
    expect(doubts({ RESEND_API_KEY: 'planted' }).join()).not.toContain('planted')
  })
})

describe('files', () => {
  const dirs: string[] = []
  afterEach(() => {
    vi.unstubAllEnvs()
    for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true })
  })
  function folder(files: Record<string, string>): string {
    const dir = mkdtempSync(join(tmpdir(), 'posthorn-config-'))
    dirs.push(dir)
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
    return dir
  }

  it('a value may stand in a file, with or without a newline at its end', () => {
    const dir = folder({ a: 're_1\n', b: 'a@b.example\r\n' })
    const loaded = loadConfig({ RESEND_API_KEY_FILE: join(dir, 'a'), EMAIL_FROM_FILE: join(dir, 'b') })
    expect(loaded).toMatchObject({ ok: true, config: { emailFrom: 'a@b.example' } })
    expect(loaded.ok && loaded.config.providers.has('resend')).toBe(true)
  })

  it('a file that cannot be read, a value beside its file and a second line are faults', () => {
    const dir = folder({ two: 'hunter2\nhunter3\n', one: 'x'.repeat(20) })
    const loaded = loadConfig({
      DATABASE_URL_FILE: join(dir, 'none'),
      SECRET_KEY: 'hunter2hunter2hunter2',
      SECRET_KEY_FILE: join(dir, 'one'),
      STRIPE_API_KEY_FILE: join(dir, 'two'),
      EMAIL_FROM_FILE: dir,
    })
    expect(loaded.ok).toBe(false)
    if (loaded.ok) return
    const names = loaded.faults.map((fault) => fault.name).sort()
    expect(names).toEqual(['DATABASE_URL_FILE', 'EMAIL_FROM_FILE', 'SECRET_KEY', 'STRIPE_API_KEY_FILE'])
    expect(JSON.stringify(loaded.faults)).not.toContain('hunter')
  })

  it('a .env file is read, and the environment stands over it', () => {
    const dir = folder({ '.env': 'BRAND_NAME="from file" # why\nBRAND_ADDRESS=from file\nLOG_LEVEL=debug\n' })
    vi.stubEnv('BRAND_ADDRESS', 'from the environment')
    vi.stubEnv('LOG_LEVEL', '')
    expect(loadSettings(dir)).toMatchObject({
      config: { logLevel: 'info', brand: { name: 'from file', address: 'from the environment' } },
    })
    expect(loadSettings(join(dir, 'none'))).toMatchObject({ config: { brand: { name: 'Posthorn' } } })
  })

  it('a name in a .env file that is near a setting is told, and what other programs read is not', () => {
    const lines = ['SMS_PROVIDER=twilio', 'SECRTE_KEY_FILE=/x', 'BRAND_NAME=Shop', 'BRAND_NAME_FILE=', 'REDIS_HOST=r']
    const dir = folder({
      '.env': [...lines, 'POSTGRES_PASSWORD=p', 'NODE_ENV=production', 'POSTHORN_URL=u'].join('\n'),
    })
    expect(loadSettings(dir)).toMatchObject({
      ok: true,
      misspelt: [
        { name: 'SECRTE_KEY_FILE', text: 'in .env is not a setting; did you mean SECRET_KEY?' },
        { name: 'SMS_PROVIDER', text: 'in .env is not a setting; did you mean SMS_PROVIDERS?' },
      ],
    })
  })

  it('a .env file that cannot be read is a fault beside the others', () => {
    const dir = folder({})
    symlinkSync('.env', join(dir, '.env'))
    vi.stubEnv('PORT', 'eighty')
    const loaded = loadSettings(dir)
    expect(loaded.ok ? [] : loaded.faults.map((fault) => fault.name)).toEqual(['.env', 'PORT'])
  })
})
