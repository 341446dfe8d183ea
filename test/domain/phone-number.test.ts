// Phone numbers as people write them.
import { describe, expect, it } from 'vitest'
import { countryOf, phoneOf } from '../../src/domain/phone-number.ts'

describe('a number with a plus', () => {
  it.each([
    ['+43 (0)664 1234567', '+436641234567'],
    ['+31 (0) 6 87654321', '+31687654321'],
    ['+41(0)44 668 18 00', '+41446681800'],
    ['+61 (04) 1234 5678', '+61412345678'],
    ['+44 020 7946 0018', '+442079460018'],
    ['(+44) 20 7946 0018', '+442079460018'],
    ['0049 30 901820', '+4930901820'],
    // No trunk zero in Poland, Spain and the USA; in Italy it belongs to a landline, and to no mobile number.
    ['+48 (0)601 234 567', '+48601234567'],
    ['+34 (0)912 345 678', '+34912345678'],
    ['+1 (0)212 555 0123', '+12125550123'],
    ['+39 (0)2 1234 5678', '+390212345678'],
    ['+39 (0)333 123 4567', '+393331234567'],
    // Mexico had a 1 for mobile numbers until 2019.
    ['+521 33 1234 5678', '+523312345678'],
    ['+52 (1) 81-1234-5678', '+528112345678'],
    ['+52 044 33 1234 5678', '+523312345678'],
    ['+54 11 15 2345 6789', '+5491123456789'],
    ['+49\u00a0151\u200923\u202f45\u30006789', '+4915123456789'],
    ['\u202a+49 151 23456789\u202c', '+4915123456789'],
    ['+49\u200b151\u2060234\u00ad56789\ufeff', '+4915123456789'],
    ['+49\u2013151\u201123456789', '+4915123456789'],
    ['+49 151/234.567-89', '+4915123456789'],
    ['＋４９１５１２３４５６７８９', '+4915123456789'],
    ['+९१ ९८१२३ ४५६७८', '+919812345678'],
    ['+٩٧١ ٥٠ ١٢٣ ٤٥٦٧', '+971501234567'],
  ])('%j is %s', (written, number) => {
    expect(phoneOf(written)).toBe(number)
    expect(phoneOf(number)).toBe(number)
    expect(phoneOf(written, 'FR')).toBe(number)
  })

  it.each([
    ...['+49 151', '+1 212 555 012', '+1 212 555 01234', '+44 7946 00180 12345', '+999 123 456 789', '+0 151 23456789'],
    ...[
      '+49 151 23456789 ext. 5',
      '+49 151 23456789;5',
      '+1 800 FLOWERS',
      'call +49 151 23456789',
      '++49 151 23456789',
    ],
    ...['+', '', ' ', '-', `+49151${' '.repeat(60)}23456789`, 4915123456789, null, undefined, ['+4915123456789']],
  ])('%j is none', (written) => {
    expect(phoneOf(written)).toBeNull()
  })
})

describe('a number without a plus', () => {
  it.each([
    ['020 7946 0018', 'GB', '+442079460018'],
    ['(0)20 7946 0018', 'GB', '+442079460018'],
    ['0664 1234567', 'AT', '+436641234567'],
    ['98123 45678', 'IN', '+919812345678'],
    ['०९८१२३ ४५६७८', 'IN', '+919812345678'],
    ['(212) 555-0123', 'US', '+12125550123'],
    ['8 912 345-67-89', 'RU', '+79123456789'],
    ['044 33 1234 5678', 'MX', '+523312345678'],
    ['1 33 1234 5678', 'MX', '+523312345678'],
    ['02 1234 5678', 'IT', '+390212345678'],
  ])('%s in %s is %s', (written, country, number) => {
    expect(phoneOf(written, country)).toBe(number)
  })

  it.each([
    ['020 7946 0018', null],
    ['020 7946 0018', 'AQ'],
    ['12', 'GB'],
    ['020 7946 00181234', 'GB'],
  ])('%s in %s is none', (written, country) => {
    expect(phoneOf(written, country)).toBeNull()
  })
})

it('a country is named by its ISO code, old and common ones included', () => {
  expect(['DE', 'de', 'UK', 'AQ', 'XK', 'AN'].map(countryOf)).toEqual(['DE', 'DE', 'GB', 'AQ', 'XK', 'CW'])
  for (const none of ['ZZ', 'XX', 'DEU', 'Germany', '', '49', 49, null]) expect(countryOf(none)).toBeNull()
})
