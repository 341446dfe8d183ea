// The commands that ask a running service: each does its work over HTTP, as on the command line.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { timelineLine } from '../../src/cli/notifications.ts'
import { triggerTypes } from '../../src/cli/trigger.ts'
import { vendorSources } from '../../src/sources/index.ts'
import { command, type Said } from '../helper/command.ts'
import { paymentIntent, shipped, stripeEvent } from '../helper/events.ts'
import { configured } from '../helper/source.ts'
import { keys, type NotificationShown, startWorld, type World } from '../helper/world.ts'

const secret = 'the-secret-of-razorpay'

let world: World
let folder: string
beforeAll(async () => {
  world = await startWorld({ env: { RAZORPAY_WEBHOOK_SECRET: secret, OPERATOR_EMAIL: 'ops@fernwood.example' } })
  folder = await mkdtemp(path.join(tmpdir(), 'posthorn-commands-'))
})
afterAll(async () => {
  await world.stop()
  await rm(folder, { recursive: true, force: true })
})

/** As on the machine of the service. */
const run = (...args: string[]) =>
  command([...args, '--url', world.url, '--key', keys.operator], { RAZORPAY_WEBHOOK_SECRET: secret })

async function json<T>(...args: string[]): Promise<T> {
  const said = await run(...args, '--json')
  expect(said).toMatchObject({ code: 0, stderr: '' })
  return JSON.parse(said.stdout) as T
}

describe('trigger', () => {
  it.each(triggerTypes)('sends a signed %s, which the service takes', async (type) => {
    const { id, status } = await json<{ id: string; status: string }>('trigger', type, '--email', 'bea@example.com')
    // What links a payment to its invoice needs no message by itself.
    const isSilent = type === 'stripe:invoice_payment.paid'
    expect(status).toBe(isSilent ? 'ignored' : 'accepted')
    const event = await world.event(id, ({ status }) => status !== 'accepted')
    expect(event).toMatchObject({ status: isSilent ? 'ignored' : 'planned', type: expect.stringContaining('.') })
  })

  it.each([
    ['order.shipped', '--email'],
    ['payment_intent.succeeded', '--email'],
    ['order.shipped', '--phone'],
  ])('of %s gives each %s a recipient of its own, the same each time', async (type, option) => {
    const addresses =
      option === '--email'
        ? ['Dot@example.com', 'dot@example.com', 'eli@example.com']
        : ['+14155550177', '+14155550177']
    const who: (string | null)[] = []
    for (const address of addresses) {
      const { id } = await json<{ id: string }>('trigger', type, option, address)
      const { notifications } = await world.event(id, ({ status }) => status === 'planned')
      who.push(...notifications.slice(0, 1).map(({ recipientId }) => recipientId))
    }
    expect(new Set(who).size).toBe(option === '--email' ? 2 : 1)
    expect(who[0]).toBe(who[1])
    expect(who.filter((id) => !id || ['cus_42', 'cus_sample'].includes(id))).toEqual([])
  })

  it('of a type that nobody listens to says why it is ignored, where a key may ask', async () => {
    const ignored = await run('trigger', 'stripe:invoice_payment.paid')
    expect(ignored.stdout).toMatch(/^ignored .*, event \S+\n {2}It changes nothing [^\n]+ \(nothing_new\)\n$/)
    const noKey = await command(['trigger', 'stripe:invoice_payment.paid', '--url', world.url, '--key', 'another'])
    expect(noKey).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^ignored [^\n]+\n$/) })
  })

  it.each([
    ['order.shipped', '--email', 'gus@example.com', 'No phone was given: the text is left out.'],
    ['order.shipped', '--phone', '+14155550178', 'No email address was given: the email is left out.'],
    ['payment_intent.succeeded', '--email', 'gus@example.com', 'No phone was given: the text is left out.'],
    // It has no text.
    ['order.accepted', '--email', 'gus@example.com', null],
  ])('of %s with %s alone says which channel is left out', async (type, option, address, line) => {
    const { code, stdout } = await run('trigger', type, option, address)
    expect({ code, lines: stdout.split('\n').slice(1, -1) }).toEqual({ code: 0, lines: line ? [`  ${line}`] : [] })
  })

  it('of the sample, which has both addresses, or of an event that chooses its channels leaves none out', async () => {
    const file = path.join(folder, 'email-alone.json')
    await writeFile(
      file,
      JSON.stringify({ ...shipped(), recipient: { email: 'hal@example.com' }, channels: ['email'] }),
    )
    for (const more of [[], ['--data', file]])
      expect((await run('trigger', 'order.shipped', ...more)).stdout).toMatch(/^accepted [^\n]+\n$/)
  })

  it('with one address alone writes to no other', async () => {
    const { id } = await json<{ id: string }>('trigger', 'order.shipped', '--email', 'fay@example.com')
    const { notifications } = await world.event(id, ({ status }) => status === 'planned')
    expect(notifications.map(({ to }) => to)).toEqual(['fay@example.com'])
  })

  it('takes data from a file, a whole event too, and repeats an id as a duplicate', async () => {
    const file = path.join(folder, 'event.json')
    await writeFile(file, JSON.stringify({ ...shipped(), reference: 'ORD-77' }))
    const first = await run('trigger', 'order.shipped', '--data', file, '--id', 'once')
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^accepted order.shipped from shop, event /) })
    expect((await run('trigger', 'order.shipped', '--data', file, '--id', 'once')).stdout).toMatch(/^duplicate /)
    await world.quiet()
    expect((await run('notifications', '--reference', 'ORD-77')).stdout).toContain('order-shipped')
  })

  it('says what was meant, and where a secret or a file is missing', async () => {
    expect(await run('trigger', 'order.shiped')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('There is no sample of order.shiped. Did you mean order.shipped?'),
    })
    expect(await run('trigger', 'order.shipped', '--app', 'toyshop')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no secret of toyshop to sign with: set APP_WEBHOOK_SECRETS'),
    })
    expect(await run('trigger', 'order.shipped', '--data', path.join(folder, 'none.json'))).toMatchObject({ code: 66 })
  })

  it('shows every fault of data that does not fit', async () => {
    const file = path.join(folder, 'data.json')
    await writeFile(file, JSON.stringify({ orderNumber: 'ORD-1' }))
    const said = await run('trigger', 'order.shipped', '--data', file)
    expect(said).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^422 .*\n {2}data\.carrier .*\n {2}data\.trackingNumber /),
    })
  })
})

describe('explain', () => {
  const explained = async (event: object, ...more: string[]) => {
    const file = path.join(folder, 'explained.json')
    await writeFile(file, JSON.stringify(event))
    return run('explain', file, ...more)
  }

  it('prints who would get what, when and by which provider, and what is not made', async () => {
    const { code, stdout, stderr } = await explained(
      shipped({ recipient: { email: 'ada@example.com' } }),
      '--source',
      'shop',
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^order.shipped from shop, reference ORD-77\naccepted: 1 pending\n/)
    expect(stdout).toMatch(/^pending email to ada@example.com, by order-shipped\n {2}when {8}now\. .*\(due\)$/m)
    expect(stdout).toMatch(/^ {2}provider {4}sandbox: The first provider of the route\.$/m)
    expect(stdout).toMatch(/^ {2}subject {5}.*ORD-1001/m)
    expect(stdout).toMatch(/^ {4}│ .*JD014600/m)
    expect(stdout, 'an empty line of the text too').toMatch(/^ {4}│\n {4}│ /m)
    expect(stdout).toMatch(/^Not made\n {2}order-shipped sms: .*\(no_address\)$/m)
  })

  it('without a source names the API key whose event it is', async () => {
    expect((await explained(shipped())).stdout).toMatch(/^order.shipped from the API key \S+, reference ORD-77\n/)
  })

  it('of an event that is refused, or of a source that is not there, ends with 1; without the file with 66', async () => {
    expect(await explained(shipped({ data: {} }))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^422 .*\n {2}data\.orderNumber /),
    })
    expect(await explained(shipped(), '--source', 'nobody')).toMatchObject({ code: 1 })
    expect(await run('explain', path.join(folder, 'missing.json'))).toMatchObject({ code: 66 })
  })
})

it('every sample of a vendor is an event that it can translate', () => {
  const about = { email: 'ada@example.com', phone: '+14155550123', customer: 'cus_1', run: 'r1', nowMs: 1767225600000 }
  for (const vendor of vendorSources)
    for (const [type, sample] of Object.entries(vendor.samples)) {
      const translation = configured(vendor).translate(Buffer.from(JSON.stringify(sample(about))))
      if (type === 'invoice_payment.paid') expect(translation).toMatchObject({ kind: 'silent' })
      else expect({ type, translation }).toMatchObject({ translation: { ok: true, content: { sourceType: type } } })
    }
})

describe('send', () => {
  it.each([
    ['order-shipped', 'bea@example.com', 'email'],
    ['order-shipped', '+14155550199', 'sms'],
    // These wait for a date of their own, but not when a person asks.
    ['installment-reminder', 'bea@example.com', 'email'],
    ['weekly-progress', 'bea@example.com', 'email'],
  ])('sends %s to %s and follows it to its end', async (notifier, to, channel) => {
    const said = await run('send', notifier, '--to', to)
    expect(said).toMatchObject({ code: 0, stderr: '' })
    const lines = said.stdout.trimEnd().split('\n')
    expect(lines.at(-1)).toMatch(/^sent by sandbox, notification [0-9a-f-]{36}$/)
    expect(lines.length, 'the timeline, an entry a line').toBeGreaterThan(2)
    const { body } = await world.get<NotificationShown>(`/v1/notifications/${lines.at(-1)?.split(' ').at(-1)}`)
    expect(body).toMatchObject({ notifier, channel, to, state: 'sent', reference: expect.stringMatching(/^test-/) })
  })

  it('exits with 1 where the message is not sent', async () => {
    await fetch(`${world.url}/v1/suppressions/email/gone@example.com`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${keys.operator}`, 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'asked by phone' }),
    })
    const said = await run('send', 'order-shipped', '--to', 'gone@example.com')
    expect(said).toMatchObject({ code: 1, stdout: expect.stringMatching(/^suppressed, notification [0-9a-f-]{36}$/m) })
  })

  it.each([
    [['send', 'order-shiped', '--to', 'a@example.com'], 'Did you mean order-shipped?'],
    [['send', 'order-shipped', '--to', 'nowhere'], 'nowhere is neither an email address nor a phone number'],
    [['send', 'order-accepted', '--to', '+14155550199'], 'order-accepted has no sms; its channels are email.'],
  ])('refuses %j with 64', async (args, text) => {
    expect(await run(...args)).toMatchObject({ code: 64, stderr: expect.stringContaining(text) })
  })
})

describe('notifications and notification', () => {
  it('show a table, and one with its attempts and timeline, without what a terminal would obey', async () => {
    const event = { ...shipped(), reference: 'ORD-\u001b[31m9', recipient: { email: 'cleo@example.com' } }
    const accepted = await world.app(event)
    expect(accepted.status, 'control characters are refused').toBe(422)
    const { body } = await world.app({ ...event, reference: 'ORD-9' })
    const [notification] = (await world.event(body.id)).notifications
    const listed = await run('notifications', '--recipient', 'cleo@example.com', '--channel', 'email', '--since', '1h')
    const [titles, row] = listed.stdout.split('\n')
    expect(titles).toMatch(/^created \(UTC\) +id +state +channel +notifier +to +reference +reason$/)
    expect(row).toMatch(
      new RegExp(`${notification?.id} +sent +email +order-shipped +cleo@example.com +ORD-9 +sandbox$`),
    )
    const one = await run('notification', notification?.id ?? '')
    expect(one.stdout).toMatch(/^sent email to cleo@example.com, by order-shipped\n/)
    expect(one.stdout).toMatch(/\n {2}next +Nothing more is planned, and no receipt will come\. /)
    expect(one.stdout).toMatch(/\n1 +\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} +sandbox +accepted /)
    expect(listed.stdout + one.stdout).not.toContain('\u001b')
  })

  it('mark what comes next, which has no place among the times of what happened', () => {
    const at = '2026-11-21T10:00:05.000Z'
    const line = (code: string, what: string) => timelineLine({ at, code, what, detail: null })
    expect(line('called', 'Resend was called.')).toBe('  2026-11-21 10:00:05.000  Resend was called.')
    expect(line('next', 'Next: an attempt.')).toBe(
      `  next${' '.repeat(21)}Next: an attempt. At 2026-11-21 10:00:05.000.`,
    )
  })

  it('page with a cursor, print JSON, and say what the service refuses', async () => {
    const page = await json<{ data: unknown[]; nextCursor: string }>('notifications', '--limit', '1')
    expect(page.data).toHaveLength(1)
    const more = await run('notifications', '--limit', '1')
    expect(more.stdout).toContain(`--cursor ${page.nextCursor}`)
    expect((await run('notifications', '--cursor', page.nextCursor)).code).toBe(0)
    expect(await run('notifications', '--limit', '900')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^400 /),
    })
    expect(await run('notification', 'nothing')).toMatchObject({
      code: 1,
      stderr: '404 No notification has this id.\n',
    })
    expect((await run('notifications', '--reference', 'nobody')).stdout).toBe('No notification matches.\n')
  })

  it('that are found by their order’s number are listed with it', async () => {
    const data = { orderNumber: 'ORD-78', carrier: 'DHL', trackingNumber: 'JD014600' }
    const unnamed = shipped({ recipient: { email: 'order@example.com' }, reference: undefined, data })
    await world.event((await world.app(unnamed)).body.id)
    const line = (await run('notifications', '--reference', 'ORD-78')).stdout.split('\n')[1]
    expect(line).toMatch(/ order@example\.com +ORD-78/)
  })

  it('are asked for with an operator’s key before a viewer’s', async () => {
    const viewer = `viewer-${'v'.repeat(40)}`
    const asked = (apiKeys: string) =>
      command(['notifications', '--url', world.url, '--limit', '1'], { API_KEYS: apiKeys })
    expect((await asked(`support:viewer:${viewer},ops:operator:${keys.operator}`)).code).toBe(0)
    expect((await asked(`support:viewer:${viewer}`)).stderr).toMatch(/^401 /)
  })

  it('find the key in the settings, and say where no service answers', async () => {
    expect((await command(['notifications', '--url', world.url])).code).toBe(0)
    expect(await command(['notifications', '--url', 'http://127.0.0.1:1'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No Posthorn answers at http://127.0.0.1:1.'),
    })
    expect(await command(['notifications', '--url', 'nowhere'])).toMatchObject({ code: 1 })
  })
})

describe('replay', () => {
  it('prints the plan, runs it, and prints what it did; with --dry-run only the plan', async () => {
    await run('trigger', 'order.accepted')
    await world.quiet()
    const window = ['--since', '1h', '--until', '0s', '--type', 'order.accepted']
    const planned = await run('replay', ...window, '--dry-run')
    expect(planned).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Plan\n {2}events +\d+\n {2}would send +0\n/),
    })
    expect(planned.stdout).not.toContain('Done')
    expect(planned.stdout).toMatch(/\nNothing would be sent: what was sent is not sent again/)
    const untilNow = await run('replay', '--since', '1h', '--type', 'order.accepted', '--dry-run')
    expect(untilNow.stdout).toBe(planned.stdout)
    const ran = await run('replay', ...window)
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(ran.stdout).toMatch(/^Plan\n[\s\S]*\nDone, replay [0-9a-f-]{36}\n {2}events +\d+\n {2}sent +0\n/)
    expect(await json('replay', ...window)).toMatchObject({ status: 'done', progress: { wouldSend: 0 } })
  })
})

it('a replay draws its progress on a terminal, and only there', async () => {
  const terminal = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY')
  const drawn: string[] = []
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => drawn.push(String(text)) > 0)
  const window = ['--since', '1h', '--until', '0s', '--type', 'order.accepted']
  try {
    Object.defineProperty(process.stderr, 'isTTY', { value: true, configurable: true })
    await run('replay', ...window)
    const counted = /^\r([█░]{30}) (\d+) of (\d+) events(\n?)$/
    expect(drawn.length).toBeGreaterThan(0)
    for (const text of drawn) expect(text).toMatch(counted)
    const [, bar, done, all, end] = counted.exec(drawn.at(-1) ?? '') ?? []
    expect({ bar, done, end }).toEqual({ bar: '█'.repeat(30), done: all, end: '\n' })
    drawn.length = 0
    expect(await run('replay', ...window, '--json')).toMatchObject({ code: 0 })
    Object.defineProperty(process.stderr, 'isTTY', { value: false, configurable: true })
    await run('replay', ...window)
    expect(drawn).toEqual([])
  } finally {
    write.mockRestore()
    if (terminal) Object.defineProperty(process.stderr, 'isTTY', terminal)
    else Reflect.deleteProperty(process.stderr, 'isTTY')
  }
})

it('a replay that would send nothing says why', async () => {
  const none = await run('replay', '--since', '1h', '--type', 'order.nowhere', '--dry-run')
  expect(none.stdout).toMatch(/\nNo event of this window matches/)
  const lost = paymentIntent({ customer: null, receipt_email: null, shipping: null })
  const accepted = await world.stripe(stripeEvent('payment_intent.succeeded', lost))
  await world.event(accepted.body.id, ({ status }) => status !== 'accepted')
  const failed = await run('replay', '--since', '1h', '--source', 'stripe', '--state', 'failed', '--dry-run')
  expect(failed.stdout).toMatch(
    /\n {2}would send +0\n[\s\S]*\nNothing would be sent: these events make no notification now/,
  )
  const later = new Date(Date.now() + 3_600_000).toISOString()
  await world.app({ ...shipped(), sendAt: later, reference: 'ORD-later' })
  await world.quiet()
  const waiting = await run('replay', '--since', '1h', '--type', 'order.shipped', '--state', 'scheduled', '--dry-run')
  expect(waiting.stdout).toMatch(/\n {2}other +[1-9]\d* \(scheduled, pending, /)
})

describe('preview', () => {
  const preview = (...args: string[]): Promise<Said> => command(['preview', ...args])

  it('writes every message with an index, and shows what differs from another folder', async () => {
    const [before, after] = [path.join(folder, 'before'), path.join(folder, 'after')]
    const first = await preview('--out', before)
    expect(first).toMatchObject({ code: 0, stderr: '' })
    const files = await readdir(before)
    expect(files).toEqual(expect.arrayContaining(['index.html', 'order-shipped.hi.html', 'order-shipped.es.sms.txt']))
    const index = await readFile(path.join(before, 'index.html'), 'utf8')
    for (const [, link] of index.matchAll(/href="([^"]+)"/g)) expect(files).toContain(link)
    const same = await preview('--out', after, '--against', before)
    expect(same).toMatchObject({ code: 0, stdout: expect.stringContaining(`Nothing differs from ${before}.`) })

    const sms = path.join(before, 'order-shipped.en.sms.txt')
    const text = await readFile(sms, 'utf8')
    await writeFile(sms, text.replace('DHL', 'UPS'))
    await rm(path.join(before, 'order-shipped.es.txt'))
    await writeFile(path.join(before, 'order-lost.en.txt'), '')
    const changed = await preview('--out', after, '--against', before)
    expect(changed.code).toBe(1)
    expect(changed.stdout).toContain(`changed order-shipped.en.sms.txt\n  -${text.replace('DHL', 'UPS')}  +${text}`)
    expect(changed.stdout).toContain('added order-shipped.es.txt\n')
    expect(changed.stdout).toContain('removed order-lost.en.txt\n')
  })

  it('writes one notifier alone, and names the one that was meant', async () => {
    const out = path.join(folder, 'one')
    const said = await preview('order-accepted', '--out', out, '--json')
    expect(JSON.parse(said.stdout)).toMatchObject({
      files: expect.arrayContaining(['order-accepted.en.html']),
      changes: [],
    })
    expect((await readdir(out)).every((file) => /^(index|order-accepted\.(en|es|hi))\./.test(file))).toBe(true)
    expect(await preview('order-acepted')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('Did you mean order-accepted?'),
    })
    expect(await preview('--out', out, '--against', path.join(folder, 'none'))).toMatchObject({ code: 66 })
  })
})
