// Whatever kind of issue a schema finds, it is described in our words.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import '../../src/wire/issue-words.ts'
import { fieldsOnly } from '../../src/wire/fields-only.ts'

type Code = z.core.$ZodIssue['code']
const twice = z.union([z.literal('a'), z.literal('b')])

const kinds: Record<Code, [schema: z.ZodType, input: unknown, message: string][]> = {
  invalid_type: [
    [z.string(), 5, 'must be a text'],
    [z.string(), undefined, 'is required'],
    [z.string(), null, 'must be a text'],
    [z.number(), '5', 'must be a number'],
    [z.coerce.number(), 'x', 'must be a number'],
    [z.int(), 1.5, 'must be a whole number'],
    [z.coerce.number().int(), '1.5', 'must be a whole number'],
    [z.boolean(), 'yes', 'must be true or false'],
    [z.array(z.string()), {}, 'must be a list'],
    [z.object({}), [], 'must be an object'],
    [z.record(z.string(), z.string()), 'x', 'must be an object'],
  ],
  invalid_value: [
    [z.enum(['email', 'sms']), 'fax', 'must be one of email, sms'],
    [z.enum(['email', 'sms']), undefined, 'is required'],
    [z.literal('only'), 'other', 'must be only'],
    [z.stringbool(), 'perhaps', 'must be true or false'],
  ],
  too_big: [
    [z.string().max(3), 'four', 'must have at most 3 characters'],
    [z.array(z.int()).max(1), [1, 2], 'must have at most 1 element'],
    [z.int().max(200), 201, 'must be at most 200'],
    [z.number().lt(2), 2, 'must be less than 2'],
  ],
  too_small: [
    [z.string().min(1), '', 'must not be empty'],
    [z.string().min(2), 'x', 'must have at least 2 characters'],
    [z.array(z.int()).min(1), [], 'must not be empty'],
    [z.array(z.int()).min(2), [1], 'must have at least 2 elements'],
    [z.int().min(1), 0, 'must be at least 1'],
    [z.int().min(0), -1, 'must not be negative'],
    [z.number().gt(2), 2, 'must be more than 2'],
  ],
  invalid_format: [
    [z.iso.datetime(), 'x', 'must be an ISO 8601 time with its offset, such as 2026-11-21T10:00:00Z'],
    [z.iso.date(), 'x', 'must be an ISO 8601 date, such as 2026-11-21'],
    [z.email(), 'x', 'must be an email address'],
    [z.url(), 'x', 'must be a URL'],
    [z.uuid(), 'x', 'must be a UUID'],
    [z.string().regex(/^a/), 'x', 'is not in the right form'],
  ],
  not_multiple_of: [[z.number().multipleOf(5), 7, 'must be a multiple of 5']],
  unrecognized_keys: [[z.strictObject({}), { a: 1, b: 2 }, 'has fields that are not known: a, b']],
  invalid_union: [
    [twice, 'c', 'is in none of the forms that it may have'],
    [twice, undefined, 'is required'],
  ],
  invalid_key: [[z.record(z.string().max(1), z.int()), { ab: 1 }, 'has a key that it may not have']],
  invalid_element: [[z.map(z.object({}), z.int()), new Map([[{}, 'x']]), 'has an element that it may not have']],
  custom: [
    [z.string().refine(() => false), 'x', 'is not valid'],
    [z.string().refine(() => false, 'must be ours'), 'x', 'must be ours'],
  ],
}

describe.each(Object.entries(kinds))('%s', (code, cases) => {
  it.each(cases)('%#', (schema, input, message) => {
    expect(schema.safeParse(input).error?.issues).toMatchObject([{ code, message }])
  })
})

describe('a field that is not known', () => {
  const schema = z.object({ filter: fieldsOnly({ since: z.string().optional(), dryRun: z.boolean().optional() }) })
  const faults = (filter: object) =>
    schema.safeParse({ filter }).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`)

  it('is reported at its own path, with the name that was meant or with all names', () => {
    expect(faults({ since: '' })).toBeUndefined()
    expect(faults({ dry_run: true, other: 1 })).toEqual([
      'filter.dry_run is not known; did you mean `dryRun`?',
      'filter.other is not known; there are since, dryRun',
    ])
  })

  it('is none by the JSON Schema', () => {
    expect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).toMatchObject({
      properties: { filter: { additionalProperties: false } },
    })
  })
})
