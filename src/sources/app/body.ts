// Parses the body of an app's event. A large one is parsed in short turns, so that other requests are answered meanwhile.
import { maxValues } from '../../wire/data-limits.ts'
import { isFields, parseJson } from '../../wire/json.ts'
import { largeBytes, type ParsedLarge, parseLarge } from '../../wire/large-json.ts'

/** An empty list counts twice. No part of an event may have more. */
const mostValues = 2 * maxValues + 100

/** Recipients beyond `mostRecipients` are left out. */
export async function parseBody(raw: Buffer, mostRecipients: number): Promise<ParsedLarge> {
  if (raw.length > largeBytes) return parseLarge(raw, { list: 'recipients', mostElements: mostRecipients, mostValues })
  const body = parseJson(raw)
  return isFields(body) ? { kind: 'parsed', body } : { kind: 'malformed' }
}
