// A setting that holds one or more secrets, so that one can replace another while both are good.
import type { Setting } from './block.ts'
import { secretList } from './lists.ts'

/** Empty where it is unset. */
export function secrets(name: string, line: string): Setting<string[]> {
  return { name, line, use: 'optional', read: (reader) => secretList(reader, name) }
}
