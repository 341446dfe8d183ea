// Defines settings with several secrets, so that secrets can be rotated.
import type { Setting } from './block.ts'
import { secretList } from './lists.ts'
import { secret } from './values.ts'

/** A shorter secret can be guessed by somebody who has a signed body. */
export const minSecretLength = 16

/** Empty if unset. `prefix` is the start of all of the vendor's secrets. */
export function secrets(name: string, line: string, prefix = ''): Setting<string[]> {
  const check = secret(minSecretLength, [prefix])
  return { name, line, use: 'optional', read: (reader) => secretList(reader, name, check) }
}
