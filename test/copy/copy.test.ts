// Words changed without a deploy, over HTTP: drafted, looked at, published, taken back; and what each message says of it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownMessages } from '../../emails/_parts/words.ts'
import { systemClock } from '../../src/clock.ts'
import { publishCopy } from '../../src/operate/copy.ts'
import { shipped } from '../helper/events.ts'
import { type Answer, keys, type NotificationAudit, type Problem, startWorld, type World } from '../helper/world.ts'

type Messages = Record<string, string>

interface Version {
  version: number
  state: string
  messages: Messages
  draftedBy: string
  publishedBy: string
  revertedBy: string | null
}

interface Page {
  notifier: string
  locale: string
  ours: { language: string; messages: Messages }
  variables: { name: string; example: string | number | null }[]
  published: Version | null
  draft: {
    revision: string
    messages: Messages
    draftedBy: string
    faults: unknown[]
    sms: { text: string; segments: number }
  } | null
  versions: Version[]
}

interface Said extends NotificationAudit {
  words: { locale: string; version: number | null; rest?: { locale: string; version: number }[] } | null
}

let world: World
const others = { secondOperator: 'second-operator-key' }
beforeAll(async () => {
  const env = {
    API_KEYS: `ada:operator:${keys.operator},bob:operator:${others.secondOperator},viewer:viewer:${keys.viewer},backend:producer:${keys.producer}`,
  }
  world = await startWorld({ env })
})
afterAll(() => world.stop())

const path = (notifier: string, locale: string) => `/v1/notifiers/${notifier}/copy/${locale}`
const page = async (notifier: string, locale: string) => (await world.get<Page>(path(notifier, locale))).body

async function act<T = Page>(method: string, to: string, body?: unknown, key = keys.operator): Promise<Answer<T>> {
  const headers = { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) }
  const answer = await fetch(world.url + to, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as T }
}

const draft = (notifier: string, locale: string, messages: Messages) => act('PUT', path(notifier, locale), { messages })

async function publish(notifier: string, locale: string, messages: Messages): Promise<Page> {
  expect((await draft(notifier, locale, messages)).status).toBe(200)
  const published = await act('POST', `${path(notifier, locale)}/publish`)
  expect(published.status).toBe(200)
  return published.body
}

const revert = (notifier: string, locale: string, body?: object) =>
  act<Page & Problem>('POST', `${path(notifier, locale)}/revert`, body)

/** What somebody of this locale is told of a parcel, by channel. */
async function told(locale: string, more: object = {}): Promise<{ email: Said; sms: Said }> {
  const recipient = { id: 'cus_7', email: 'grace@example.com', phone: '+14155550177', name: 'Grace Hopper', locale }
  const posted = await world.app(shipped({ recipient, ...more }))
  expect(posted.status).toBe(200)
  const event = await world.event(
    posted.body.id,
    ({ status, notifications }) => status === 'planned' && notifications.length === 2,
  )
  const id = (channel: string) => event.notifications.find((n) => n.channel === channel)?.id ?? ''
  return {
    email: (await world.notification(id('email'))) as Said,
    sms: (await world.notification(id('sms'))) as Said,
  }
}

describe('words that an operator publishes', () => {
  it('are said from the next event on, and each message says which they were', async () => {
    const before = await told('es-ES')
    expect(before.email.words).toEqual({ locale: 'es', version: null })
    await draft('order-shipped', 'es', { subject: 'El paquete {orderNumber} ya salió', sms: 'Salió {orderNumber}.' })
    expect((await told('es')).email.subject, 'a draft is said to nobody').not.toContain('ya salió')

    expect((await act('POST', `${path('order-shipped', 'es')}/publish`)).body.published).toMatchObject({ version: 1 })
    const after = await told('es-ES')
    expect(after.email.subject).toMatch(/^El paquete .+ ya salió$/)
    expect(after.email.message?.html).toContain('ya salió</title>')
    expect(after.sms.message?.text).toMatch(/^Fernwood: Salio \S+\.$/)
    for (const { words } of [after.email, after.sms]) expect(words).toEqual({ locale: 'es', version: 1 })
    expect((await told('en')).email.words, 'other languages keep theirs').toEqual({ locale: 'en', version: null })
  })

  it('leave alone what was made before them, though it goes out later', async () => {
    await publish('order-shipped', 'en', { subject: 'First words for {orderNumber}' })
    const made = await told('en', { sendAt: '2100-01-01T00:00:00Z' })
    await publish('order-shipped', 'en', { subject: 'Second words for {orderNumber}' })
    const later = (await world.notification(made.email.id)) as Said
    expect(later).toMatchObject({
      state: 'scheduled',
      subject: made.email.subject,
      words: { locale: 'en', version: 1 },
    })
    expect(later.message).toEqual(made.email.message)
    expect((await told('en')).email).toMatchObject({ words: { locale: 'en', version: 2 } })
  })

  it('are those of a message that was never made, once a person asks for it', async () => {
    const { email } = await told('en', { expiresAt: '2020-01-01T00:00:00Z' })
    expect(email).toMatchObject({ state: 'expired', words: null, message: null })
    const { published } = await publish('order-shipped', 'en', { heading: 'Late, but here' })
    await act('POST', `/v1/notifications/${email.id}/retry`)
    const now = (await world.notification(email.id)) as Said
    expect(now.words).toEqual({ locale: 'en', version: published?.version })
    expect(now.message?.text).toContain('Late, but here')
  })

  it('fall along the locale, message by message', async () => {
    await publish('order-shipped', 'es', { subject: 'Salió {orderNumber}', heading: 'Ya salió' })
    const version = (await page('order-shipped', 'es')).published?.version
    await publish('order-shipped', 'es-MX', { subject: 'Ya mero llega {orderNumber}' })
    const { email } = await told('es-MX')
    expect(email.subject).toContain('Ya mero llega')
    expect(email.message?.text).toContain('Ya salió')
    expect(email.message?.html).toContain('Seguir el envío')
    expect(email.words).toEqual({ locale: 'es-MX', version: 1, rest: [{ locale: 'es', version }] })
    expect((await told('es-AR')).email).toMatchObject({
      subject: expect.stringContaining('Salió'),
      words: { locale: 'es', version },
    })
  })

  it('may be of a language that we have none of, from the right too', async () => {
    const whole = Object.fromEntries(
      Object.entries(ownMessages('order-shipped', 'en')).map(([key, text]) => [
        key,
        key === 'subject' ? 'طلبك {orderNumber} في الطريق' : text,
      ]),
    )
    await publish('order-shipped', 'ar', whole)
    const { email } = await told('ar-EG')
    expect(email.subject).toContain('في الطريق')
    expect(email.message?.html).toMatch(/<html[^>]* dir="rtl"[^>]* lang="ar-EG"|<html[^>]* lang="ar-EG"[^>]* dir="rtl"/)
    expect(email.words).toEqual({ locale: 'ar', version: 1 })
    await revert('order-shipped', 'ar')
    expect((await told('ar-EG')).email.words?.locale, 'and then English again').toBe('en')
  })

  it('are kept for the locale as it is spelled in messages, however its address spells it', async () => {
    expect((await page('order-delivered', 'pt_br')).locale).toBe('pt-BR')
    await draft('order-delivered', 'es_mx', { heading: 'Ya llegó' })
    expect(await page('order-delivered', 'es-MX')).toEqual(await page('order-delivered', 'ES_mx'))
    expect((await page('order-delivered', 'es-MX')).draft?.messages).toEqual({ heading: 'Ya llegó' })
    for (const strange of ['es-MX-u-nu-latn', 'es_MX_', '_', 'xx_YY'])
      expect((await world.get(path('order-delivered', strange))).status, strange).toBe(400)
  })

  it('are previewed before anybody gets them', async () => {
    const preview = (query: string) => world.get<string>(`/v1/notifiers/order-delivered/preview?${query}`)
    expect((await preview('draft=true&locale=en')).status).toBe(404)
    await draft('order-delivered', 'en', { heading: 'Knock knock', sms: 'Knock knock, {orderNumber}.' })
    for (const [format, words] of [
      ['html', 'Knock knock'],
      ['text', 'Knock knock'],
      ['sms', 'Fernwood: Knock knock, ORD-1001.'],
    ] as const) {
      expect((await preview(`draft=true&locale=en-GB&format=${format}`)).body).toContain(words)
      expect((await preview(`locale=en-GB&format=${format}`)).body).not.toContain('Knock')
    }
    expect((await preview('draft=true&locale=es')).status, 'there is none for Spanish').toBe(404)
    await act('POST', `${path('order-delivered', 'en')}/publish`)
    expect((await preview('locale=en-GB')).body).toContain('Knock knock')
    expect((await preview('draft=true&locale=en')).status).toBe(404)
    await draft('order-delivered', 'en', { heading: 'Ring ring' })
    expect((await preview('draft=true&locale=en')).body, 'rather than the published version').toContain('Ring ring')
  })
})

describe('words taken back', () => {
  const reverted = async (body?: object) => (await revert('payment-failed', 'en', body)).body

  it('give way to the version before, and in the end to ours; all of it stays on record', async () => {
    await publish('payment-failed', 'en', { heading: 'One' })
    await publish('payment-failed', 'en', { heading: 'Two' })
    expect((await reverted()).published).toMatchObject({ version: 1, messages: { heading: 'One' } })
    expect((await publish('payment-failed', 'en', { heading: 'Three' })).published?.version, 'no number twice').toBe(3)
    expect((await reverted()).published?.version, 'not what was taken back before').toBe(1)
    expect((await reverted()).published).toBeNull()
    expect(await revert('payment-failed', 'en')).toMatchObject({ status: 409 })
    const { versions, draft } = await page('payment-failed', 'en')
    expect(draft).toBeNull()
    expect(versions.map(({ version, state, messages }) => [version, state, messages.heading])).toEqual([
      [3, 'reverted', 'Three'],
      [2, 'reverted', 'Two'],
      [1, 'reverted', 'One'],
    ])
    const preview = await world.get<string>('/v1/notifiers/payment-failed/preview?locale=en')
    expect(preview.body).toContain(ownMessages('payment-failed', 'en').heading)
  })

  it('are those that were meant, or none', async () => {
    await publish('payment-failed', 'es', { heading: 'Uno' })
    await publish('payment-failed', 'es', { heading: 'Dos' })
    const [first, second] = await Promise.all([
      revert('payment-failed', 'es', { version: 2 }),
      revert('payment-failed', 'es', { version: 2 }),
    ])
    expect([first.status, second.status].sort()).toEqual([200, 409])
    expect((await page('payment-failed', 'es')).published?.version).toBe(1)
  })
})

describe('of two operators at once', () => {
  const at = path('payment-received', 'en')

  it('one publishes a draft, and the other learns that it is gone', async () => {
    await draft('payment-received', 'en', { heading: 'Paid' })
    const both = await Promise.all([
      act('POST', `${at}/publish`),
      act('POST', `${at}/publish`, {}, others.secondOperator),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    expect((await page('payment-received', 'en')).versions).toHaveLength(1)
  })

  it('nobody publishes what they have not seen', async () => {
    const seen = (await draft('payment-received', 'en', { heading: 'Mine' })).body.draft?.revision
    const changed = await act('PUT', at, { messages: { heading: 'Theirs' }, revision: seen }, others.secondOperator)
    expect(changed.status).toBe(200)
    expect((await act('POST', `${at}/publish`, { revision: seen })).status).toBe(409)
    const published = await act('POST', `${at}/publish`, { revision: changed.body.draft?.revision })
    expect(published.body.published).toMatchObject({
      messages: { heading: 'Theirs' },
      draftedBy: 'operator key `bob`',
      publishedBy: 'operator key `ada`',
    })
  })

  it('nobody publishes what was changed while it was looked at', async () => {
    const place = { notifier: 'payment-received', locale: 'es' }
    const seen = (await draft('payment-received', 'es', { heading: 'Uno' })).body.draft?.revision ?? ''
    await draft('payment-received', 'es', { heading: 'Dos' })
    expect(await publishCopy({ db: world.db, clock: systemClock }, place, { seen, by: 'ada' })).toBeNull()
    expect((await page('payment-received', 'es')).published).toBeNull()
  })

  it('nobody writes over a draft that they have not seen, where they say what they saw', async () => {
    const put = (revision: string | null | undefined) => act('PUT', at, { messages: { heading: 'Paid' }, revision })
    const both = await Promise.all([put(null), put(null)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    const seen = (await page('payment-received', 'en')).draft?.revision
    expect((await put(seen)).status).toBe(200)
    expect((await put(seen)).status).toBe(409)
    expect((await put('no revision')).status).toBe(409)
    await act('POST', `${at}/publish`)
    expect((await put(seen)).status, 'it is published by now').toBe(409)
    expect((await page('payment-received', 'en')).draft).toBeNull()
  })
})

describe('a draft', () => {
  it('is refused with every fault at its path, and nothing is kept', async () => {
    const answer = await act<Problem>('PUT', path('order-confirmed', 'en'), {
      messages: { subject: 'Order {orderNo}', sms: 'Expected {expected}', footer: 'x', heading: ' ' },
    })
    expect(answer.status).toBe(422)
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(answer.body.errors?.map((fault) => fault.path)).toEqual(
      ['subject', 'sms', 'footer', 'heading'].map((key) => `messages.${key}`),
    )
    expect((await page('order-confirmed', 'en')).draft).toBeNull()
  })

  it('is looked at again before it is published, as the program may be another by then', async () => {
    await draft('order-confirmed', 'en', { heading: 'Confirmed' })
    await world.db.query(
      `update copy_versions set messages = '{"heading": "{gone}"}' where notifier = 'order-confirmed'`,
    )
    const answer = await act<Problem>('POST', `${path('order-confirmed', 'en')}/publish`)
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'messages.heading' }] } })
    expect((await page('order-confirmed', 'en')).draft?.faults).toHaveLength(1)
  })

  it('of too many characters is refused, and shown with that fault where it was saved before there was a limit', async () => {
    const messages = Object.fromEntries(
      Object.entries(ownMessages('enrollment-cancelled', 'en')).map(([key, text]) => [
        key,
        text + '{brand,select,other{}}'.repeat(30),
      ]),
    )
    const at = path('enrollment-cancelled', 'en')
    const limit = { path: 'messages', message: expect.stringMatching(/^have \d+ characters in all; at most 50000 are/) }
    const refused = await act<Problem>('PUT', at, { messages })
    expect(refused).toMatchObject({ status: 422, body: { code: 'copy_invalid', errors: [limit] } })
    await draft('enrollment-cancelled', 'en', { heading: 'Cancelled' })
    await world.db.query(`update copy_versions set messages = $1 where notifier = 'enrollment-cancelled'`, [messages])
    const shown = (await page('enrollment-cancelled', 'en')).draft
    expect(shown).toMatchObject({ messages, faults: [limit], sms: null })
    expect(await act('POST', `${at}/publish`)).toMatchObject({ status: 422, body: { errors: [limit] } })
  })

  it('shows what its text costs, and what it may name', async () => {
    const { body } = await draft('order-confirmed', 'hi', { sms: 'ऑर्डर {orderNumber} पक्का है।' })
    expect(body.draft?.sms).toMatchObject({ encoding: 'UCS-2', segments: 1, text: 'Fernwood: ऑर्डर ORD-1001 पक्का है।' })
    expect(body.ours).toMatchObject({ language: 'hi', messages: ownMessages('order-confirmed', 'hi') })
    expect(body.variables).toContainEqual({ name: 'orderNumber', example: 'ORD-1001' })
    expect(body.variables.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['name', 'brand', 'expected', 'total']),
    )
  })

  it('of no draft cannot be published', async () => {
    expect(await act('POST', `${path('order-accepted', 'en')}/publish`)).toMatchObject({ status: 409 })
  })
})

describe('words published once that the program cannot say any more', () => {
  it('give way to ours: people are notified all the same', async () => {
    await publish('order-shipped', 'hi', { heading: 'निकल गया' })
    await world.db.query(
      `update copy_versions set messages = '{"heading": "{gone}"}' where notifier = 'order-shipped' and locale = 'hi'`,
    )
    const { email } = await told('hi')
    expect(email.words).toEqual({ locale: 'hi', version: null })
    expect(email.message?.text).toContain(ownMessages('order-shipped', 'hi').heading)
  })
})

describe('the list of locales', () => {
  it('says which version counts in each, and where a draft waits', async () => {
    const list = async () => (await world.get<{ data: object[] }>('/v1/notifiers/refund-processed/copy')).body.data
    const bare = { builtIn: true, version: null, hasDraft: false }
    const shipped = ['en', 'es', 'hi'].map((locale) => ({ locale, ...bare }))
    expect(await list()).toEqual(shipped)
    await publish('refund-processed', 'es-MX', { heading: 'Recibimos su pago' })
    await publish('refund-processed', 'es-MX', { heading: 'Su pago llegó' })
    await draft('refund-processed', 'hi', { heading: 'भुगतान मिला' })
    const mexican = { locale: 'es-MX', builtIn: false, version: 2, hasDraft: false }
    const [en, es, hi] = shipped
    expect(await list()).toEqual([en, es, mexican, { ...hi, hasDraft: true }])
    await revert('refund-processed', 'es-MX')
    await revert('refund-processed', 'es-MX')
    expect(await list(), 'its history can still be found').toEqual([
      ...[en, es],
      { ...mexican, version: null },
      { ...hi, hasDraft: true },
    ])
  })
})

describe('who may', () => {
  it.each([
    ['none', '', 401, 401],
    ['a producer’s', keys.producer, 403, 403],
    ['a viewer’s', keys.viewer, 200, 403],
  ])('with %s key: reading and changing are %#', async (_name, key, reads, writes) => {
    const at = path('order-accepted', 'en')
    expect((await world.get(at, key)).status).toBe(reads)
    for (const [method, to, body] of [
      ['PUT', at, { messages: {} }],
      ['POST', `${at}/publish`],
      ['POST', `${at}/revert`],
    ] as const)
      expect((await act(method, to, body, key)).status).toBe(writes)
  })

  it('what is not there is a problem', async () => {
    expect((await world.get(path('nobody', 'en'))).status).toBe(404)
    expect((await world.get('/v1/notifiers/nobody/copy')).status).toBe(404)
    expect((await world.get(path('schedule-callback', 'en'))).status, 'it tells apps alone').toBe(404)
    for (const locale of ['not_a_locale!', 'xx', 'es-u-nu-latn'])
      expect((await world.get(path('order-shipped', locale))).status, locale).toBe(400)
    expect((await page('order-shipped', 'ES-mx')).locale).toBe('es-MX')
    expect((await act('PUT', path('order-shipped', 'en'), { messages: { subject: 7 } })).status).toBe(400)
    expect((await act('PUT', path('order-shipped', 'en'), { subject: 'x' })).status).toBe(400)
  })
})
