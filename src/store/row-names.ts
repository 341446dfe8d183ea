// Gives the columns of rows their names in camel case, and back.
import { memo } from '../domain/memo.ts'

/** A few hundred names come again with every row. */
const mostNames = 5_000

export function renamed(row: object, rename: (name: string) => string): object {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [rename(name), value]))
}

/** `due_at` becomes `dueAt`. */
export const camel = memo(mostNames, (name: string) =>
  name.replace(/_(\w)/g, (_match, letter: string) => letter.toUpperCase()),
)
/** `dueAt` becomes `due_at`. */
export const snake = memo(mostNames, (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
