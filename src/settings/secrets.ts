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

/** The token in the URL of a vendor that does not sign its reports. */
export const urlToken = secret(minTokenLength)
