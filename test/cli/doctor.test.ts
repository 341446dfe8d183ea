// `posthorn doctor`: the vendors are played by local servers, the DNS by a table.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type Dns, systemDns } from '../../src/cli/doctor/dns.ts'
import { doctor, type LoadedSettings } from '../../src/cli/doctor/doctor.ts'
import { migrate } from '../../src/store/migrate.ts'
import { captured } from '../helper/command.ts'
import { run } from '../helper/database-setup.ts'
import { type Recorded, startVendor, type Vendor, type VendorAnswer } from '../helper/vendor.ts'
import { freshDatabase, testConfig } from '../helper/world.ts'

interface Check {
  area: string
  what: string
  ok: boolean | null
  text: string
  warn?: boolean
  fix?: string
}

const publicUrl = 'https://notify.example.com'

let vendor: Vendor
let database: Awaited<ReturnType<typeof freshDatabase>>
beforeAll(async () => {
  vendor = await startVendor()
  database = await freshDatabase()
})
afterAll(async () => {
  await vendor.close()
  await database.drop()
})

/** Hosts that are not in the table do not exist, but for those above one that is. */
function dnsOf(table: Record<string, string[] | 'away'>): Dns {
  const at = async (host: string) => {
    const found = table[host] ?? []
    const isThere = host in table || Object.keys(table).some((name) => name.endsWith(`.${host}`))
    if (found === 'away') throw Object.assign(new Error('queryTxt ETIMEOUT'), { code: 'ETIMEOUT' })
    const code = isThere ? 'ENODATA' : 'ENOTFOUND'
    if (found.length === 0) throw Object.assign(new Error(`queryTxt ${code}`), { code })
    return found
  }
  // A long record comes in pieces.
  const pieces = (text: string) => [text.slice(0, 20), text.slice(20)]
  return { resolveTxt: async (host) => (await at(host)).map(pieces), resolveCname: at }
}

async function examine(env: Record<string, string>, dns: Dns = dnsOf({})) {
  const config = testConfig({ DATABASE_URL: database.url, ...env })
  const loaded: LoadedSettings = { ok: true, config, doubts: [], misspelt: [] }
  const { code, stdout } = await captured(() => doctor(loaded, dns, { json: true }))
  const { checks, ok } = JSON.parse(stdout) as { checks: Check[]; ok: boolean }
  expect(code).toBe(ok ? 0 : 1)
  for (const check of checks)
    expect({ ...check, hasFix: check.ok !== false || !!check.fix }).toMatchObject({ hasFix: true })
  const find = (area: string, what: string) => checks.find((one) => one.area === area && one.what === what)
  return { code, checks, find }
}

const plays = (answers: Record<string, VendorAnswer>) =>
  vendor.answer(
    ({ path }: Recorded) => answers[path.split('?')[0] ?? ''] ?? { status: 404, json: { message: 'not played' } },
  )

describe('the settings and the database', () => {
  it('are green where they are right, and red lines say what to fix', async () => {
    const { find, code } = await examine(
      {},
      dnsOf({ 'fernwood.example': ['v=spf1 -all'], '_dmarc.fernwood.example': ['v=DMARC1'] }),
    )
    expect(find('settings', 'values')).toMatchObject({ ok: true })
    expect(find('database', 'connection')).toMatchObject({ ok: true })
    expect(find('schema', 'version')).toMatchObject({ ok: true })
    expect(find('queue', 'age')).toMatchObject({ ok: true, text: 'Nothing waits.' })
    expect(find('providers', 'route'), 'a fresh install is not broken').toMatchObject({
      ...{ ok: null, warn: true, fix: expect.stringContaining('docs/settings.md') },
    })
    expect(code).toBe(0)
  })

  it('are summed up with their warnings', async () => {
    const config = testConfig({ DATABASE_URL: database.url })
    const loaded: LoadedSettings = { ok: true, config, doubts: [], misspelt: [] }
    const records = { 'fernwood.example': ['v=spf1 -all'], '_dmarc.fernwood.example': ['v=DMARC1; p=none'] }
    const { code, stdout } = await captured(() => doctor(loaded, dnsOf(records), {}))
    expect(stdout).toMatch(/^warn providers route +No provider is configured: /m)
    expect(stdout).toMatch(/\nNothing is red; 1 is a warning\.\n$/)
    expect(code).toBe(0)
  })

  it('name the circuits that are open, and how much waits for a provider', async () => {
    expect((await examine({})).find('providers', 'circuits')).toMatchObject({ ok: true, text: 'None is open.' })
    const db = new pg.Client({ connectionString: database.url })
    await db.connect()
    await db.query(
      `insert into provider_health (provider, circuit, opened_at, next_probe_at, cause) values
         ('resend', 'open', '2026-11-21T10:00:00Z', now(), '{"kind": "account_refused"}'),
         ('twilio', 'open', now(), now(), '{"kind": "account_refused"}')`,
    )
    await db.query(
      `with e as (
         insert into events (id, source, source_id, type, source_type, status, priority, occurred_at, received_at)
         values (gen_random_uuid(), 'shop', 'held', 't', 't', 'planned', 'normal', now(), now()) returning id),
       d as (
         insert into notification_details (id, event_id, event_type, source_type, source, fact, notifier, category, channel,
           recipient_key, locale, timezone, priority, when_unsure, created_at)
         select id, id, 't', 't', 'shop', 'f', 'n', 'transactional', 'email', 'k', 'en', 'UTC', 'normal', 'resend', now() from e
         returning id, created_at)
       insert into notification_states (id, channel, priority, created_at, state, reason_code, due_at)
       select id, 'email', 'normal', created_at, 'pending', 'providers_unavailable', now() + interval '1 hour' from d`,
    )
    const { find } = await examine({ RESEND_API_KEY: 're_of_tests', RESEND_BASE_URL: vendor.url })
    expect(find('providers', 'circuits'), 'one that is not configured is not spoken of').toMatchObject({
      ok: false,
      text: 'The circuit of Resend is open since 2026-11-21T10:00:00.000Z: it refuses our account (check its key, balance and settings). 1 message waits for a provider.',
    })
    expect(find('queue', 'age')?.text).toBe('Nothing waits for a worker.')
    await db.query(
      `update provider_health set circuit = 'closed', opened_at = null, next_probe_at = null, paused_at = '2026-11-21T11:00:00Z', paused_by = 'a person' where provider = 'resend'`,
    )
    expect(
      (await examine({ RESEND_API_KEY: 're_of_tests', RESEND_BASE_URL: vendor.url })).find('providers', 'circuits'),
    ).toMatchObject({
      ok: null,
      text: 'Resend is paused by a person since 2026-11-21T11:00:00.000Z. 1 message waits for a provider.',
    })
    await db.query('delete from provider_health; delete from notification_states')
    await db.end()
  })

  it('are red where work has waited for five minutes, as no worker takes it', async () => {
    const db = new pg.Client({ connectionString: database.url })
    await db.connect()
    const job = (ageSeconds: number) =>
      db.query(
        `insert into posthorn_jobs.job (name, data, start_after, created_on) values
           ('plan-normal', '{"ids": ["1"]}', now() - $1 * interval '1 second', now() - $1 * interval '1 second')`,
        [ageSeconds],
      )
    await job(200)
    expect((await examine({})).find('queue', 'age')).toMatchObject({
      ok: true,
      text: expect.stringMatching(/^1 wait, the oldest for 20\d seconds/),
    })
    await job(400)
    const { find, code } = await examine({})
    expect(find('queue', 'age')).toMatchObject({
      ...{ ok: false, text: expect.stringMatching(/^2 wait, the oldest for 40\d seconds\.$/) },
      fix: 'Start a process with the role worker, or more of them; look at its log.',
    })
    expect(code).toBe(1)
    await db.query(`delete from posthorn_jobs.job where name = 'plan-normal'`)
    await db.end()
  })

  it('that are wrong are red, a line each', async () => {
    const loaded: LoadedSettings = {
      ok: false,
      faults: [{ name: 'PORT', text: 'is "eighty"; give a whole number' }],
      doubts: [{ name: 'RESEND_API_KEY', text: 'does not start with re_, as the vendor’s keys do' }],
      misspelt: [{ name: 'EMAIL_FORM', text: 'in .env is not a setting; did you mean EMAIL_FROM?' }],
    }
    const said = await captured(() => doctor(loaded, dnsOf({}), {}))
    expect(said.code).toBe(1)
    expect(said.stdout).toBe(
      [
        'red  settings EMAIL_FORM      in .env is not a setting; did you mean EMAIL_FROM?',
        `${' '.repeat(30)}→ Correct the name in .env.`,
        'warn settings RESEND_API_KEY  It does not start with re_, as the vendor’s keys do.',
        `${' '.repeat(30)}→ Copy it again from the vendor into RESEND_API_KEY; leave it if a gateway gave it.`,
        'red  settings PORT            is "eighty"; give a whole number',
        `${' '.repeat(30)}→ Correct PORT.`,
        '2 of 3 checks are red; 1 is a warning.\n',
      ].join('\n'),
    )
  })

  it('that do not answer, or have another schema, are red and changed by nothing', async () => {
    const away = await examine({
      ...{ RESEND_API_KEY: 're_of_tests', RESEND_BASE_URL: vendor.url },
      DATABASE_URL: 'postgres://posthorn:secret@127.0.0.1:1/posthorn',
    })
    expect(away.find('resend', 'receipts'), 'a stored secret may be there').toMatchObject({
      ...{ ok: null, text: expect.stringContaining('the database cannot be read') },
    })
    expect(away.find('database', 'connection')).toMatchObject({
      ok: false,
      text: expect.stringContaining('ECONNREFUSED'),
    })
    expect(JSON.stringify(away.checks)).not.toContain('secret@')

    const empty = new URL(inject('serverUrl'))
    empty.pathname = '/doctor_empty'
    await run(inject('serverUrl'), 'create database doctor_empty')
    const before = await examine({ DATABASE_URL: empty.href })
    expect(before.find('schema', 'version')).toMatchObject({
      ok: false,
      text: expect.stringContaining('001-events.sql'),
    })
    await migrate(empty.href)
    await run(empty.href, `update posthorn.migrations set checksum = '' where name = '001-events.sql'`)
    const other = await examine({ DATABASE_URL: empty.href })
    expect(other.find('schema', 'version')).toMatchObject({
      ok: false,
      text: expect.stringContaining('Another version'),
    })
    await run(inject('serverUrl'), 'drop database doctor_empty')
  })

  it('are not asked where the first start will make the database', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'posthorn-doctor-'))
    const { find } = await examine({ DATABASE_URL: '', DATA_DIR: folder })
    expect(find('database', 'connection')).toMatchObject({ ok: null })
    await rm(folder, { recursive: true })
  })
})

describe('Resend', () => {
  const env = () => ({ RESEND_API_KEY: 're_of_tests', RESEND_BASE_URL: vendor.url, PUBLIC_URL: publicUrl })
  const records = [
    { record: 'SPF', name: 'send', type: 'TXT', value: 'v=spf1 include:amazonses.com ~all' },
    { record: 'DKIM', name: 'resend._domainkey', type: 'TXT', value: 'p=MIGfMA0GCSqGSIb3DQEBAQUAA4' },
  ]
  const domain = { id: 'd1', name: 'fernwood.example', status: 'verified' }

  it('is green with a verified domain, a webhook, and its records in the DNS', async () => {
    plays({
      '/domains': { json: { data: [domain] } },
      '/domains/d1': { json: { ...domain, records } },
      '/webhooks': { json: { data: [{ id: 'w', endpoint: `${publicUrl}/receipts/resend`, status: 'enabled' }] } },
    })
    const dns = dnsOf({
      'send.fernwood.example': ['v=spf1 include:amazonses.com ~all'],
      'resend._domainkey.fernwood.example': ['p=MIGfMA0GCSqGSIb3DQEBAQUAA4'],
      '_dmarc.fernwood.example': ['v=DMARC1; p=none'],
    })
    const secret = `whsec_${Buffer.alloc(24).toString('base64')}`
    const { code, checks } = await examine({ ...env(), RESEND_WEBHOOK_SECRET: secret }, dns)
    expect(checks.filter((check) => check.ok !== true)).toEqual([])
    expect(code).toBe(0)
    expect(checks.map(({ area, what }) => `${area} ${what}`)).toEqual(
      expect.arrayContaining(['resend key', 'resend sender', 'resend webhook', 'fernwood.example DKIM']),
    )
  })

  it('is red with the records to paste, and with what connects the webhook', async () => {
    plays({
      '/domains': { json: { data: [{ ...domain, status: 'pending' }] } },
      '/domains/d1': { json: { ...domain, records } },
      '/webhooks': { json: { data: [] } },
    })
    const { find } = await examine(env(), dnsOf({ 'send.fernwood.example': ['v=spf1 -all'] }))
    expect(find('resend', 'sender')).toMatchObject({ ok: false, text: expect.stringContaining('is pending') })
    expect(find('resend', 'webhook')).toMatchObject({ ok: false, fix: 'Run posthorn connect resend.' })
    expect(find('resend', 'receipts')).toMatchObject({
      ok: false,
      fix: expect.stringContaining('RESEND_WEBHOOK_SECRET'),
    })
    expect(find('fernwood.example', 'SPF')).toMatchObject({
      ok: false,
      text: expect.stringContaining('another TXT record'),
    })
    expect(find('fernwood.example', 'DKIM')?.fix).toBe(
      'Add this record: resend._domainkey.fernwood.example TXT "p=MIGfMA0GCSqGSIb3DQEBAQUAA4"',
    )
    expect(find('fernwood.example', 'DMARC')?.fix).toBe(
      'Add this record: _dmarc.fernwood.example TXT "v=DMARC1; p=none"',
    )
  })

  it('is red with a refused key, and not asked beyond what a key may', async () => {
    vendor.answer({ status: 401, json: { name: 'invalid_api_key', message: 'API key is invalid' } })
    expect((await examine(env())).find('resend', 'key')).toMatchObject({
      ok: false,
      fix: expect.stringContaining('RESEND_API_KEY'),
    })
    vendor.answer({ status: 401, json: { name: 'restricted_api_key', message: 'only send' } })
    const { find } = await examine(env())
    expect(find('resend', 'key')).toMatchObject({ ok: true })
    expect(find('resend', 'webhook')).toMatchObject({ ok: null })
    for (const unclear of ['reset', { status: 500, json: {} }, { json: {} }] as const) {
      vendor.answer(unclear)
      expect((await examine(env())).find('resend', 'key')).toMatchObject({ ok: null, warn: true })
    }
    plays({
      '/domains': { json: { data: [{ id: 'd1', name: 'fernwood.example' }] } },
      '/webhooks': { json: { data: [] } },
    })
    expect((await examine(env())).find('resend', 'sender')?.text).toBe(
      'Resend answered without the status of fernwood.example.',
    )
  })
})

describe('the other providers', () => {
  it('SendGrid: the key’s scopes, the authenticated domain and its records', async () => {
    const dns = {
      dkim1: { type: 'cname', host: 's1._domainkey.fernwood.example', data: 's1.domainkey.u1.wl.sendgrid.net' },
    }
    plays({
      '/v3/scopes': { json: { scopes: ['mail.send'] } },
      '/v3/whitelabel/domains': { json: [{ domain: 'fernwood.example', valid: true, dns }] },
      '/v3/user/webhooks/event/settings/all': { status: 403, json: { errors: [{ message: 'access forbidden' }] } },
    })
    const env = { SENDGRID_API_KEY: 'SG.tests', SENDGRID_BASE_URL: vendor.url, PUBLIC_URL: publicUrl }
    const table = { 's1._domainkey.fernwood.example': ['s1.domainkey.u1.wl.sendgrid.net.'] }
    const { find } = await examine(env, dnsOf(table))
    expect(find('sendgrid', 'key')).toMatchObject({ ok: true })
    expect(find('sendgrid', 'sender')).toMatchObject({ ok: true })
    expect(find('sendgrid', 'webhook')).toMatchObject({ ok: null })
    expect(find('fernwood.example', 'DKIM')).toMatchObject({ ok: true })
    const others = Array.from({ length: 100 }, (_, i) => ({ domain: `other${i}.example`, valid: true }))
    vendor.answer(({ path }: Recorded) => {
      const own = path.endsWith('offset=100') ? [{ domain: 'fernwood.example', valid: false, dns }] : others
      return { json: path.startsWith('/v3/whitelabel/') ? own : { scopes: ['mail.send'] } }
    })
    expect((await examine(env)).find('sendgrid', 'sender'), 'on the second page').toMatchObject({
      ...{ ok: false, text: 'The records of fernwood.example are not valid yet.' },
    })
    plays({ '/v3/scopes': { json: { scopes: ['stats.read'] } } })
    expect((await examine(env)).find('sendgrid', 'key')).toMatchObject({ ok: false, text: 'The key may not send.' })
  })

  it('Mailgun: the domain’s state and records', async () => {
    plays({
      '/v4/domains/mg.fernwood.example': {
        json: {
          domain: { name: 'mg.fernwood.example', state: 'unverified' },
          sending_dns_records: [
            { record_type: 'TXT', name: 'mg.fernwood.example', value: 'v=spf1 include:mailgun.org ~all' },
          ],
        },
      },
    })
    const { find } = await examine({
      MAILGUN_API_KEY: 'key-of-tests',
      MAILGUN_DOMAIN: 'mg.fernwood.example',
      MAILGUN_BASE_URL: vendor.url,
    })
    expect(find('mailgun', 'sender')).toMatchObject({
      ok: false,
      text: 'Mailgun says of mg.fernwood.example: unverified.',
    })
    expect(find('mailgun', 'webhook')).toMatchObject({ ok: false, fix: expect.stringContaining('Set PUBLIC_URL') })
    expect(find('fernwood.example', 'SPF')?.fix).toContain('v=spf1 include:mailgun.org ~all')
  })

  it('Twilio: the account and the number', async () => {
    const numbers = (sms: boolean) => ({ json: { incoming_phone_numbers: [{ capabilities: { sms } }] } })
    const account = { '/2010-04-01/Accounts/AC1.json': { json: { status: 'active' } } }
    const env = {
      TWILIO_ACCOUNT_SID: 'AC1',
      TWILIO_AUTH_TOKEN: 'token-of-tests',
      TWILIO_BASE_URL: vendor.url,
      TWILIO_FROM: '+14155550100',
    }
    plays({ ...account, '/2010-04-01/Accounts/AC1/IncomingPhoneNumbers.json': numbers(true) })
    expect((await examine(env)).find('twilio', 'sender')).toMatchObject({ ok: true })
    plays({ ...account, '/2010-04-01/Accounts/AC1/IncomingPhoneNumbers.json': numbers(false) })
    expect((await examine(env)).find('twilio', 'sender')).toMatchObject({
      ok: false,
      text: '+14155550100 cannot send SMS.',
    })
    plays({ '/2010-04-01/Accounts/AC1.json': { json: { status: 'suspended' } } })
    expect((await examine(env)).find('twilio', 'key')).toMatchObject({ ok: false, text: 'The account is suspended.' })
    plays({ '/2010-04-01/Accounts/AC1.json': { json: {} } })
    expect((await examine(env)).find('twilio', 'key')).toMatchObject({
      ...{ ok: null, warn: true, text: 'Twilio answered without the status of the account.' },
    })
    const receipts = async () => (await examine(env)).find('twilio', 'receipts')
    const unconfirmed = 'Not asked: TWILIO_AUTH_TOKEN verifies them, and Twilio has not confirmed it.'
    expect(await receipts()).toMatchObject({ ok: null, text: unconfirmed })
    plays({ '/2010-04-01/Accounts/AC1.json': { status: 401, json: {} } })
    expect(await receipts(), 'the token is wrong, so are the signatures').toMatchObject({ ok: null, text: unconfirmed })
    plays({ ...account, '/2010-04-01/Accounts/AC1/IncomingPhoneNumbers.json': numbers(true) })
    expect(await receipts()).toMatchObject({ ok: true, text: 'TWILIO_AUTH_TOKEN verifies them.' })
  })

  it('Vonage: the balance; MSG91: not asked', async () => {
    const env = {
      VONAGE_API_KEY: 'k1',
      VONAGE_API_SECRET: 's3cret',
      VONAGE_FROM: 'Fernwood',
      VONAGE_BASE_URL: vendor.url,
    }
    plays({ '/account/get-balance': { json: { value: 3.25 } } })
    expect((await examine(env)).find('vonage', 'key')).toMatchObject({ ok: true })
    plays({ '/account/get-balance': { json: { value: 0 } } })
    expect((await examine(env)).find('vonage', 'key')).toMatchObject({ ok: false, fix: 'Add credit at Vonage.' })
    plays({ '/account/get-balance': { json: {} } })
    expect((await examine(env)).find('vonage', 'key')).toMatchObject({ ok: null, warn: true })
    const msg91 = { MSG91_AUTH_KEY: 'key-of-tests', MSG91_SENDER: 'FRNWOD', MSG91_FLOW_ID: 'f1' }
    expect((await examine(msg91)).find('msg91', 'key')).toMatchObject({ ok: null })
  })

  it('SMTP: a login, without the password in what is said', async () => {
    const { find, checks } = await examine({ SMTP_URL: 'smtp://ada:pass-of-tests@127.0.0.1:1' })
    expect(find('smtp', 'key')).toMatchObject({ ok: false, fix: expect.stringContaining('SMTP_URL') })
    expect(JSON.stringify(checks)).not.toContain('pass-of-tests')
  })
})

describe('the DNS', () => {
  const env = { SMTP_URL: 'smtp://127.0.0.1:1' }

  it('out of reach is not asked, and not red', async () => {
    const { find } = await examine(env, dnsOf({ 'fernwood.example': 'away', '_dmarc.fernwood.example': 'away' }))
    for (const what of ['SPF', 'DKIM', 'DMARC'])
      expect(find('fernwood.example', what)).toMatchObject({ ok: null, text: expect.stringMatching(/^Not checked: /) })
  })

  it('needs one SPF record, and takes the DMARC policy of the domain above', async () => {
    const two = await examine(env, dnsOf({ 'fernwood.example': ['v=spf1 a -all', 'v=spf1 mx -all'] }))
    expect(two.find('fernwood.example', 'SPF')).toMatchObject({ ok: false, text: expect.stringContaining('has 2') })
    const from = { ...env, EMAIL_FROM: 'hello@mail.fernwood.example' }
    const above = await examine(
      from,
      dnsOf({ '_dmarc.fernwood.example': ['v=DMARC1; p=reject'], 'mail.fernwood.example': [] }),
    )
    expect(above.find('mail.fernwood.example', 'DMARC')).toMatchObject({ ok: true })
    expect(above.find('mail.fernwood.example', 'SPF')?.fix).toBe(
      'Add the SPF record of the service that sends your mail: The mail server has it in the pages of its operator.',
    )
  })

  it('advises the record that the provider documents, and else says where it is named', async () => {
    const mailgun = {
      MAILGUN_API_KEY: 'key-of-tests',
      MAILGUN_DOMAIN: 'fernwood.example',
      MAILGUN_BASE_URL: vendor.url,
    }
    plays({ '/v4/domains/fernwood.example': { json: { domain: { name: 'fernwood.example', state: 'active' } } } })
    const dns = dnsOf({ 'fernwood.example': [] })
    const one = await examine(mailgun, dns)
    expect(one.find('fernwood.example', 'SPF')?.fix).toBe(
      'Add this record: fernwood.example TXT "v=spf1 include:mailgun.org ~all"',
    )
    const both = await examine({ ...mailgun, ...env }, dns)
    expect(both.find('fernwood.example', 'SPF')?.fix).toMatch(
      /include:mailgun\.org ~all", with .* The mail server has it/,
    )
  })

  it('of a name that does not exist says so, and asks for no record there', async () => {
    const { find, code } = await examine(env, dnsOf({}))
    expect(find('fernwood.example', 'domain')).toMatchObject({
      ...{ ok: false, text: expect.stringContaining('does not exist in the DNS (NXDOMAIN)') },
      fix: expect.stringContaining('Correct EMAIL_FROM'),
    })
    for (const what of ['SPF', 'DKIM', 'DMARC']) expect(find('fernwood.example', what)).toMatchObject({ ok: null })
    expect(code).toBe(1)
  })

  it('is asked through the resolver of the system', () => {
    expect(systemDns()).toMatchObject({ resolveTxt: expect.any(Function), resolveCname: expect.any(Function) })
  })
})
