// Data is checked against a schema: what is common once, and a recipient's own where there is some.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { schemaFaults } from '../../src/wire/schema-faults.ts'

/** Counts how often each of its fields is checked. */
function counting() {
  const checks = { a: 0, b: 0 }
  const counted = (name: 'a' | 'b') =>
    z.string().refine((text) => {
      checks[name] += 1
      return text !== 'wrong'
    }, 'is wrong')
  return { checks, schema: z.looseObject({ a: counted('a'), b: counted('b').nullish() }) }
}

const people = (count: number, own?: (i: number) => Record<string, unknown> | undefined) =>
  Array.from({ length: count }, (_, i) => {
    const data = own?.(i)
    return data ? { data } : {}
  })
const all = { maxFaults: 100 }

describe('data that is common to many', () => {
  it('is checked once, whoever gets it', async () => {
    const { checks, schema } = counting()
    expect(await schemaFaults(schema, { data: { a: 'x', b: 'y' }, recipients: people(10_000) }, all)).toEqual([])
    expect(checks).toEqual({ a: 1, b: 1 })
  })

  it('is checked once more only in the fields that recipients change', async () => {
    const { checks, schema } = counting()
    const recipients = people(1000, (i) => (i % 10 === 0 ? { b: `own ${i}`, other: i } : undefined))
    expect(await schemaFaults(schema, { data: { a: 'x' }, recipients }, all)).toEqual([])
    expect(checks).toEqual({ a: 1, b: 100 })
  })

  it('is checked for the recipients of one turn alone', async () => {
    const { checks, schema } = counting()
    const recipients = people(1000, (i) => ({ b: i === 999 ? 'wrong' : 'own' }))
    expect(await schemaFaults(schema, { data: { a: 'x' }, recipients }, { range: [250, 500], ...all })).toEqual([])
    expect(checks).toEqual({ a: 1, b: 250 })
  })
})

describe('faults', () => {
  const { schema } = counting()
  const faultsOf = (
    data: Record<string, unknown>,
    recipients: { data?: Record<string, unknown> }[],
    of: z.ZodType = schema,
  ) => schemaFaults(of, { data, recipients }, all)

  it('are those of the merged data, with the path of whose they are', async () => {
    const recipients = [{}, { data: { a: 'mine' } }, { data: { b: 'wrong' } }, { data: { a: null } }]
    expect(await faultsOf({ a: 'wrong' }, recipients)).toEqual([
      { path: 'data.a', message: 'is wrong' },
      { path: 'recipients.2.data.b', message: 'is wrong' },
      { path: 'recipients.2.data.a', message: 'is wrong' },
      { path: 'recipients.3.data.a', message: 'must be a text' },
    ])
  })

  it('are none of the common data where every recipient has what it lacks', async () => {
    expect(await faultsOf({}, [{ data: { a: 'one' } }, { data: { a: 'two' } }])).toEqual([])
    expect(await faultsOf({}, [{ data: { b: 'one' } }])).toEqual([{ path: 'data.a', message: 'is required' }])
  })

  it('are listed up to the requested maximum', async () => {
    const recipients = people(50, () => ({ a: 'wrong' }))
    expect(await schemaFaults(schema, { data: {}, recipients }, { maxFaults: 7 })).toHaveLength(7)
  })

  it('of several fields together are found in the merged data', async () => {
    const either = z
      .looseObject({ a: z.string().nullish(), b: z.string().nullish() })
      .refine(({ a, b }) => a || b, 'needs a or b')
    expect(await faultsOf({}, [{ data: { a: 'x' } }, { data: { c: 1 } }], either)).toEqual([
      { path: 'recipients.1.data', message: 'needs a or b' },
    ])
    const strict = z.strictObject({ a: z.string() })
    expect(await faultsOf({ a: 'x' }, [{ data: { c: 1 } }], strict)).toMatchObject([{ path: 'data' }])
  })
})

describe('a field that is missing', () => {
  const schema = z.looseObject({ orderNumber: z.string(), items: z.array(z.looseObject({ unitPrice: z.int() })) })
  const items = [{ unitPrice: 1 }, { unit_price: 2 }]

  it('is told with the other spelling that is given beside it', async () => {
    expect(await schemaFaults(schema, { data: { order_number: 'A-1', items }, recipients: [] }, all)).toEqual([
      { path: 'data.orderNumber', message: 'is required: `order_number` is another field' },
      { path: 'data.items.1.unitPrice', message: 'is required: `unit_price` is another field' },
    ])
  })

  it('may be spelled so by a recipient', async () => {
    const recipients = [{ data: { 'order-number': 'A-1' } }]
    expect(await schemaFaults(schema, { data: { items: [] }, recipients }, all)).toEqual([
      { path: 'data.orderNumber', message: 'is required: `order-number` is another field' },
    ])
  })

  it.each([{ order: 'A-1' }, { orderNumbers: 'A-1' }, { [`order${'_'.repeat(1000)}number`]: 'A-1' }])(
    'is only told as missing where nothing is so spelled: %o',
    async (data) => {
      expect(await schemaFaults(schema, { data: { ...data, items: [] }, recipients: [] }, all)).toEqual([
        { path: 'data.orderNumber', message: 'is required' },
      ])
    },
  )
})
