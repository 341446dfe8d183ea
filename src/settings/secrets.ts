// Defines settings with several secrets, so that secrets can be rotated.
import type { Setting } from './block.ts'
import { secretList } from './lists.ts'
import { secret } from './values.ts'

/** Whoever has one signed body can guess a secret of fewer characters. */
export const leastSecretLength = 16

/** Empty if unset. `prefix` is what the vendor puts in front of every such secret. */
export function secrets(name: string, line: string, prefix = ''): Setting<string[]> {
  const check = secret(leastSecretLength, [prefix])
  return { name, line, use: 'optional', read: (reader) => secretList(reader, name, check) }
}
