// `posthorn connect`: the vendors are played by local servers, which keep their webhooks and post signed receipts.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { command } from '../helper/command.ts'
import {
  mailgunCallback,
  resendCallback,
  type SignedCallback,
  sendgridCallback,
  sendgridKeys,
  twilioCallback,
} from '../helper/receipts.ts'
import { type Recorded, startVendor, type Vendor, type VendorAnswer } from '../helper/vendor.ts'
import { keys, startWorld, type World } from '../helper/world.ts'

const publicUrl = 'https://notify.example.com'

interface Stand {
  env(url: string): Record<string, string>
  /** Plays the vendor's API; `registered` are the webhooks it has. */
  api(request: Recorded, registered: string[]): VendorAnswer | null
  /** The receipt of an email that it took. */
  receipt(request: Recorded, number: number): SignedCallback
  accepts(number: number): VendorAnswer
  /** What it has registered then. */
  has: string[]
  sendPath: RegExp
}

const resendSecret = `whsec_${Buffer.alloc(24, 5).toString('base64')}`
const mailgunKey = 'key-of-the-mailgun-account'
const sendgrid = sendgridKeys()
const at = '2026-11-30T10:00:00.000Z'

const stands: Record<string, Stand> = {
  resend: {
    env: (url) => ({ RESEND_API_KEY: 're_of_tests', RESEND_BASE_URL: url }),
    sendPath: /^\/emails$/,
    accepts: (number) => ({ json: { id: `resend-${number}` } }),
    has: [`${publicUrl}/receipts/resend`],
    api({ method, path, body }, registered) {
      const one = { id: 'wh_1', endpoint: registered[0], status: 'enabled', signing_secret: resendSecret }
      if (method === 'POST' && path === '/webhooks') {
        registered.push(JSON.parse(body).endpoint)
        return { status: 201, json: { object: 'webhook', id: 'wh_1', signing_secret: resendSecret } }
      }
      if (path.startsWith('/webhooks/wh_1')) return { json: one }
      return path.startsWith('/webhooks?') ? { json: { object: 'list', data: registered.map(() => one) } } : null
    },
    receipt(request, number) {
      const { tags } = request.json() as { tags: { name: string; value: string }[] }
      const data = {
        email_id: `resend-${number}`,
        tags: Object.fromEntries(tags.map(({ name, value }) => [name, value])),
      }
      return resendCallback({ type: 'email.delivered', created_at: at, data }, { secret: resendSecret })
    },
  },
  sendgrid: {
    env: (url) => ({ SENDGRID_API_KEY: 'SG.of_tests', SENDGRID_BASE_URL: url }),
    sendPath: /^\/v3\/mail\/send$/,
    accepts: (number) => ({ status: 202, headers: { 'x-message-id': `sendgrid-${number}` }, text: '' }),
    has: [`${publicUrl}/receipts/sendgrid`, 'signed'],
    api({ method, path, body }, registered) {
      const settings = '/v3/user/webhooks/event/settings'
      if (path === `${settings}/all`)
        return { json: { webhooks: registered.map((url) => ({ id: 'w1', url, enabled: true })) } }
      if (path === settings && method === 'POST') {
        registered.push(JSON.parse(body).url)
        return { status: 201, json: { id: 'w1' } }
      }
      if (path !== `${settings}/signed/w1`) return null
      // The key is there once signing was switched on; another PATCH would make another key.
      if (method === 'PATCH') registered.push('signed')
      return { json: { public_key: registered.includes('signed') ? sendgrid.webhookKey : '' } }
    },
    receipt(request, number) {
      const { personalizations } = request.json() as { personalizations: { custom_args: object }[] }
      const event = {
        event: 'delivered',
        sg_event_id: `e${number}`,
        sg_message_id: `sendgrid-${number}.filter`,
        timestamp: 1796032800,
      }
      return sendgridCallback([{ ...event, ...personalizations[0]?.custom_args }], sendgrid)
    },
  },
  mailgun: {
    env: (url) => ({ MAILGUN_API_KEY: 'key-of-tests', MAILGUN_DOMAIN: 'mg.acme.example', MAILGUN_BASE_URL: url }),
    sendPath: /\/messages$/,
    accepts: (number) => ({ json: { id: `<mailgun-${number}@mg.acme.example>`, message: 'Queued. Thank you.' } }),
    // What another has registered stays.
    has: expect.arrayContaining([
      `delivered ${publicUrl}/receipts/mailgun`,
      `opened https://other.example/hook ${publicUrl}/receipts/mailgun`,
    ]),
    api({ method, path, form }, registered) {
      const webhooks = '/v3/domains/mg.acme.example/webhooks'
      if (path === '/v5/accounts/http_signing_key') return { json: { http_signing_key: mailgunKey } }
      if (path === webhooks && method === 'GET') {
        const other = { opened: { urls: ['https://other.example/hook'] } }
        const own = registered.map((line) => [line.split(' ')[0], { urls: line.split(' ').slice(1) }])
        return { json: { webhooks: { ...other, ...Object.fromEntries(own) } } }
      }
      if (!path.startsWith(webhooks)) return null
      const kind = method === 'PUT' ? path.slice(webhooks.length + 1) : form().get('id')
      registered.push([kind, ...form().getAll('url')].join(' '))
      return { json: { message: 'Webhook has been created' } }
    },
    receipt(request, number) {
      const variables = {
        notification_id: request.form().get('v:notification_id'),
        attempt_id: request.form().get('v:attempt_id'),
      }
      const message = { headers: { 'message-id': `mailgun-${number}@mg.acme.example` } }
      const event = {
        event: 'delivered',
        id: `e${number}`,
        timestamp: 1796032800,
        message,
        'user-variables': variables,
      }
      return mailgunCallback(event, { signingKey: mailgunKey })
    },
  },
}

describe.each(Object.entries(stands))('connect %s', (name, stand) => {
  let vendor: Vendor
  let world: World
  let registered: string[]
  let emails = 0
  let env: Record<string, string>
  beforeAll(async () => {
    vendor = await startVendor()
    env = { ...stand.env(vendor.url), PUBLIC_URL: publicUrl }
    world = await startWorld({ env })
    env.DATABASE_URL = world.databaseUrl
    registered = []
  })
  afterAll(async () => {
    await world.stop()
    await vendor.close()
  })
  afterEach(() => vendor.requests.splice(0))

  const play = (answersEmail: (request: Recorded, number: number) => VendorAnswer) =>
    vendor.answer((request) => {
      if (stand.sendPath.test(request.path)) return answersEmail(request, ++emails)
      return stand.api(request, registered) ?? { status: 404, json: { message: 'not played' } }
    })
  const takesAndReports = (request: Recorded, number: number): VendorAnswer => {
    const { path, headers, payload } = stand.receipt(request, number)
    void fetch(world.url + path, { method: 'POST', headers, body: new Uint8Array(payload) })
    return stand.accepts(number)
  }
  const connect = (...args: string[]) =>
    command(['connect', name, '--url', world.url, '--key', keys.operator, '--to', 'ada@example.com', ...args], env)

  it('registers the webhook, stores its secret, and waits for the signed receipt of a test message', async () => {
    play(takesAndReports)
    const said = await connect()
    expect(said).toMatchObject({ code: 0, stderr: '' })
    expect(said.stdout).toContain(`${publicUrl}/receipts/${name} was registered`)
    expect(said.stdout).toContain('The secret that verifies the receipts is stored.')
    expect(said.stdout).toMatch(/ok {2}A signed receipt has come: delivered\.\n$/)
    expect(registered).toEqual(stand.has)
  })

  it('run again, changes nothing', async () => {
    play(takesAndReports)
    const before = [...registered]
    const said = await connect('--json')
    expect(JSON.parse(said.stdout)).toMatchObject({ provider: name, changed: false, steps: { length: 3 } })
    expect(registered).toEqual(before)
  })

  it('says the fix where no receipt comes', async () => {
    play((_, number) => stand.accepts(number))
    const said = await connect('--wait', '0')
    expect(said).toMatchObject({ code: 1 })
    expect(said.stderr).toMatch(
      /took the test message, and no receipt has come within 0 seconds\.\n→ Check that the service is reached/,
    )
  })

  it('says the fix where the vendor refuses the key', async () => {
    vendor.answer({ status: 401, json: { name: 'invalid_api_key', message: 'no' } })
    const said = await connect('--no-canary')
    expect(said).toMatchObject({ code: 1, stderr: expect.stringMatching(/ answered 401: .*\n→ Use a key that /) })
  })

  it('says the fix where PUBLIC_URL cannot be reached', async () => {
    const said = await command(['connect', name], { ...env, PUBLIC_URL: 'http://127.0.0.1:3000' })
    expect(said).toMatchObject({ code: 1, stderr: expect.stringContaining('→ Set PUBLIC_URL to the https address') })
  })
})

describe('connect', () => {
  const env = {
    TWILIO_ACCOUNT_SID: 'AC1',
    TWILIO_AUTH_TOKEN: 'token-of-tests',
    TWILIO_FROM: '+14155550100',
    PUBLIC_URL: publicUrl,
  }

  it('says that a vendor whose messages name their receipts needs no registration', async () => {
    const said = await command(['connect', 'twilio', '--no-canary'], env)
    expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining('Twilio needs no registration') })
  })

  it('of Twilio sends the test message with the address of its receipt, and waits for the signed one', async () => {
    const vendor = await startVendor()
    const own = { ...env, TWILIO_BASE_URL: vendor.url, TWILIO_FROM: '+15005550006' }
    const world = await startWorld({ env: own })
    vendor.answer((request) => {
      if (request.method !== 'POST') return { json: { status: 'active' } }
      const told = new URL(request.form().get('StatusCallback') ?? '')
      const params = { MessageSid: 'SM-canary', MessageStatus: 'delivered' }
      const attempt = told.searchParams.get('attempt') ?? ''
      const receipt = twilioCallback(params, { authToken: env.TWILIO_AUTH_TOKEN, publicUrl, attempt })
      expect(receipt.path).toBe(told.pathname + told.search)
      const body = new Uint8Array(receipt.payload)
      void fetch(world.url + receipt.path, { method: 'POST', headers: receipt.headers, body })
      return { status: 201, json: { sid: 'SM-canary', status: 'queued', error_code: null, error_message: null } }
    })
    const args = ['connect', 'twilio', '--to', '+14155550199', '--url', world.url, '--key', keys.operator]
    const said = await command(args, { ...own, DATABASE_URL: world.databaseUrl })
    expect(said).toMatchObject({ code: 0, stderr: '' })
    expect(said.stdout).toContain('Twilio needs no registration')
    expect(said.stdout).toMatch(/ok {2}A signed receipt has come: delivered\.\n$/)
    await world.stop()
    await vendor.close()
  })

  it.each([
    [['connect', 'twillio'], {}, 64, 'Did you mean twilio?'],
    [['connect', 'smtp'], {}, 64, 'No provider smtp sends receipts.'],
    [['connect', 'vonage'], {}, 1, 'Vonage is not configured: set VONAGE_API_KEY'],
    [['connect', 'twilio'], env, 1, 'The test message needs an address.\n→ Give one with --to'],
    [
      ['connect', 'twilio', '--to', '+14155550199'],
      { ...env, SMS_PROVIDERS: 'sandbox,twilio' },
      1,
      '→ Put twilio first in SMS_PROVIDERS',
    ],
    [
      ['connect', 'msg91'],
      { MSG91_AUTH_KEY: 'key-of-tests', MSG91_SENDER: 'FRNWOD', MSG91_FLOW_ID: 'f1', PUBLIC_URL: publicUrl },
      1,
      `→ In its panel let it post to ${publicUrl}/receipts/msg91, and set MSG91_RECEIPT_TOKEN`,
    ],
  ])('%j ends with its fix', async (args, settings, code, text) => {
    expect(await command(args, settings)).toMatchObject({ code, stderr: expect.stringContaining(text) })
  })
})
