// What a viewer sees of texts that have addresses, numbers or links in them.
import { expect, it, vi } from 'vitest'
import { addAddresses, addBody, noKnownAddresses } from '../../src/privacy/known-addresses.ts'
import { maskAll, maskBody, maskText, maskTokens } from '../../src/privacy/mask.ts'

it.each([
  ['{"phone":"4155550123"}', '{"phone":"***23"}'],
  ['{"customer_phone" : "(415) 555-0123"}', '{"customer_phone" : "(***23"}'],
  ['{"contact":"919876543210"}', '{"contact":"***10"}'],
  ['{"contact":"+919876543210"}', '{"contact":"+91***10"}'],
  ['{"contact":"ada@example.com"}', '{"contact":"a***@example.com"}'],
  ['{"phone":"\\"4155550123","name":"Ada"}', '{"phone":"\\"***23","name":"Ada"}'],
  ['{"tel":"020 7946 0123","msisdn":447911123456}', '{"tel":"***23","msisdn":***56}'],
  ['phoneNumber=4155550123&x=1', 'phoneNumber=***23&x=1'],
  ['tel:4155550123', 'tel:***23'],
  ['ada@example.com', 'a***@example.com'],
  ['"ada lovelace"@example.com', '***@example.com'],
  [
    'ada@b\u00fccher.example, ada@\u4f8b\u3048.\u30c6\u30b9\u30c8',
    'a***@b\u00fccher.example, a***@\u4f8b\u3048.\u30c6\u30b9\u30c8',
  ],
  ['ada@[192.0.2.1]', 'a***@[192.0.2.1]'],
  ['+14155550123', '+1***23'],
  ['+3544105123 and +2902345678', '+354***23 and +290***78'],
])('%s is shown as %s', async (text, expected) => {
  expect(await maskText(text)).toBe(expected)
})

it.each([
  '{"phone":null,"contact":"","amount":9876543210}',
  '{"contact":"by email","contact_id":"cont_00000000000001"}',
  '{"phone_number_collection":{"enabled":false}}',
  'cus_4155550123',
  '2026-11-21T10:00:00.000Z',
  'Order 1001234567 for 49.99 EUR',
  '0199c0de-0000-7000-8000-00000000000a',
])('%s is shown as it is', async (text) => {
  expect(await maskText(text)).toBe(text)
})

const known = addAddresses(noKnownAddresses(), ['Ada.L@Example.com', '+14155550123', '+442079460123'])
const inBase64 = (text: string) => Buffer.from(text).toString('base64')

it.each([
  ['ada.l%40example.com', 'a***%40example.com'],
  ['ada.l%2540example.com', 'a***%2540example.com'],
  ['bounce-ada.l=example.com', 'bounce-a***=example.com'],
  ['ada.l=40example.com', 'a***=40example.com'],
  ['ADA.L (at) example.com', 'A*** (at) example.com'],
  ['\\u0061da.l\\u0040example.com', 'a***\\u0040example.com'],
  ['&#65;da.l&#x40;example.com ada.l&commat;example.com', 'A***&#x40;example.com a***&commat;example.com'],
  ['ada.l\uff20example.com', 'a***\uff20example.com'],
  ['ad\u00ada.l@exam\u200bple.com', 'a***@exam\u200bple.com'],
  [inBase64('{"to":"ada.l@example.com"}'), '***'],
  [`id_${Buffer.from('ada.l@example.com').toString('base64url')}`, '***'],
  [Buffer.from('ada.l@example.com').toString('hex'), '***'],
  [inBase64('x14155550123'), '***'],
  ['4155550123', '***23'],
  ['order-14155550123-7', 'order-***23-7'],
  ['001 415 555 0123', '00***23'],
  ['(415) 555\u20110123', '(***23'],
  ['020 7946 0123', '0***23'],
  ['%2B1+415+555+0123', '+1***23'],
  ['\uff14\uff11\uff15\uff15\uff15\uff15\uff10\uff11\uff12\uff13', '***23'],
  ['\u0664\u0661\u0665\u0665\u0665\u0665\u0660\u0661\u0662\u0663', '***23'],
  ['ada.l#x.y', 'ada.l#x.y'],
  [Buffer.from('to ada.l@example.com', 'utf16le').toString('base64'), '***'],
  [Buffer.from('to ada.l@example.com', 'utf16le').swap16().toString('base64'), '***'],
  [Buffer.from('4155550123', 'utf16le').toString('hex'), '***'],
  ['ada.lU+0040example.com', 'a***U+0040example.com'],
  ['ada.l U+40 example.com', 'a*** U+40 example.com'],
  ['ada.l\\40 example.com', 'a***\\40 example.com'],
  ['ada.l\\000040example.com', 'a***\\000040example.com'],
  ['ada.l\\100example.com', 'a***\\100example.com'],
  ['\\141\\144\\141\\56\\154\\100example.com', 'a***\\100example.com'],
  ['\\61\\64\\61 .l=example.com', 'a***=example.com'],
  ['\u24d0\u24d3\u24d0.\u24db=example.com', 'a***=example.com'],
  ['\u{1d41a}da.l=ex\u24d0mple.com', 'a***=ex\u24d0mple.com'],
  ['example.com!ada.l', 'example.com!a***'],
  ['relay!EXAMPLE.com!Ada.L, x.example!ada.l', 'relay!EXAMPLE.com!A***, x.example!ada.l'],
  ['415,555,0123', '***23'],
  ['415:555|01~23', '***23'],
  ['1*415;555\u00b70123', '***23'],
  ['4155    550123', '***23'],
  ['415     5550123', '415     5550123'],
  ['\u2074\u00b9\u2075\u2075\u2075\u2075\u2070\u00b9\u00b2\u00b3', '***23'],
  ['\u2463\u2460\u2464\u2464\u2464\u2464\u24ea\u2460\u2461\u2462', '***23'],
])('of known people %s is shown as %s', async (text, expected) => {
  expect(await maskText(text, known)).toBe(expected)
})

it.each([
  ['Arabic', 0x660],
  ['Persian', 0x6f0],
  ['Devanagari', 0x966],
  ['fullwidth', 0xff10],
])('a known number in %s digits is masked, whichever digits it has', async (_script, zero) => {
  const written = '9876543210'.replace(/\d/g, (digit) => String.fromCharCode(zero + Number(digit)))
  const person = addAddresses(noKnownAddresses(), ['+919876543210'])
  expect(await maskText(`ref ${written}`, person)).toBe('ref ***10')
})

it.each([
  ['ada.l\\@example.com', 'a***\\@example.com'],
  ['ada\\.l@example\\.com', 'a***@example\\.com'],
  ['ada.l\\\\\\\\u0040example.com', 'a***\\\\\\\\u0040example.com'],
  [`ada.l${'\\'.repeat(32)}u0040example.com`, `a***${'\\'.repeat(32)}u0040example.com`],
  ['jo%40b%FCcher.example', 'j***%40b%FCcher.example'],
  ['jo&commat;b&uuml;cher.example', 'j***&commat;b&uuml;cher.example'],
  ['JO&commat;B&Uuml;CHER.example', 'J***&commat;B&Uuml;CHER.example'],
])('%s, as patterns, JSON of many levels and old encodings spell it, is shown as %s', async (text, expected) => {
  const theirs = addAddresses(noKnownAddresses(), ['ada.l@example.com', 'jo@xn--bcher-kva.example'])
  expect(await maskText(text, theirs)).toBe(expected)
  expect(await maskText(text)).toBe(expected)
})

it('a megabyte of backslashes is looked at within the time of a test', async () => {
  expect(await maskText('\\'.repeat(1_000_000))).toHaveLength(1_000_000)
})

it('a number that a body writes in Arabic digits is known in others', async () => {
  const written = '+919876543210'.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)))
  const named = await addBody(noKnownAddresses(), { phone: written })
  expect(await maskText('ref 9876543210', named)).toBe('ref ***10')
})

it('a body of JSON stays JSON, also where a number was', async () => {
  const body =
    '{"contact":9876543210,"n":4155550123,"fee":9876543211,"say":"call: 4155550123, \\"now\\"","e":"\\u0061da@x.example"}'
  expect(await maskBody(body, known)).toBe(
    '{"contact":"***10","n":"***23","fee":9876543211,"say":"call: ***23, \\"now\\"","e":"a***@x.example"}',
  )
})

it('an address is found wherever it stands in a long text', async () => {
  for (const before of [32_700, 32_760, 32_768, 65_530, 100_000]) {
    const text = `${'x '.repeat(before / 2)}ada@other.example 4155550123`
    const masked = `${'x '.repeat(before / 2)}a***@other.example ***23`
    expect(await maskBody(text, known)).toBe(masked)
  }
})

it.each(['a'.repeat(1_000_000), 'a@'.repeat(500_000), `"phone":"${'1'.repeat(1_000_000)}`])(
  'a megabyte without a blank is looked at within the time of a test %#',
  async (text) => {
    expect((await maskText(text)).slice(0, 9)).toBe(text.slice(0, 9))
  },
)

it.each([
  '=a.co',
  '%25',
  '\\',
  '&#64',
  '"@',
  '(1',
  ' at ',
  'a@b.co ',
  'ada.l=example.com',
  '+1 415 55',
  '\uff20',
  '\u0669',
  'phone ',
])('so is one of %s, whose parts all have to be looked at', async (part) => {
  expect((await maskText(part.repeat(1_000_000 / part.length), known)).length).toBeGreaterThan(0)
})

it('a link keeps its place and loses its token', () => {
  const link = 'https://posthorn.example/unsubscribe/'
  expect(maskTokens(`<a href="${link}Ab-c_9#preferences">${link}Ab-c_9</a>`)).toBe(
    `<a href="${link}***#preferences">${link}***</a>`,
  )
})

it.each(['1:30, 2:45, 3:15, 4:00', '+1, 200, 300, 400', 'phone: 5|6|7|8|9|10|11', '12;34;56;78;90'])(
  'unusual separators join no digits of an unknown number: %s',
  async (text) => {
    expect(await maskText(text, known)).toBe(text)
  },
)

it('letters and digits that fold or look alike are read as themselves', async () => {
  const kelvin = addAddresses(noKnownAddresses(), ['kim.k@k.example'])
  expect(await maskText('\u00b9 ask kim.k=k.example \u212a', kelvin)).toBe('\u00b9 ask k***=k.example \u212a')
})

it('the longest known local part before a domain is masked, whichever others end alike', async () => {
  const alike = addAddresses(noKnownAddresses(), [
    'lu@x.example',
    'anna.lu@x.example',
    'na.lu@x.example',
    'u@x.example',
  ])
  expect(await maskText('anna.lu=x.example or-na.lu#x.example lu!x.example -u%x.example', alike)).toBe(
    'a***=x.example or-n***#x.example l***!x.example -u***%x.example',
  )
  expect(await maskText('mo=x.example', alike)).toBe('mo=x.example')
})

it('before a known domain, texts are compared only where the last characters are those of a local part', async () => {
  const person = addAddresses(noKnownAddresses(), ['ruth.long-name@y.example', 'rita@y.example'])
  const compare = vi.spyOn(Set.prototype, 'has')
  await maskText(`${'with#y.example '.repeat(1_000)} rita#y.example`, person)
  const compared = compare.mock.calls.filter(([text]) => typeof text === 'string' && text.endsWith('ith'))
  compare.mockRestore()
  expect(compared).toEqual([])
})

it('between the texts of an answer, and the decoded views of a text, others have their turn', async () => {
  const steps = async (answer: unknown) => {
    let count = 0
    await maskAll(answer, known, async () => {
      count += 1
    })
    return count
  }
  expect(await steps(['no', 'no'])).toBe(2)
  const one = await steps('%252B44 =3D41 ada.l=example.com')
  expect(one).toBeGreaterThan(8)
  expect(await steps({ a: ['%252B44 =3D41 ada.l=example.com'], b: '%252B44 =3D41 ada.l=example.com' })).toBe(2 * one)
})

it('a run of base64 is decoded once, however many views of its text there are', async () => {
  const run = Buffer.from('no one is named in this text').toString('base64')
  const from = vi.spyOn(Buffer, 'from')
  await maskText(`%2525252540 =3D25253D ${run} ${run}`, known)
  expect(from.mock.calls.filter(([text]) => (text as unknown) === run)).toHaveLength(1)
  from.mockRestore()
})
