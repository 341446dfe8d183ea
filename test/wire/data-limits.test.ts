// What an event's data may hold.
import { describe, expect, it } from 'vitest'
import { commonDataFault, dataFaults } from '../../src/wire/data-limits.ts'

const faultOf = (data: unknown) => dataFaults(data, 100)[0]
const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, i]))
/** Objects in each other, the outermost included. */
const nested = (levels: number) => {
  let data: object = {}
  for (let level = 1; level < levels; level++) data = { in: data }
  return data
}

describe('data', () => {
  it('has up to 1,000 fields, those of nested objects included', () => {
    const tooMany = { path: [], message: 'must hold at most 1000 fields', isLimit: true }
    expect(faultOf(fields(1000))).toBeUndefined()
    expect(faultOf(fields(1001))).toEqual(tooMany)
    expect(faultOf({ more: [fields(999)] })).toBeUndefined()
    expect(faultOf({ more: [fields(500), fields(500)] })).toEqual(tooMany)
  })

  it('has up to 64 levels, itself included', () => {
    expect(faultOf(nested(64))).toBeUndefined()
    expect(faultOf(nested(65))?.message).toBe('is nested deeper than 64 levels')
  })

  it('has up to 20,000 values in all', () => {
    expect(faultOf({ list: Array.from({ length: 19_999 }, () => 1) })).toBeUndefined()
    expect(faultOf({ list: Array.from({ length: 20_000 }, () => 1) })?.message).toBe('must hold at most 20000 values')
  })
})

describe('common data', () => {
  // With its name, its quotes and its braces it is 65,536 bytes.
  const data = { a: 'é'.repeat((65_536 - 8) / 2) }

  it('goes to so many recipients that it comes to 64 MiB, counted in bytes', () => {
    expect(commonDataFault(data, 1024)).toBeNull()
    expect(commonDataFault(data, 1025)).toBe(
      'is too large for so many recipients: 65536 bytes times 1025 is over 67108864 bytes (64 MiB)',
    )
  })

  it('is no fault of an event for one, or for nobody', () => {
    expect(commonDataFault(data, 1)).toBeNull()
    expect(commonDataFault(data, 0)).toBeNull()
  })
})
