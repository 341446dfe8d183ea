// SMTP: its contract, what goes over the wire, and above all what a broken session leaves in doubt.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Provider } from '../../../src/providers/provider.ts'
import { smtp } from '../../../src/providers/smtp/index.ts'
import { smtpOptions } from '../../../src/providers/smtp/send.ts'
import { type SmtpMoment, type SmtpReply, type SmtpVendor, startSmtpVendor } from '../../helper/smtp-vendor.ts'
import { conformsTo, deps, emailMessage, key, options, type Stage } from '../conformance.ts'

const password = 'smtp:secret/0001'
const withLogin = (url: string) => url.replace('//', `//user:${encodeURIComponent(password)}@`)

async function smtpStage(): Promise<Stage> {
  const vendor = await startSmtpVendor()
  return {
    url: vendor.url,
    scenes: {
      accepts: () => vendor.script({ AUTH: '235 ok' }),
      reset: () => vendor.script({ dot: 'reset' }),
      hang: () => vendor.script({ dot: 'hang' }),
      refuses: (words) => vendor.script({ RCPT: `550 5.7.1 ${words}` }),
    },
    called: () => vendor.waitFor('dot'),
    ids: () => vendor.messages.map(({ raw }) => /^X-Posthorn-Notification: (.+?)\r$/m.exec(raw)?.[1]),
    connections: vendor.connections,
    close: vendor.close,
  }
}

conformsTo({
  provider: (url) => smtp.make({ url: withLogin(url) }, deps),
  message: emailMessage,
  protocol: 'smtp:',
  sends: 'key',
  secret: password,
  ref: /^Q\d$/,
  stage: smtpStage,
})

describe('SMTP', () => {
  let vendor: SmtpVendor
  let provider: Provider
  beforeEach(async () => {
    vendor = await startSmtpVendor()
    provider = smtp.make({ url: vendor.url }, deps)
  })
  afterEach(async () => {
    await provider.close?.()
    await vendor.close()
  })

  it('sends the frozen message to one recipient, with a Message-ID that stays the same', async () => {
    await provider.send(emailMessage, options())
    await provider.send(emailMessage, { ...options(), attemptId: 'another' })
    const [first, second] = vendor.messages
    expect(first).toMatchObject({ from: 'hello@acme.example', to: ['ada@customers.example'] })
    for (const line of [
      'From: Acme <hello@acme.example>',
      'To: "Ada, Countess" <ada@customers.example>',
      'Reply-To: help@acme.example',
      'Subject: =?UTF-8?Q?Your_order_=E2=80=94_shipped?=',
      'X-Entity-Ref-ID: A-1',
      `X-Posthorn-Notification: ${key}`,
      `Message-ID: <${key}@acme.example>`,
      '<p>On its way</p>',
    ])
      expect(first?.raw.split('\r\n')).toContain(line)
    expect(second?.raw).toContain(`Message-ID: <${key}@acme.example>`)
  })

  it('never takes one address for two', async () => {
    await provider.send({ ...emailMessage, to: 'ada@customers.example,eve@elsewhere.example' }, options())
    expect(vendor.messages.flatMap((message) => message.to).length).toBeLessThanOrEqual(1)
  })

  const spoken: [SmtpMoment, SmtpReply, object][] = [
    ['greeting', '554 5.7.1 not you', { kind: 'rejected', blame: 'provider' }],
    ['greeting', '421 4.3.2 busy', { kind: 'deferred' }],
    ['greeting', 'close', { kind: 'deferred' }],
    ['greeting', 'reset', { kind: 'deferred' }],
    ['EHLO', 'reset', { kind: 'deferred' }],
    ['AUTH', '535 5.7.8 wrong', { kind: 'rejected', blame: 'provider', code: '5.7.8', statusCode: 535 }],
    ['AUTH', '454 4.7.0 later', { kind: 'deferred', code: '4.7.0' }],
    ['MAIL', '451 4.3.0 later', { kind: 'deferred', code: '4.3.0', statusCode: 451 }],
    ['MAIL', '550 5.7.1 sender not yours', { kind: 'rejected', blame: 'provider' }],
    ['MAIL', '550 5.1.8 sender’s domain', { kind: 'rejected', blame: 'provider' }],
    ['MAIL', '552 5.3.4 too large', { kind: 'rejected', blame: 'message' }],
    ['MAIL', 'close', { kind: 'deferred' }],
    [
      'RCPT',
      '550 5.1.1 no such user',
      { kind: 'rejected', blame: 'message', suppress: 'invalid_address', code: '5.1.1' },
    ],
    ['RCPT', '556 5.1.10 takes no mail', { kind: 'rejected', blame: 'message', suppress: 'invalid_address' }],
    ['RCPT', '550 5.7.1 relaying denied', { kind: 'rejected', blame: 'provider', code: '5.7.1' }],
    ['RCPT', '530 5.7.0 authentication required', { kind: 'rejected', blame: 'provider' }],
    ['RCPT', '550 5.7.1 blocked by policy', { kind: 'rejected', blame: 'provider', code: '5.7.1' }],
    ['RCPT', '550 5.4.1 no route', { kind: 'rejected', blame: 'provider' }],
    ['RCPT', '550 5.1.8 sender’s domain', { kind: 'rejected', blame: 'provider' }],
    ['RCPT', '552 5.2.2 mailbox full', { kind: 'deferred', code: '5.2.2', messageOnly: true }],
    ['RCPT', '552 mailbox full', { kind: 'deferred', code: '552', messageOnly: true }],
    ['RCPT', '454 Throttling failure: Maximum sending rate exceeded.', { kind: 'deferred', throttled: true }],
    ['RCPT', '450 4.2.1 receiving mail at a rate limit', { kind: 'deferred', messageOnly: true }],
    ['RCPT', '550 no', { kind: 'rejected', blame: 'message', code: '550' }],
    ['RCPT', '554 no', { kind: 'rejected', blame: 'provider', code: '554' }],
    ['RCPT', '450 4.7.1 greylisted', { kind: 'deferred', code: '4.7.1', messageOnly: true }],
    ['RCPT', '421 4.4.2 closing', { kind: 'deferred' }],
    ['RCPT', 'reset', { kind: 'deferred' }],
    ['DATA', '451 later', { kind: 'deferred' }],
    ['DATA', 'reset', { kind: 'deferred' }],
    ['dot', '451 4.3.0 try later', { kind: 'deferred', statusCode: 451 }],
    ['dot', '421 4.3.2 closing', { kind: 'deferred' }],
    ['dot', '552 5.2.2 mailbox full', { kind: 'deferred', code: '5.2.2', messageOnly: true }],
    ['dot', '452 4.2.2 mailbox full', { kind: 'deferred', messageOnly: true }],
    ['dot', '421 4.7.0 too many messages, slow down', { kind: 'deferred', throttled: true }],
    ['dot', '454 Throttling failure: Daily message quota exceeded.', { kind: 'deferred' }],
    ['dot', '554 5.7.1 looks like spam', { kind: 'rejected', blame: 'provider' }],
    ['dot', '554 5.3.0 system trouble', { kind: 'rejected', blame: 'provider' }],
    ['dot', '550 5.1.1 no such user', { kind: 'rejected', blame: 'message', suppress: 'invalid_address' }],
    ['dot', '554 5.6.0 malformed', { kind: 'rejected', blame: 'message' }],
    ['dot', '552 too large', { kind: 'rejected', blame: 'message' }],
    ['dot', 'close', { kind: 'unknown' }],
    ['dot', 'reset', { kind: 'unknown' }],
    ['dot', 'half:250 2.0.0 Ok: que', { kind: 'unknown' }],
    ['dot', 'half:hello', { kind: 'unknown' }],
    ['dot', 'half:550 5.1.1 no such us', { kind: 'unknown' }],
  ]
  it.each(spoken)('at %s, %s', async (moment, reply, expected) => {
    vendor.script({ [moment]: reply })
    const url = moment === 'AUTH' ? withLogin(vendor.url) : vendor.url
    const asked = smtp.make({ url }, deps)
    const outcome = await asked.send(emailMessage, options())
    expect(outcome).toMatchObject(expected)
    for (const name of ['suppress', 'messageOnly', 'throttled'])
      if (!(name in expected)) expect(outcome).not.toHaveProperty(name)
    expect(vendor.messages.length).toBeLessThanOrEqual(1)
    await asked.close?.()
  })

  it.each<[SmtpMoment, string]>([
    ['greeting', 'deferred'],
    ['RCPT', 'deferred'],
    ['DATA', 'deferred'],
    ['dot', 'unknown'],
  ])('where the server falls silent at %s, the limit makes it %s', async (moment, kind) => {
    vendor.script({ [moment]: 'hang' })
    const limit = new AbortController()
    const sending = provider.send(emailMessage, options(limit.signal))
    await vendor.waitFor(moment)
    limit.abort(new DOMException('too late', 'TimeoutError'))
    expect((await sending).kind).toBe(kind)
  })

  it('is certain that a message cut off before its dot was not taken', async () => {
    const text = 'a line of text that makes the message long\n'.repeat(200_000)
    const big = provider.send({ ...emailMessage, text, html: '' }, options())
    await vendor.waitFor('DATA')
    await vendor.close()
    expect(await big).toMatchObject({ kind: 'deferred' })
    expect(vendor.messages).toHaveLength(0)
  })

  it('sends over a new connection where the server has closed the old one', async () => {
    expect((await provider.send(emailMessage, options())).kind).toBe('accepted')
    vendor.script({ MAIL: 'close' })
    expect((await provider.send(emailMessage, options())).kind).toBe('deferred')
    vendor.script({})
    expect((await provider.send(emailMessage, options())).kind).toBe('accepted')
    expect(vendor.connections()).toBe(2)
  })

  it('sends nothing to a server whose certificate cannot be verified', async () => {
    const server = new SMTPServer({ secure: true, authOptional: true })
    server.listen(0, '127.0.0.1')
    server.on('error', () => {})
    await once(server.server, 'listening')
    const { port } = server.server.address() as AddressInfo
    const secure = smtp.make({ url: `smtps://127.0.0.1:${port}` }, deps)
    const outcome = await secure.send(emailMessage, options())
    expect(outcome).toMatchObject({ kind: 'deferred', text: expect.stringMatching(/certificate/) })
    await secure.close?.()
    await new Promise<void>((resolve) => server.close(resolve))
  })
})

describe('an SMTP_URL', () => {
  it.each([
    ['smtp://mail.example.com', { port: 587, secure: false, requireTLS: true, ignoreTLS: false }],
    ['smtp://mail.example.com:2525', { port: 2525, secure: false, requireTLS: true, ignoreTLS: false }],
    ['smtps://mail.example.com', { port: 465, secure: true, requireTLS: false, ignoreTLS: false }],
    ['smtp://localhost:1025', { host: 'localhost', port: 1025, secure: false, requireTLS: false, ignoreTLS: true }],
    ['smtp://127.0.0.1:1025', { secure: false, requireTLS: false, ignoreTLS: true }],
    ['smtp://[::1]:1025', { host: '::1', secure: false, requireTLS: false, ignoreTLS: true }],
    ['smtp://127.0.0.1.example.com', { secure: false, requireTLS: true, ignoreTLS: false }],
    ['smtps://localhost', { secure: true, ignoreTLS: false }],
    [
      'smtp://me%40acme:p%3Aw@mail.example.com?ignoreTLS=true',
      { auth: { user: 'me@acme', pass: 'p:w' }, ignoreTLS: false },
    ],
  ])('%s', (url, expected) => {
    expect(smtpOptions(url)).toMatchObject({
      maxRequeues: 0,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...expected,
    })
    expect(smtpOptions(url).tls).toBeUndefined()
  })
})
