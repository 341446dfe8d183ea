// Gives the columns of rows their names in camel case, and back.

export function renamed(row: object, rename: (name: string) => string): object {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [rename(name), value]))
}

/** `due_at` becomes `dueAt`. */
export const camel = remembered((name) => name.replace(/_(\w)/g, (_match, letter: string) => letter.toUpperCase()))
/** `dueAt` becomes `due_at`. */
export const snake = remembered((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))

/** A few hundred names come again with every row. */
function remembered(rename: (name: string) => string): (name: string) => string {
  const known = new Map<string, string>()
  return (name) => {
    const after = known.get(name) ?? rename(name)
    known.set(name, after)
    return after
  }
}
