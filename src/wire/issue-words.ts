// Says in our words what a schema finds wrong with a value, for every kind of issue. Importing it sets the words for the process;
// a schema's own message comes first.
import { z } from 'zod'

type Issue = z.core.$ZodRawIssue

const types: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

const formats: Record<string, string> = {
  datetime: 'an ISO 8601 time with its offset, such as 2026-11-21T10:00:00Z',
  date: 'an ISO 8601 date, such as 2026-11-21',
  email: 'an email address',
  url: 'a URL',
  uuid: 'a UUID',
}

export const isRequired = 'is required'

function issueWords(issue: Issue): string {
  if (issue.input === undefined && issue.code !== 'custom') return isRequired
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${types[String(issue.expected)] ?? String(issue.expected)}`
    case 'invalid_value':
      return issue.expected === 'stringbool' ? 'must be true or false' : oneOf((issue.values as unknown[]).map(String))
    case 'too_big':
      return tooBig(issue)
    case 'too_small':
      return tooSmall(issue)
    case 'invalid_format':
      return formats[String(issue.format)] ? `must be ${formats[String(issue.format)]}` : 'is not in the right form'
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'unrecognized_keys':
      return `has fields that are not known: ${(issue.keys as string[]).join(', ')}`
    case 'invalid_union':
      return 'is in none of the forms that it may have'
    case 'invalid_key':
      return 'has a key that it may not have'
    case 'invalid_element':
      return 'has an element that it may not have'
    default:
      return 'is not valid'
  }
}

/** An error of a schema that says `text`, unless the value is missing. */
export function otherwise(text: string): (issue: Issue) => string | undefined {
  return ({ input }) => (input === undefined ? undefined : text)
}

function oneOf(values: string[]): string {
  return values.length === 1 ? `must be ${values[0]}` : `must be one of ${values.join(', ')}`
}

function tooBig({ origin, maximum, inclusive }: Issue): string {
  const most = `at most ${maximum}`
  if (origin === 'string') return `must have ${most} ${maximum === 1 ? 'character' : 'characters'}`
  if (origin === 'array') return `must have ${most} ${maximum === 1 ? 'element' : 'elements'}`
  return inclusive === false ? `must be less than ${maximum}` : `must be ${most}`
}

function tooSmall({ origin, minimum, inclusive }: Issue): string {
  if ((origin === 'string' || origin === 'array') && minimum === 1) return 'must not be empty'
  const least = `at least ${minimum}`
  if (origin === 'string') return `must have ${least} characters`
  if (origin === 'array') return `must have ${least} elements`
  if (inclusive === false) return `must be more than ${minimum}`
  return minimum === 0 ? 'must not be negative' : `must be ${least}`
}

z.config({ customError: issueWords })
