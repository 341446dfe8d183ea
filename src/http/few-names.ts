// Bounds how many names of a query or of a request's body are looked at: each unknown one is a fault, with the name that was meant.
import { parse } from 'node:querystring'
import { isFields } from '../wire/json.ts'

/** No call has this many. */
const mostNames = 200

/** Those after the first are left out; where there are this many, the first are refused already. */
export function parseQuery(query: string): Record<string, unknown> {
  return parse(query, '&', '=', { maxKeys: mostNames })
}

/** What is wrong with a body of too many fields of its own; null if it has few. */
export function tooManyFields(body: unknown): string | null {
  return isFields(body) && Object.keys(body).length > mostNames ? `The body has more than ${mostNames} fields.` : null
}
