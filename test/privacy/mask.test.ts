// What a viewer sees of texts that have addresses, numbers or links in them.
import { expect, it } from 'vitest'
import { maskText, maskTokens } from '../../src/privacy/mask.ts'

it.each([
  ['{"phone":"4155550123"}', '{"phone":"***"}'],
  ['{"customer_phone" : "(415) 555-0123"}', '{"customer_phone" : "(415)***0123"}'],
  ['{"contact":"919876543210"}', '{"contact":"91987***3210"}'],
  ['{"contact":"+919876543210"}', '{"contact":"+9198***3210"}'],
  ['{"contact":9876543210,"fee":9876543210}', '{"contact":"***","fee":9876543210}'],
  ['{"contact":"ada@example.com"}', '{"contact":"a***@example.com"}'],
  ['{"phone":"\\"4155550123","name":"Ada"}', '{"phone":"\\"415***0123","name":"Ada"}'],
  ['ada@example.com', 'a***@example.com'],
  ['+14155550123', '+1415***0123'],
])('%s is shown as %s', (text, expected) => {
  expect(maskText(text)).toBe(expected)
})

it.each([
  '{"phone":null,"contact":"","amount":9876543210}',
  '{"contact":"by email","contact_id":"cont_00000000000001"}',
  '{"phone_number_collection":{"enabled":false}}',
  'cus_4155550123',
])('%s is shown as it is', (text) => {
  expect(maskText(text)).toBe(text)
})

it.each(['a'.repeat(1_000_000), 'a@'.repeat(500_000), `"phone":"${'1'.repeat(1_000_000)}`])(
  'a megabyte without a blank is looked at within the time of a test %#',
  (text) => {
    expect(maskText(text)).toBe(text)
  },
)

it('a link keeps its place and loses its token', () => {
  const link = 'https://posthorn.example/unsubscribe/'
  expect(maskTokens(`<a href="${link}Ab-c_9#preferences">${link}Ab-c_9</a>`)).toBe(
    `<a href="${link}***#preferences">${link}***</a>`,
  )
})
