// Settings for the secrets with which vendors prove that a request is theirs.
import type { Setting } from './block.ts'
import { parsedList } from './lists.ts'
import type { Parsed } from './reader.ts'
import { invalid, secret } from './values.ts'

/** A shorter secret can be guessed by somebody who has a signed body. */
export const minSecretLength = 16
/** A token that is sent and not signed with can only be guessed by calls to us, whose refusals are limited. */
const minTokenLength = 8

/** Ids of endpoints, API keys and URLs, which are shown beside the secret and verify nothing. */
const otherValues = ['we_', 'sk_', 'rk_', 'pk_', 'http://', 'https://']

/** Empty if unset. `prefix` is the start of all of the vendor's secrets. */
export function secrets(name: string, line: string, prefix = ''): Setting<string[]> {
  const check = signingSecret({ prefix })
  return { name, line, use: 'optional', read: (reader) => parsedList(reader, name, check) }
}

/** The secret of a vendor's signatures. `wrong` are the starts of further values of the vendor. */
export function signingSecret({ prefix = '', wrong = [] }: { prefix?: string; wrong?: string[] } = {}) {
  const check = secret(minSecretLength, [prefix])
  return (text: string): Parsed<string> => {
    const start = [...otherValues, ...wrong].find((other) => text.startsWith(other))
    if (start !== undefined && prefix === '')
      return invalid(`starts with ${start}, so it is no signing secret; copy the one that the vendor signs with`)
    return check(text)
  }
}

/** How vendors document their keys and ids, the start captured. A key of another shape may be of any vendor, or of a gateway. */
const knownKeys = [
  /^(re_|SG\.|whsec_|[srp]k_(?:live|test)_|rzp_(?:live|test)_)/,
  /^((?:pub)?key-)[0-9a-f]{32}$/,
  /^(AC|SK)[0-9a-f]{32}$/,
]

/**
 * A key for a vendor's API; one that clearly is another vendor's is refused. `own`: how the vendor's keys may start. `always`: how
 * they do as the vendor documents them. `longest`: a text of up to this many characters may be of a person's choice.
 */
export function apiKey({
  always,
  own = always,
  longest = 0,
}: {
  always?: string
  own?: string
  longest?: number
} = {}) {
  const check = secret()
  return (text: string): Parsed<string> => {
    const parsed = check(text)
    const start = knownKeys.map((known) => known.exec(text)?.[1]).find((found) => found !== undefined)
    if (parsed.ok && start === undefined && always !== undefined && !text.startsWith(always))
      return { ...parsed, doubt: `does not start with ${always}, as the vendor’s keys do` }
    if (!parsed.ok || start === undefined || start === own || text.length <= longest) return parsed
    return invalid(
      `starts with ${start}, so it is the key of another vendor or another kind of value; copy the key that the vendor of this setting shows`,
    )
  }
}

/** An id or a key of which the vendor documents the shape; one of another shape is taken, since it may be a gateway's. */
export function documented(
  check: (text: string) => Parsed<string>,
  { shape, words }: { shape: RegExp; words: string },
) {
  return (text: string): Parsed<string> => {
    const parsed = check(text)
    return parsed.ok && !shape.test(parsed.value)
      ? { ...parsed, doubt: `is not ${words}, as the vendor documents it` }
      : parsed
  }
}

/** The token in the URL of a vendor that does not sign its reports. */
export const urlToken = secret(minTokenLength)
