// What may be published in the place of our own words: the checks held against our own, and against what they must catch.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { catalogs, ownMessages } from '../../emails/_parts/words.ts'
import { copyFaults, smsTexts } from '../../src/copy/faults.ts'
import { messageFaults } from '../../src/copy/message-faults.ts'
import { sampleFormats, samplesOf } from '../../src/copy/sample.ts'
import { notifiers } from '../../src/notifiers/index.ts'
import { collected, type Notifier } from '../../src/notifiers/notifier.ts'
import { brand, required } from '../notifiers/fixtures.ts'

const defaults = {
  brand: { ...brand, name: 'Posthorn' },
  locale: 'en-GB',
  timezone: 'UTC',
  emailFrom: 'hello@fernwood.example',
  emailReplyTo: null,
  operatorEmail: null,
}

function notifier(name: string): Notifier {
  const found = notifiers.find((one) => one.name === name)
  if (!found) throw new Error(`no notifier ${name}`)
  return found
}

const faults = (name: string, locale: string, messages: Record<string, string>) =>
  copyFaults(defaults, notifier(name), locale, messages)

const said = async (name: string, key: string, message: string, locale = 'en') =>
  (await faults(name, locale, { [key]: message })).map((fault) => fault.message)

describe.each(Object.keys(catalogs))('our own words in %s', (language) => {
  it.each(notifiers)('of $name pass', async (one) => {
    expect(await copyFaults(defaults, one, language, ownMessages(one.name, language))).toEqual([])
  })
})

describe('what a notifier may know', () => {
  it.each(notifiers)('of $name goes down to what its data requires', (one) => {
    const formats = sampleFormats(defaults, one, { locale: 'en', channel: 'email' })
    const least = one.values(collected(required[one.name]), { ...formats, name: null })
    const known = (values: object) => Object.entries(values).flatMap(([name, value]) => (value == null ? [] : [name]))
    expect(known(samplesOf(one, formats).at(-1) ?? {})).toEqual(known(least))
  })
})

describe('a message', () => {
  it.each([
    ['well-formed, with the same variables', 'order-shipped', 'subject', 'Parcel {orderNumber} has left'],
    ['without a variable of ours', 'order-shipped', 'subject', 'Your parcel has left'],
    ['with another variable of the notifier', 'order-shipped', 'heading', 'With {carrier} now, {brand} says'],
    [
      'that asks before it writes',
      'order-shipped',
      'sms',
      'On its way.{trackingUrl, select, absent {} other { {trackingUrl}}}',
    ],
    [
      'with plurals and numbers',
      'order-confirmation',
      'heading',
      '{count, plural, one {One thing} other {{count, number} things}}',
    ],
    ['with fewer bold letters', 'order-shipped', 'body', 'Order {orderNumber} is with {carrier}.'],
    ['of those in common, for this notifier alone', 'order-shipped', 'label.trackingNumber', 'Parcel number'],
    ['with the variable that the layout gives', 'order-confirmation', 'items.more', '{count, number} others'],
    [
      'of Spanish letters, which an SMS writes plainly',
      'order-shipped',
      'sms',
      'Su envío {orderNumber} está en camino',
    ],
    ['with an apostrophe', 'order-shipped', 'heading', "It’s on its way, and that isn't all"],
    ['with two for one, before a tag', 'order-shipped', 'body', "Thanks for all''<b> {orderNumber}</b>: 1 < 2"],
  ])('%s may be published', async (_, name, key, message) => {
    expect(await said(name, key, message)).toEqual([])
  })

  const endless = (words: string) => words.repeat(40)
  it.each([
    ['empty', 'subject', '', /must not be empty/],
    ['blank', 'subject', ' \u00a0', /must not be empty/],
    ['on two lines', 'subject', 'Order {orderNumber}\nBcc: all@example.com', /one line/],
    ['with a NUL', 'body', 'a\0b', /one line/],
    ['without end', 'body', 'x'.repeat(5001), /longer than 5000/],
    [
      'with an open brace',
      'subject',
      'Order {orderNumber',
      /not ICU MessageFormat: expect argument closing brace, at character 7/,
    ],
    ['with an open tag', 'body', '<b>Order', /not ICU MessageFormat: unclosed tag/],
    ['with a select without its other', 'body', '{carrier, select, DHL {x}}', /without an other/],
    [
      'with an unknown variable',
      'subject',
      'Order {orderNo} of {customer}',
      /the unknown variable \{orderNo\}; known are \{name\}, \{givenName\}, \{brand\}, \{orderNumber\}/,
    ],
    ['with an unknown variable deep inside', 'body', '<b>{carrier, select, DHL {{oops}} other {x}}</b>', /\{oops\}/],
    [
      'that counts what is no number',
      'subject',
      '{orderNumber, plural, other {#}}',
      /uses \{orderNumber\} as a number/,
    ],
    ['that writes words as a number', 'subject', '{orderNumber, number}', /uses \{orderNumber\} as a number/],
    ['that formats a date', 'subject', '{expected, date, long}', /formats \{expected\}/],
    ['with a form that cannot be read', 'subject', '{orderNumber, date, ::yyyyQQQ}', /quarter.* not supported/],
    ['with a tag of its own', 'body', '<script>x</script>', /<script>, which the built-in message does not have/],
    ['with bold letters in a subject', 'subject', '<b>Order</b>', /<b>, which the built-in/],
    ['with a tag within a tag', 'body', '<b>Order <b>{orderNumber}</b></b>', /tag within a tag/],
    ['with quoted braces', 'body', "Order '{orderNumber}'", /quoted brace/],
    ['with an apostrophe before a mark', 'body', "Account'>'Orders: {orderNumber}", /apostrophe before < or >/],
    ['with an apostrophe before a heart', 'body', "{orderNumber}: we '<3 it", /apostrophe before < or >/],
    ['with a quoted tag', 'body', "Press '<b>Track</b>' now", /quotes <b> with an apostrophe/],
    ['with an apostrophe before a tag', 'body', "{orderNumber}: thank you for all'<b>order</b>!", /quotes <b> with/],
    ['with one before the end of a tag', 'heading', "Thanks'</b>", /quotes <\/b> with/],
    ['with one deep inside', 'body', "{expected, select, absent {all'<b>x</b>'} other {x}}", /quotes <b> with/],
    ['that writes what may be missing', 'body', 'Here: {trackingUrl}', /uses \{trackingUrl\}, which may be missing/],
    ['that greets who has no name', 'subject', 'Hello {name}', /uses \{name\}, which may be missing/],
    [
      'with a hole in one branch',
      'body',
      '{expected, select, absent {Soon, {trackingUrl}} other {On {expected}}}',
      /uses \{trackingUrl\}, which may be missing/,
    ],
    [
      'with a hole where the sample does not go',
      'body',
      '{carrier, select, UPS {At {trackingUrl}} other {Soon}}',
      /uses \{trackingUrl\}, which may be missing/,
    ],
    ['that may say nothing', 'subject', '{expected, select, absent {} other {On {expected}}}', /is empty where/],
    ['that says nothing to the nameless', 'subject', '{name, select, absent { } other {For {name}}}', /is empty where/],
    ['with a subject that nobody sees whole', 'subject', endless('On its way '), /longer than 80/],
    ['with a text of two segments', 'sms', endless('On its way '), /takes 3 segments/],
    ['with a text that costs double', 'sms', 'Está en camino 🚚 ✓', /cost more: 🚚 ✓/],
  ])('%s may not', async (_, key, message, fault) => {
    const found = await said('order-shipped', key, message)
    expect(found.join('\n')).toMatch(fault)
  })

  it.each(['::currency/ZZZZ', '::unit/foo', 'currency', `::.${'0'.repeat(200)}`, '::E+?'])(
    'with a number of the form %s may not: nobody could be sent it',
    async (form) => {
      const sentence = `{count, plural, one {One} other {{count, number, ${form}} things}}`
      const found = await said('order-confirmation', 'heading', sentence)
      expect(found.join('\n')).toMatch(/invalid number format for \{count\}|not ICU MessageFormat/)
    },
  )

  it.each([
    ['en', '{count, plural, other {# items}}', ['one'], 1],
    ['en', '{count, plural, =0 {none} =1 {one thing} other {# things}}', [], 0],
    ['es', '{count, plural, one {# artículo} other {# artículos}}', [], 0],
    ['ja', '{count, plural, other {#個}}', [], 0],
    ['pl', '{count, plural, one {# rzecz} other {# rzeczy}}', ['many', 'few'], 2],
    ['pl', '{count, plural, one {# rzecz} few {# rzeczy} many {# rzeczy} other {# rzeczy}}', [], 0],
    ['ar', '{count, plural, one {x} two {x} few {x} many {x} other {x}}', ['zero'], 0],
    ['en', '{count, plural, offset:1 =1 {you} other {you and # others}}', ['one'], 2],
    ['en', '{count, selectordinal, one {#st} two {#nd} other {#th}}', ['few'], 3],
    ['en', '<b>{total, select, x {{count, plural, other {#}}} other {x}}</b>', ['one'], 1],
  ])('in %s has the plurals that the language needs: %s', (locale, message, missing, number) => {
    const found = messageFaults(message, '<b>{count, number} {total}</b>', [{ count: 4, total: 'x' }], locale)
    expect(found).toEqual(
      missing.map((category) =>
        expect.stringMatching(new RegExp(`plural form \`${category}\` of \\{count\\}, which ${locale} needs`)),
      ),
    )
    if (missing.length > 0) expect(found.join('\n')).toContain(`for ${number}`)
  })

  it('keeps the links by which a person leaves', async () => {
    expect(await said('new-content', 'leave', 'Mail about courses.')).toEqual([
      'lacks the link <unsubscribe>…</unsubscribe>',
      'lacks the link <preferences>…</preferences>',
    ])
    expect(
      await said('new-content', 'leave', '<preferences>Choose</preferences>, <unsubscribe>or go</unsubscribe>'),
    ).toEqual([])
  })
})

describe('a draft', () => {
  it('has every fault reported, at its path', async () => {
    const found = await faults('order-shipped', 'en', { subject: '{x} {y}', nothing: 'x', heading: '' })
    expect(found.map(({ path }) => path)).toEqual([
      'messages.subject',
      'messages.subject',
      'messages.nothing',
      'messages.heading',
    ])
  })

  it('of another notifier’s message is refused', async () => {
    expect(await said('order-accepted', 'sms', 'Accepted.')).toEqual(['is not a message of order-accepted'])
    expect(await said('order-accepted', 'constructor', 'x')).toEqual(['is not a message of order-accepted'])
  })

  it('may be empty: our own words again, as a version', async () => {
    expect(await faults('order-shipped', 'es-MX', {})).toEqual([])
  })

  it('for a language that we do not have is whole, or it is refused', async () => {
    const own = ownMessages('order-shipped', 'en')
    const { subject, 'label.carrier': _, ...rest } = own
    expect(await faults('order-shipped', 'fr-CA', own)).toEqual([])
    expect((await faults('order-shipped', 'fr-CA', rest)).map(({ path }) => path)).toEqual([
      'messages.label.carrier',
      'messages.subject',
    ])
    expect(await faults('order-shipped', 'hi-Latn', {})).toHaveLength(Object.keys(own).length)
  })

  it('in a script that no SMS has plainly may take more, and says how much', async () => {
    const sms = 'आपका ऑर्डर {orderNumber} {carrier} के साथ निकल चुका है, ट्रैकिंग नंबर {trackingNumber}।'
    expect(await said('order-shipped', 'sms', sms, 'hi')).toEqual([])
    expect(smsTexts(defaults, notifier('order-shipped'), 'hi', { sms })).toMatchObject({
      encoding: 'UCS-2',
      segments: 2,
    })
    expect(await said('order-shipped', 'sms', sms.repeat(3), 'hi')).toEqual([
      'takes 4 segments with the sample’s data; at most 3 are allowed',
    ])
  })
})

describe('a draft that is much work to check', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  const nested = (levels: number) => `${'{brand, select, other {'.repeat(levels)}x${'}}'.repeat(levels)}`

  it.each([
    ['of 100 variables', '{brand}'.repeat(100), []],
    [
      'of 101 variables',
      '{brand}'.repeat(101),
      ['has 101 variables, plurals, selects and tags; at most 100 are allowed'],
    ],
    [
      'of thousands within plurals',
      `{count, plural, one {${'{brand}'.repeat(300)}} other {${'{brand}'.repeat(300)}}}`,
      ['has 601 variables, plurals, selects and tags; at most 100 are allowed'],
    ],
    ['of five levels', nested(5), []],
    [
      'of six levels',
      nested(6),
      ['has plurals, selects and tags within each other on 6 levels; at most 5 are allowed'],
    ],
    [
      'of six levels with tags',
      `${nested(5).replace('x', '<b>x</b>')}`,
      ['has plurals, selects and tags within each other on 6 levels; at most 5 are allowed'],
    ],
  ])('has a limit for a message %s', async (_, message, found) => {
    expect(await said('order-confirmation', 'body', message)).toEqual(found)
  })

  it('has a limit for all of its characters', async () => {
    const keys = Object.keys(ownMessages('order-confirmation', 'en')).filter((key) => /^label\./.test(key))
    const whole = (length: number) => Object.fromEntries(keys.slice(0, 10).map((key) => [key, 'x'.repeat(length)]))
    expect(await faults('order-confirmation', 'en', whole(5000))).toEqual([])
    expect(await faults('order-confirmation', 'en', whole(5001))).toEqual([
      { path: 'messages', message: 'have 50010 characters in all; at most 50000 are allowed' },
    ])
  })

  it('has its first hundred faults reported', async () => {
    const unknown = Array.from({ length: 90 }, (_, nth) => `{x${nth}}`).join('')
    const found = await faults('order-confirmation', 'en', { heading: unknown, body: unknown, subject: unknown })
    expect(found).toHaveLength(100)
    const keys = Object.fromEntries(Array.from({ length: 5000 }, (_, nth) => [`x${nth}`, 'x']))
    expect(await faults('order-confirmation', 'en', keys)).toHaveLength(100)
  })

  it('asks the rules of a language once for each number, whatever the offset', () => {
    const select = vi.spyOn(Intl.PluralRules.prototype, 'select')
    const plurals = '{count, plural, offset:-100000 one {a} two {b} few {c} many {d} other {e}}'.repeat(50)
    expect(messageFaults(plurals, '{count, number}', [{ count: 4 }], 'lt')).toEqual([])
    expect(messageFaults(plurals, '{count, number}', [{ count: 4 }], 'lt')).toEqual([])
    expect(select.mock.calls.length).toBeLessThan(300)
  })

  it('tries each number format once', () => {
    const format = vi.spyOn(Intl, 'NumberFormat')
    const numbers = '{count, number, ::.0000}'.repeat(90)
    expect(messageFaults(numbers, '{count, number}', [{ count: 4 }], 'en')).toEqual([])
    const withOwnTrees = format.mock.calls.length
    expect(withOwnTrees).toBeLessThan(10)
  })

  it('lets others have their turn after each message', async () => {
    const messages = ownMessages('order-confirmation', 'en')
    let nowMs = performance.now()
    vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 20))
    const turns = vi.spyOn(globalThis, 'setImmediate')
    expect(await faults('order-confirmation', 'en', messages)).toEqual([])
    expect(turns.mock.calls.length).toBeGreaterThanOrEqual(Object.keys(messages).length)
  })
})
