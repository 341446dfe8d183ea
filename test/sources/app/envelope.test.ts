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

function contentOf(body: unknown) {
  const translation = translate(body)
  if (!translation.ok) throw new Error(JSON.stringify(translation))
  return translation.content
}

function faultsOf(body: unknown) {
  const translation = translate(body)
  if (translation.ok || translation.kind !== 'refused' || translation.status !== 422) return []
  return translation.errors ?? []
}

function pathsOf(body: unknown) {
  return faultsOf(body).map(({ path }) => path)
}

describe('an app’s event', () => {
  test('is read whole', () => {
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
      other: 'ignored',
    }
    expect(contentOf(whole)).toEqual({
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

  test('needs no more than a type, data and an address', () => {
    expect(contentOf({ ...body, data: {} })).toMatchObject({
      reference: null,
      references: [],
      sendAt: null,
      priority: null,
    })
    expect(contentOf({ ...body, recipient: { phone: '+14155550123' } }).recipients).toEqual([{ phone: '+14155550123' }])
  })

  test('may say null for what it leaves out', () => {
    const recipient = { email: 'ada@example.com', phone: null, name: null, locale: null, timezone: null, data: null }
    const sparse = { ...body, recipient, recipients: null, sendAt: null, priority: null, reference: null, id: null }
    expect(contentOf(sparse).recipients).toEqual([{ email: 'ada@example.com' }])
  })

  test('may name many, each with data of their own', () => {
    const recipients = [{ email: 'ada@example.com', data: { seat: 1 } }, { phone: '+14155550123' }]
    expect(contentOf({ ...body, recipient: undefined, recipients }).recipients).toEqual(recipients)
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
  ])('when it is %s', (_name, raw) => {
    expect(translate(raw)).toMatchObject({ ok: false, kind: 'refused', status: 400 })
  })

  test('when it is not UTF-8', () => {
    const raw = Buffer.from(JSON.stringify({ ...body, reference: 'é' }), 'latin1')
    expect(translate(raw)).toMatchObject({ ok: false, kind: 'refused', status: 400 })
  })
})

describe('a field that does not fit is told with its path', () => {
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
  ])('the email %o', (email) => {
    expect(pathsOf(of({ email }))).toEqual(['recipient.email'])
  })

  test.each([
    "o'brien+news@example.co.uk",
    'customer/department=shipping@example.com',
    '!def!xyz%abc@example.com',
    'ada@xn--bcher-kva.xn--p1ai',
    'ada@3com.example',
  ])('but takes %s', (email) => {
    expect(contentOf(of({ email })).recipients).toMatchObject([{ email }])
  })

  test.each([
    ['info@bücher.example', 'info@xn--bcher-kva.example'],
    ['hanako..k@carrier.example.jp', '"hanako..k"@carrier.example.jp'],
    ['hanako.@carrier.example.jp', '"hanako."@carrier.example.jp'],
    ['"hanako..k"@carrier.example.jp', '"hanako..k"@carrier.example.jp'],
    ['"a b"@example.com', '"a b"@example.com'],
    ['"ada"@example.com', 'ada@example.com'],
  ])('the email %s is taken as %s', (email, taken) => {
    expect(contentOf(of({ email })).recipients).toMatchObject([{ email: taken }])
  })

  test('an email that only SMTPUTF8 could carry is refused in words', () => {
    expect(translate(of({ email: 'jörg@bücher.example' }))).toMatchObject({
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
  ])('the phone of %o is %s', (fields, phone) => {
    expect(contentOf(of(fields)).recipients).toEqual([{ ...contentOf(body).recipients[0], phone }])
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
  ])('%o does not fit', (fields, paths) => {
    expect(pathsOf(of(fields))).toEqual(paths)
  })

  test.each(['4155550123', '+0155550123', '+1415', '+1415555012345678', '+1415555x123', '', 14155550123])(
    'the phone %o',
    (phone) => {
      expect(pathsOf(of({ phone }))).toEqual(['recipient.phone'])
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
  ])('the recipient’s %o', (fields, path) => {
    expect(pathsOf(of(fields))).toEqual([path])
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
  ])('%o', (fields, path) => {
    expect(pathsOf({ ...body, ...fields })).toEqual([path])
  })

  test('one among many, by its number', () => {
    const recipients = Array.from({ length: 5 }, (_, i) => ({ email: `user${i}@example.com`, phone: '+14155550123' }))
    expect(pathsOf({ ...body, recipient: undefined, recipients })).toEqual([])
    const broken = recipients.with(3, { email: 'user3@example.com', phone: '12' }).with(4, { email: '', phone: '' })
    expect(pathsOf({ ...body, recipient: undefined, recipients: [...broken, {}] })).toEqual([
      'recipients.3.phone',
      'recipients.4.email',
      'recipients.4.phone',
      'recipients.5',
    ])
  })

  test('all at once', () => {
    const wrong = { ...body, priority: 'urgent', sendAt: 'x', data: 1, recipient: { email: 'x', name: 1 } }
    expect(pathsOf(wrong).sort()).toEqual(['data', 'priority', 'recipient.email', 'recipient.name', 'sendAt'])
  })

  test('but no more than the first hundred', () => {
    const recipients = Array(10_000).fill({ email: 'x', phone: 'x' })
    expect(faultsOf({ ...body, recipient: undefined, recipients })).toHaveLength(100)
  })

  test('without repeating what was sent', () => {
    const told = JSON.stringify(translate(of({ email: 'secret@', phone: '0999', name: 'secret\n' })))
    expect(told).not.toMatch(/secret|0999/)
  })
})

describe('an event of a type that nobody listens to', () => {
  const type = 'cart.abandoned'

  test('needs neither recipient nor data', () => {
    expect(contentOf({ type })).toMatchObject({ type, recipients: [], data: {} })
    expect(contentOf({ type, recipient: { name: 'Ada' } }).recipients).toEqual([{ name: 'Ada' }])
  })

  test('keeps of its fields those that fit', () => {
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
        const content = contentOf({ type, ...fits, [field]: value })
        if (field !== 'timestamp') expect(content.occurredAt).toEqual(new Date('2026-11-21T10:00:00Z'))
        if (field !== 'reference') expect(content.references[0]).toBe('ORD-1001')
        if (field !== 'reference' && field !== 'data') expect(content.references).toEqual(['ORD-1001', 'pi_1'])
        if (field !== 'priority') expect(content.priority).toBe('high')
        if (!field.startsWith('recipient')) expect(content.recipients).toEqual([{ id: 'cus_42' }])
      }
    expect(contentOf({ type, reference: 12, data: [1], timestamp: 1764054000, recipient: 'cus_42' })).toMatchObject({
      reference: null,
      references: [],
      occurredAt: null,
      recipients: [],
      data: {},
    })
    const recipients = [{ id: 'cus_1' }, { email: 'nobody' }, 5, { email: 'ada@example.com' }]
    expect(contentOf({ type, recipients }).recipients).toEqual([{ id: 'cus_1' }, { email: 'ada@example.com' }])
    expect(contentOf({ type, recipients: Array(10_001).fill({ id: 'cus_1' }) }).recipients).toHaveLength(10_000)
  })

  test('may have data without end, and keeps none of it', () => {
    const bomb = `{"type":"${type}","reference":"R-1","data":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`
    expect(contentOf(bomb)).toMatchObject({ reference: 'R-1', data: {} })
  })
})

describe('an event of which nobody is told, though something follows of it', () => {
  test('needs neither recipient nor data, and is refused where they are malformed', () => {
    expect(contentOf({ type: silent })).toMatchObject({ recipients: [], data: {} })
    expect(pathsOf({ type: silent, recipient: { email: 'x' }, data: [] })).toEqual(['data', 'recipient.email'])
    expect(pathsOf({ type: silent, recipients: [], reference: 12 })).toEqual(['reference', 'recipients'])
  })
})

describe('data made to hurt', () => {
  const withData = (data: string) => `{"type":"${known}","recipient":{"email":"ada@example.com"},"data":${data}}`

  test('is refused where it is nested without end', () => {
    const bomb = withData(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)
    expect(faultsOf(bomb)).toMatchObject([{ path: expect.stringMatching(/^data\.a\.0/), message: /deeper/ }])
  })

  test('is refused where it holds values without end', () => {
    expect(faultsOf(withData(`{"a":[${'{},'.repeat(200_000)}{}]}`))).toMatchObject([{ path: 'data' }])
  })

  test('cannot reach a prototype', () => {
    const raw = `{"__proto__":{"priority":"high"},"type":"${known}","recipient":{"email":"ada@example.com","__proto__":{"id":"x"}},
      "data":{"__proto__":{"polluted":true},"inner":{"__proto__":{"polluted":true},"a":1},"constructor":{"prototype":{"polluted":true}}}}`
    const content = contentOf(raw)
    expect(Object.hasOwn(content.data, '__proto__')).toBe(false)
    expect(Object.hasOwn(content.data.inner as object, '__proto__')).toBe(false)
    expect(Object.assign({}, content.data.inner)).not.toHaveProperty('polluted')
    expect({}).not.toHaveProperty('polluted')
    expect(content).toMatchObject({ priority: null, recipients: [{ email: 'ada@example.com' }] })
  })

  test('may have huge numbers and keys twice, of which the last counts', () => {
    expect(contentOf(withData('{"a":1,"a":2,"big":123456789012345678901234567890}')).data.a).toBe(2)
    expect(translate(withData('{"a":1e999,"b":-1e999}')).ok).toBe(true)
  })
})

describe('the body’s own id', () => {
  const idOf = (body: object) => translate(JSON.stringify({ type: 'nobody.listens', ...body }))

  test('is there for those who send no idempotency key', () => {
    expect(idOf({ id: 'evt_9' })).toMatchObject({ ok: true, id: 'evt_9' })
  })

  test.each([{}, { id: 5 }, { id: '' }, { id: 'a\n' }, { id: 'a'.repeat(257) }])('is null in %j', (body) => {
    expect(idOf(body)).toMatchObject({ ok: true, id: null })
  })
})

test('ten thousand recipients are read, each their own', () => {
  const recipients = Array.from({ length: 10_000 }, (_, i) => ({
    id: `cus_${i}`,
    email: `user${i}@example.com`,
    phone: `+4479460${String(i).padStart(5, '0')}`,
    name: `User ${i}`,
    locale: 'en-GB',
    timezone: 'Europe/London',
    data: { seat: i },
  }))
  expect(contentOf({ ...body, recipient: undefined, recipients }).recipients).toEqual(recipients)
})
