// What a vendor sends is parsed as JSON within limits, beyond which it is refused before it is parsed.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { parseVendorJson } from '../../src/wire/json.ts'

afterEach(() => vi.restoreAllMocks())

const parse = (text: string) => parseVendorJson(Buffer.from(text))
const nested = (levels: number, [open, close]: readonly [string, string]) =>
  `${open.repeat(levels)}1${close.repeat(levels)}`
const lists = ['[', ']'] as const
const objects = ['{"a":', '}'] as const

describe('a vendor’s JSON', () => {
  it.each([
    ['64 levels of lists', nested(64, lists)],
    ['64 levels of objects', nested(64, objects)],
    ['many lists beside each other', `[${Array.from({ length: 500 }, () => nested(63, lists)).join()}]`],
    ['brackets and commas in texts', JSON.stringify({ a: '['.repeat(1000), b: '\\"[{,'.repeat(60_000), '{[': '\\' })],
    ['a byte order mark', '\ufeff{"a":[]}'],
  ])('is what JSON.parse makes of it: %s', (_what, text) => {
    expect(parse(text)).toEqual(JSON.parse(text.replace('\ufeff', '')))
  })

  it('may have 50,000 values, and no more', () => {
    const many = Array.from({ length: 49_999 }, () => 1)
    expect(parse(JSON.stringify(many))).toEqual(many)
    expect(parse(JSON.stringify([...many, 1, 1]))).toBeUndefined()
    expect(parse(JSON.stringify(Array.from({ length: 50_001 }, () => ({}))))).toBeUndefined()
  })

  it.each([
    ['65 levels of lists', nested(65, lists)],
    ['65 levels of objects', nested(65, objects)],
    ['lists in objects', nested(33, ['{"a":[', ']}'])],
    ['a mebibyte of brackets', nested(524_000, lists)],
    ['brackets that do not end', '['.repeat(1_000_000)],
    ['brackets after a text that ends with a backslash', `["\\\\",${nested(64, lists)}]`],
    ['a mebibyte of small lists', `[${'[],'.repeat(340_000)}[]]`],
  ])('is not parsed if it has too much: %s', (_what, text) => {
    const parser = vi.spyOn(JSON, 'parse')
    expect(parse(text)).toBeUndefined()
    expect(parser).not.toHaveBeenCalled()
  })

  it('is undefined where it is malformed', () => {
    for (const text of ['', '{', '["a]', '"\\', '[}', ']'.repeat(70) + '['.repeat(70)])
      expect(parse(text)).toBeUndefined()
  })
})
