// Defines settings with several secrets, so that secrets can be rotated.
import type { Setting } from './block.ts'
import { secretList } from './lists.ts'

/** Empty if unset. */
export function secrets(name: string, line: string): Setting<string[]> {
  return { name, line, use: 'optional', read: (reader) => secretList(reader, name) }
}
