// A setting that holds one or more secrets, so that one can replace another while both are good.
import type { Setting } from './block.ts'
import { secretList } from './lists.ts'
import { secret } from './values.ts'

/** A secret of fewer characters can be guessed by whoever has one signed body. */
export const leastSecretLength = 16

/** Empty where it is unset. `beginning` is what the vendor lets every such secret begin with. */
export function secrets(name: string, line: string, beginning = ''): Setting<string[]> {
  const check = secret(leastSecretLength, [beginning])
  return { name, line, use: 'optional', read: (reader) => secretList(reader, name, check) }
}
