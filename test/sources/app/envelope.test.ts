import { describe, expect, test } from 'vitest'
import { translateAppBody } from '../../../src/sources/app/envelope.ts'

const known = 'order.shipped'
/** Something follows of it, and nobody is told. */
const silent = 'installment.paid'
const body = {
  type: known,
  recipient: { email: 'ada@example.com' },
  data: { orderNumber: 'ORD-1001' },
}

function translate(body: unknown) {
  const raw = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  return translateAppBody(raw, (type) => (type === known ? 'people' : type === silent ? 'others' : 'nobody'))
}

async function contentOf(body: unknown) {
  const translation = await translate(body)
  if (!translation.ok) throw new Error(JSON.stringify(translation))
  return translation.content
}

async function faultsOf(body: unknown) {
  const translation = await translate(body)
  if (translation.ok || translation.kind !== 'refused' || translation.status !== 422) return []
  return translation.errors ?? []
}

async function pathsOf(body: unknown) {
  return (await faultsOf(body)).map(({ path }) => path)
}

describe('an app’s event', () => {
  test('is read whole', async () => {
    const whole = {
      ...body,
      id: 'evt_9',
      timestamp: '2026-11-21T10:00:00Z',
      recipient: {
        id: 'cus_42',
        email: 'ada@example.com',
        phone: '+1 (415) 555-0123',
        name: 'Ada Lovelace',
        locale: 'en_gb',
        timezone: 'Europe/London',
        data: { seat: 4 },
      },
      sendAt: '2026-11-22T09:00:00+01:00',
      expiresAt: '2026-11-23T09:00:00.500Z',
      priority: 'high',
      reference: 'ORD-1001',
    }
    expect(await contentOf(whole)).toEqual({
      type: known,
      sourceType: known,
      reference: 'ORD-1001',
      references: ['ORD-1001'],
      livemode: null,
      occurredAt: new Date('2026-11-21T10:00:00Z'),
      recipients: [{ ...whole.recipient, phone: '+14155550123', locale: 'en-GB' }],
      data: { orderNumber: 'ORD-1001' },
      sendAt: new Date('2026-11-22T08:00:00Z'),
      expiresAt: new Date('2026-11-23T09:00:00.500Z'),
      priority: 'high',
      fact: null,
    })
  })

  test('needs no more than a type, data and an address', async () => {
    expect(await contentOf({ ...body, data: {} })).toMatchObject({
      reference: null,
      references: [],
      sendAt: null,
      priority: null,
    })
    expect((await contentOf({ ...body, recipient: { phone: '+14155550123' } })).recipients).toEqual([
      { phone: '+14155550123' },
    ])
  })

  test.each([
    [{ reference: 'REF-1', data: { orderNumber: 'ORD-1', paymentId: 'pi_1' } }, 'REF-1', ['REF-1', 'pi_1']],
    [{ data: { orderNumber: 'ORD-1', paymentId: 'pi_1' } }, 'ORD-1', ['ORD-1', 'pi_1']],
    [{ data: { paymentId: 'pi_1' } }, 'pi_1', ['pi_1']],
    [{ data: { orderNumber: 7 } }, null, []],
  ])('%j is shown with the reference %j, by which it is found', async (more, reference, references) => {
    expect(await contentOf({ ...body, reference: undefined, ...more })).toMatchObject({ reference, references })
  })

  test('may say null for what it leaves out', async () => {
    const recipient = { email: 'ada@example.com', phone: null, name: null, locale: null, timezone: null, data: null }
    const sparse = { ...body, recipient, recipients: null, sendAt: null, priority: null, reference: null, id: null }
    expect((await contentOf(sparse)).recipients).toEqual([{ email: 'ada@example.com' }])
  })

  test('may name many, each with data of their own', async () => {
    const recipients = [{ email: 'ada@example.com', data: { seat: 1 } }, { phone: '+14155550123' }]
    expect((await contentOf({ ...body, recipient: undefined, recipients })).recipients).toEqual(recipients)
  })
})

describe('a body that is no event gets 400', () => {
  test.each([
    ['empty', ''],
    ['junk', '{nope'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '1e999'],
    ['without a type', '{"data":{}}'],
    ['with an empty type', '{"type":""}'],
    ['with a type that is no text', '{"type":5}'],
    ['with a type of two lines', '{"type":"a\\nb"}'],
    ['with a type that is too long', JSON.stringify({ type: 'a'.repeat(201) })],
    ['with a type of half a character', '{"type":"\\ud800"}'],
    ['a bomb of brackets', '['.repeat(100_000)],
    ['a whole bomb of brackets', '['.repeat(100_000) + ']'.repeat(100_000)],
  ])('when it is %s', async (_name, raw) => {
    expect(await translate(raw)).toMatchObject({ ok: false, kind: 'refused', status: 400 })
  })

  test('when it is not UTF-8', async () => {
    const raw = Buffer.from(JSON.stringify({ ...body, reference: 'é' }), 'latin1')
    expect(await translate(raw)).toMatchObject({ ok: false, kind: 'refused', status: 400 })
  })
})

describe('a field that does not fit is reported with its path', () => {
  const of = (fields: object) => ({ ...body, recipient: { ...body.recipient, ...fields } })

  test.each([
    'ada',
    'ada@',
    '@example.com',
    'ada@example',
    'ada @example.com',
    'ada@example.com\nBcc: eve@example.com',
    'Ada <ada@example.com>',
    '.a@example.com',
    'jörg@example.com',
    'आशा@उदाहरण.भारत',
    'a@example.-com',
    'a@example.c0m-',
    'a@192.0.2.1',
    '',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b.'.repeat(130)}com`,
    5,
    ['ada@example.com'],
  ])('the email %o', async (email) => {
    expect(await pathsOf(of({ email }))).toEqual(['recipient.email'])
  })

  test.each([
    "o'brien+news@example.co.uk",
    'customer/department=shipping@example.com',
    '!def!xyz%abc@example.com',
    'ada@xn--bcher-kva.xn--p1ai',
    'ada@3com.example',
  ])('but takes %s', async (email) => {
    expect((await contentOf(of({ email }))).recipients).toMatchObject([{ email }])
  })

  test.each([
    ['info@bücher.example', 'info@xn--bcher-kva.example'],
    ['hanako..k@carrier.example.jp', '"hanako..k"@carrier.example.jp'],
    ['hanako.@carrier.example.jp', '"hanako."@carrier.example.jp'],
    ['"hanako..k"@carrier.example.jp', '"hanako..k"@carrier.example.jp'],
    ['"a b"@example.com', '"a b"@example.com'],
    ['"ada"@example.com', 'ada@example.com'],
  ])('the email %s is taken as %s', async (email, taken) => {
    expect((await contentOf(of({ email }))).recipients).toMatchObject([{ email: taken }])
  })

  test('an email that only SMTPUTF8 could carry is refused in words', async () => {
    expect(await translate(of({ email: 'jörg@bücher.example' }))).toMatchObject({
      errors: [{ path: 'recipient.email', message: expect.stringContaining('SMTPUTF8') }],
    })
  })

  test.each([
    [{ phone: '0664 1234567', country: 'AT' }, '+436641234567'],
    [{ phone: '0664 1234567', country: 'at' }, '+436641234567'],
    [{ phone: '020 7946 0018', country: 'UK' }, '+442079460018'],
    [{ phone: '+43 (0)664 1234567', country: 'IN' }, '+436641234567'],
    [{ phone: '+43\u00a0664\u200b1234567' }, '+436641234567'],
    [{ phone: '+521 33 1234 5678' }, '+523312345678'],
  ])('the phone of %o is %s', async (fields, phone) => {
    const { recipients } = await contentOf(body)
    expect((await contentOf(of(fields))).recipients).toEqual([{ ...recipients[0], phone }])
  })

  test.each([
    [{ phone: '0664 1234567' }, ['recipient.phone']],
    [{ phone: '0664 1234567', country: 'XX' }, ['recipient.country', 'recipient.phone']],
    [{ phone: '066', country: 'AT' }, ['recipient.phone']],
    [{ phone: '+43 664' }, ['recipient.phone']],
    [{ phone: '+999 12345678' }, ['recipient.phone']],
    [{ phone: '+43 664 1234567 ext. 3' }, ['recipient.phone']],
    [{ country: 43 }, ['recipient.country']],
    [{ phone: 6641234567, country: 'AT' }, ['recipient.phone']],
  ])('%o does not fit', async (fields, paths) => {
    expect(await pathsOf(of(fields))).toEqual(paths)
  })

  test.each(['4155550123', '+0155550123', '+1415', '+1415555012345678', '+1415555x123', '', 14155550123])(
    'the phone %o',
    async (phone) => {
      expect(await pathsOf(of({ phone }))).toEqual(['recipient.phone'])
    },
  )

  test.each([
    [{ locale: 'english, please' }, 'recipient.locale'],
    [{ locale: '' }, 'recipient.locale'],
    [{ timezone: 'Europe/Atlantis' }, 'recipient.timezone'],
    [{ timezone: '+05:30' }, 'recipient.timezone'],
    [{ id: '' }, 'recipient.id'],
    [{ id: 42 }, 'recipient.id'],
    [{ id: 'a\u0000' }, 'recipient.id'],
    [{ name: 'Ada\r\nBcc: eve@example.com' }, 'recipient.name'],
    [{ name: 'Ada\ud800' }, 'recipient.name'],
    [{ data: [] }, 'recipient.data'],
  ])('the recipient’s %o', async (fields, path) => {
    expect(await pathsOf(of(fields))).toEqual([path])
  })

  test.each([
    [{ sendAt: 'tomorrow' }, 'sendAt'],
    [{ sendAt: '2026-11-22T09:00:00' }, 'sendAt'],
    [{ sendAt: '2026-11-22' }, 'sendAt'],
    [{ sendAt: 1767225600 }, 'sendAt'],
    [{ sendAt: '9999-12-31T23:00:00-02:00' }, 'sendAt'],
    [{ timestamp: '0000-06-01T00:00:00Z' }, 'timestamp'],
    [{ expiresAt: '2026-02-30T09:00:00Z' }, 'expiresAt'],
    [{ timestamp: '21/11/2026' }, 'timestamp'],
    [{ priority: 'urgent' }, 'priority'],
    [{ reference: 'r'.repeat(201) }, 'reference'],
    [{ reference: '' }, 'reference'],
    [{ reference: 'a\u0000b' }, 'reference'],
    [{ id: 'a\u0007' }, 'id'],
    [{ data: undefined }, 'data'],
    [{ data: null }, 'data'],
    [{ data: [] }, 'data'],
    [{ data: 'text' }, 'data'],
    [{ data: { note: 'a\u0000' } }, 'data.note'],
    [{ data: { items: [{ name: 'ok' }, { name: '\ud800' }] } }, 'data.items.1.name'],
    [{ data: { 'a\u0000': 1 } }, 'data.a\u0000'],
    [{ recipient: undefined }, 'recipient'],
    [{ recipient: null }, 'recipient'],
    [{ recipient: 'ada@example.com' }, 'recipient'],
    [{ recipient: [] }, 'recipient'],
    [{ recipient: {} }, 'recipient'],
    [{ recipient: { name: 'Ada' } }, 'recipient'],
    [{ recipients: [{ email: 'eve@example.com' }] }, 'recipients'],
    [{ recipient: undefined, recipients: [] }, 'recipients'],
    [{ recipient: undefined, recipients: {} }, 'recipients'],
    [{ recipient: undefined, recipients: Array(10_001).fill(body.recipient) }, 'recipients'],
  ])('%o', async (fields, path) => {
    expect(await pathsOf({ ...body, ...fields })).toEqual([path])
  })

  test('one among many, by its number', async () => {
    const recipients = Array.from({ length: 5 }, (_, i) => ({ email: `user${i}@example.com`, phone: '+14155550123' }))
    expect(await pathsOf({ ...body, recipient: undefined, recipients })).toEqual([])
    const broken = recipients.with(3, { email: 'user3@example.com', phone: '12' }).with(4, { email: '', phone: '' })
    expect(await pathsOf({ ...body, recipient: undefined, recipients: [...broken, {}] })).toEqual([
      'recipients.3.phone',
      'recipients.4.email',
      'recipients.4.phone',
      'recipients.5',
    ])
  })

  test('all at once', async () => {
    const wrong = { ...body, priority: 'urgent', sendAt: 'x', data: 1, recipient: { email: 'x', name: 1 } }
    expect((await pathsOf(wrong)).sort()).toEqual(['data', 'priority', 'recipient.email', 'recipient.name', 'sendAt'])
  })

  test('but no more than the first hundred', async () => {
    const recipients = Array(10_000).fill({ email: 'x', phone: 'x' })
    expect(await faultsOf({ ...body, recipient: undefined, recipients })).toHaveLength(100)
  })

  test('in one voice', async () => {
    const odd = [null, '', 'x', 5, true, [], {}, [{}], '\0']
    const fields = [...['id', 'timestamp', 'data', 'sendAt', 'expiresAt', 'priority', 'reference', 'channels']]
    const events = odd.flatMap((value) => [
      ...fields.map((field) => ({ ...body, [field]: value })),
      ...['id', 'email', 'phone', 'country', 'name', 'locale', 'timezone', 'data', 'none'].map((field) =>
        of({ [field]: value }),
      ),
      { type: known, recipient: value },
      { ...body, recipients: value },
    ])
    const told = (await Promise.all(events.map(faultsOf))).flat().map(({ message }) => message)
    expect(told.length).toBeGreaterThan(100)
    expect(told.filter((message) => !/^(must|is|has) /.test(message))).toEqual([])
  })

  test('without repeating what was sent', async () => {
    const told = JSON.stringify(await translate(of({ email: 'secret@', phone: '0999', name: 'secret\n' })))
    expect(told).not.toMatch(/secret|0999/)
  })
})

describe('an unknown field is reported separately, with the name that was meant', () => {
  async function unknownOf(body: object) {
    const translation = await translate(body)
    return translation.ok ? translation.unknown?.map(({ path, message }) => `${path} ${message}`) : null
  }

  test.each([
    [{ send_at: '2026-11-22T09:00:00Z' }, 'send_at is not a field of an event; did you mean `sendAt`?'],
    [{ scheduledFor: '2026-11-22T09:00:00Z' }, 'scheduledFor is not a field of an event; did you mean `sendAt`?'],
    [{ idempotency_key: 'a' }, 'idempotency_key is not a field of an event; did you mean `id`?'],
    [{ to: 'ada@example.com' }, 'to is not a field of an event; did you mean `recipient`?'],
    [{ payload: {} }, 'payload is not a field of an event; did you mean `data`?'],
    [{ mobile: '+14155550123' }, 'mobile is not a field of an event; did you mean `recipient.phone`?'],
    [{ Priority: 'high' }, 'Priority is not a field of an event; did you mean `priority`?'],
    [{ email: 'ada@example.com' }, 'email is not a field of an event; did you mean `recipient.email`?'],
    [{ orderNumber: 'A-1' }, 'orderNumber is not a field of an event: facts about the event belong in `data`'],
    [
      { recipient: { email: 'ada@example.com', time_zone: 'Europe/London' } },
      'recipient.time_zone is not a field of a recipient; did you mean `timezone`?',
    ],
    [
      { recipient: undefined, recipients: [{ email: 'ada@example.com' }, { email: 'eve@example.com', seat: 4 }] },
      'recipients.1.seat is not a field of a recipient: facts about a recipient belong in its `data`',
    ],
  ])('%o', async (fields, told) => {
    expect(await unknownOf({ ...body, ...fields })).toEqual([told])
    // The event itself can be read, as a stored one is when it is replayed.
    expect((await contentOf({ ...body, ...fields })).type).toBe(known)
  })

  test('unless it is in data, whose fields are kept', async () => {
    const more = { data: { send_at: 1 }, recipient: { ...body.recipient, data: { e_mail: 2 } } }
    expect(await unknownOf({ ...body, ...more })).toEqual([])
    expect(await contentOf({ ...body, ...more })).toMatchObject({
      data: { send_at: 1 },
      recipients: [{ data: { e_mail: 2 } }],
    })
  })

  test('beside what is wrong otherwise, and no more than the first hundred', async () => {
    expect(await pathsOf({ ...body, priority: 'urgent', send_at: '' })).toEqual(['priority', 'send_at'])
    const recipients = Array(10_000).fill({ email: 'ada@example.com', mail: '' })
    expect(await unknownOf({ ...body, recipient: undefined, recipients })).toHaveLength(100)
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`field${i}`, i]))
    expect(await unknownOf({ ...body, ...many })).toHaveLength(100)
  })

  test('but not of a type that nobody listens to, which is kept whatever it holds', async () => {
    expect(await unknownOf({ type: 'cart.abandoned', send_at: 1 })).toBeUndefined()
  })
})

describe('channels', () => {
  test('that an event chooses are known ones', async () => {
    expect((await contentOf({ ...body, channels: ['email', 'callback'] })).channels).toEqual(['email', 'callback'])
    expect(await contentOf({ ...body, channels: null })).not.toHaveProperty('channels')
  })

  test.each([
    [['e-mail'], 'channels.0', 'must be one of email, sms, callback; did you mean `email`?'],
    [['email', 7], 'channels.1', 'must be one of email, sms, callback'],
    [[], 'channels', 'must name at least one channel'],
    ['email', 'channels', 'must be a list of channels'],
  ])('are not %j', async (channels, path, message) => {
    expect(await faultsOf({ ...body, channels })).toEqual([{ path, message }])
  })
})

describe('an event of a type that nobody listens to', () => {
  const type = 'cart.abandoned'

  test('needs neither recipient nor data', async () => {
    expect(await contentOf({ type })).toMatchObject({ type, recipients: [], data: {} })
    expect((await contentOf({ type, recipient: { name: 'Ada' } })).recipients).toEqual([{ name: 'Ada' }])
  })

  test('keeps of its fields those that fit', async () => {
    const fits = {
      timestamp: '2026-11-21T10:00:00Z',
      reference: 'ORD-1001',
      recipient: { id: 'cus_42' },
      data: { paymentId: 'pi_1' },
      priority: 'high',
    }
    const odd = [12, 1764054000, [1], [], 'text', 'cus_42\u0000', { email: 'nobody' }, { data: 'x' }, true]
    for (const field of [...Object.keys(fits), 'id', 'sendAt', 'expiresAt', 'recipients'])
      for (const value of odd) {
        if (value === 'text' && field === 'reference') continue
        const content = await contentOf({ type, ...fits, [field]: value })
        if (field !== 'timestamp') expect(content.occurredAt).toEqual(new Date('2026-11-21T10:00:00Z'))
        if (field !== 'reference') expect(content.references[0]).toBe('ORD-1001')
        if (field !== 'reference' && field !== 'data') expect(content.references).toEqual(['ORD-1001', 'pi_1'])
        if (field !== 'priority') expect(content.priority).toBe('high')
        if (!field.startsWith('recipient')) expect(content.recipients).toEqual([{ id: 'cus_42' }])
      }
    expect(
      await contentOf({ type, reference: 12, data: [1], timestamp: 1764054000, recipient: 'cus_42' }),
    ).toMatchObject({
      reference: null,
      references: [],
      occurredAt: null,
      recipients: [],
      data: {},
    })
    const recipients = [{ id: 'cus_1' }, { email: 'nobody' }, 5, { email: 'ada@example.com' }]
    expect((await contentOf({ type, recipients })).recipients).toEqual([{ id: 'cus_1' }, { email: 'ada@example.com' }])
    expect((await contentOf({ type, recipients: Array(10_001).fill({ id: 'cus_1' }) })).recipients).toHaveLength(10_000)
  })

  test.each([
    ['levels', { data: JSON.parse(`{"a":${'['.repeat(64)}${']'.repeat(64)}}`) }],
    ['fields', { recipients: [{ data: Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`f${i}`, i])) }] }],
    ['values', { data: { a: Array.from({ length: 200_000 }, () => []) } }],
    ['values', { unknown: Array.from({ length: 200_000 }, () => []) }],
  ])('is refused if it has too many %s, and the limit is named', async (limit, more) => {
    const [fault] = await faultsOf({ type, ...more })
    expect(fault?.message).toMatch(new RegExp(`(at most \\d+|than 64) ${limit}$`))
  })
})

describe('an event that notifies nobody, though it has follow-ups', () => {
  test('needs neither recipient nor data, and is refused where they are malformed', async () => {
    expect(await contentOf({ type: silent })).toMatchObject({ recipients: [], data: {} })
    expect(await pathsOf({ type: silent, recipient: { email: 'x' }, data: [] })).toEqual(['data', 'recipient.email'])
    expect(await pathsOf({ type: silent, recipients: [], reference: 12 })).toEqual(['reference', 'recipients'])
  })
})

describe('data made to hurt', () => {
  const withData = (data: string) => `{"type":"${known}","recipient":{"email":"ada@example.com"},"data":${data}}`

  test('is refused where it is nested without end', async () => {
    const bomb = (levels: number) => withData(`{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`)
    const place = expect.stringMatching(/^data\.a\.0/)
    expect(await faultsOf(bomb(10_000))).toMatchObject([{ path: place, message: /deeper/ }])
    expect(await faultsOf(bomb(100_000))).toMatchObject([{ path: 'data', message: 'must hold at most 20000 values' }])
  })

  test('is read in short turns, in which others are served', async () => {
    const recipients = Array.from({ length: 10_000 }, (_, i) => ({ email: `a${i}@example.com`, name: 'x'.repeat(150) }))
    let turns = 0
    let isDone = false
    const count = () => {
      turns += 1
      if (!isDone) setImmediate(count)
    }
    setImmediate(count)
    expect(await faultsOf({ ...body, recipient: undefined, recipients })).toEqual([])
    isDone = true
    expect(turns).toBeGreaterThan(3)
  })

  test('is refused where it holds values without end', async () => {
    expect(await faultsOf(withData(`{"a":[${'{},'.repeat(200_000)}{}]}`))).toMatchObject([{ path: 'data' }])
  })

  test('cannot reach a prototype', async () => {
    const raw = `{"__proto__":{"priority":"high"},"type":"${known}","recipient":{"email":"ada@example.com","__proto__":{"id":"x"}},
      "data":{"__proto__":{"polluted":true},"inner":{"__proto__":{"polluted":true},"a":1},"constructor":{"prototype":{"polluted":true}}}}`
    const content = await contentOf(raw)
    expect(Object.hasOwn(content.data, '__proto__')).toBe(false)
    expect(Object.hasOwn(content.data.inner as object, '__proto__')).toBe(false)
    expect(Object.assign({}, content.data.inner)).not.toHaveProperty('polluted')
    expect({}).not.toHaveProperty('polluted')
    expect(content).toMatchObject({ priority: null, recipients: [{ email: 'ada@example.com' }] })
  })

  test('may have huge numbers and keys twice, of which the last counts', async () => {
    expect((await contentOf(withData('{"a":1,"a":2,"big":123456789012345678901234567890}'))).data.a).toBe(2)
    expect((await translate(withData('{"a":1e999,"b":-1e999}'))).ok).toBe(true)
  })
})

describe('the body’s own id', () => {
  const idOf = (body: object) => translate(JSON.stringify({ type: 'nobody.listens', ...body }))

  test('is there for those who send no idempotency key', async () => {
    expect(await idOf({ id: 'evt_9' })).toMatchObject({ ok: true, id: 'evt_9' })
  })

  test.each([{}, { id: 5 }, { id: '' }, { id: 'a\n' }, { id: 'a'.repeat(257) }])('is null in %j', async (body) => {
    expect(await idOf(body)).toMatchObject({ ok: true, id: null })
  })
})

test('ten thousand recipients are read, each their own', async () => {
  const recipients = Array.from({ length: 10_000 }, (_, i) => ({
    id: `cus_${i}`,
    email: `user${i}@example.com`,
    phone: `+4479460${String(i).padStart(5, '0')}`,
    name: `User ${i}`,
    locale: 'en-GB',
    timezone: 'Europe/London',
    data: { seat: i },
  }))
  expect((await contentOf({ ...body, recipient: undefined, recipients })).recipients).toEqual(recipients)
})
