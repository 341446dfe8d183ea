// The name that a message greets a person by.
import { expect, it } from 'vitest'
import { givenNameOf } from '../../src/i18n/given-name.ts'

it.each([
  ['Grace Hopper', 'en', 'Grace'],
  ['María José García López', 'es', 'María'],
  ['Jean-Luc Picard', 'fr', 'Jean-Luc'],
  ['Ludwig van Beethoven', 'de', 'Ludwig'],
  ['Conan O’Brien', 'en-IE', 'Conan'],
  ['आदित्य वर्मा', 'hi', 'आदित्य'],
  ['John F. Kennedy', 'en', 'John'],
  ['Prince', 'en', 'Prince'],
  ['J. R. Tolkien', 'en', 'J. R. Tolkien'],
  ['J Smith', 'en', 'J Smith'],
  ['Dr. Grace Hopper', 'en', 'Dr. Grace Hopper'],
  ['Grace & Howard', 'en', 'Grace & Howard'],
  ['Grace and Howard', 'en', 'Grace and Howard'],
  ['Northwind Traders Ltd', 'en', 'Northwind Traders Ltd'],
  ['Miller Holding GmbH', 'de', 'Miller Holding GmbH'],
  ['Studio 54', 'en', 'Studio 54'],
  ['山田 太郎', 'ja', '山田 太郎'],
  ['Yamada Tarō', 'ja', 'Yamada Tarō'],
  ['Nguyễn Văn An', 'vi', 'Nguyễn Văn An'],
  ['van der Berg', 'nl', 'van der Berg'],
  ['de la Cruz', 'es', 'de la Cruz'],
  ['Van Morrison', 'en', 'Van'],
  ['Smith, Jane', 'en', 'Jane'],
  ['SMITH,JANE', 'en', 'JANE'],
  ['Hopper, Grace B.', 'en', 'Grace'],
  ['van der Berg, Anna', 'nl', 'Anna'],
  ['García López, María José', 'es', 'María'],
  ['वर्मा, आदित्य', 'hi', 'आदित्य'],
  ['Yamada, Tarō', 'ja', 'Yamada Tarō'],
  ['Jane Smith, PhD', 'en', 'Jane'],
  ['Jane Smith, Jr.', 'en', 'Jane'],
  ['Jane Smith,', 'en', 'Jane'],
  ['Northwind, Inc.', 'en', 'Northwind, Inc.'],
  ['Miller, Smith & Sons', 'en', 'Miller, Smith & Sons'],
  ['a very long name that nobody has', 'en', 'a very long name that nobody has'],
])('%s, in %s, is greeted as %s', (name, locale, greeted) => {
  expect(givenNameOf(name, locale)).toBe(greeted)
})

it.each([
  'ada.lovelace@example.com',
  'Ada ada@example.com',
  '+1 415 555 0123',
  '42',
  '.',
  'https://example.com',
  'null',
  'undefined undefined',
  'N/A',
  'null, null',
  'Smith, J.',
  'Smith, Dr. Jane',
  'Smith, Mrs',
  'Smith, Jane, Miller',
  'Suite 54, Floor 3',
])('%s is no name to greet by', (text) => {
  expect(givenNameOf(text, 'en')).toBeNull()
})
