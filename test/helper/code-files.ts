// The code's files with what they import, as the rules of the house read them.
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '../..')

export const files = new Map(
  globSync('{src,emails,bench}/**/*.{ts,tsx}', { cwd: root }).map((name) => [name, read(name)]),
)
export type File = ReturnType<typeof read>

function read(name: string) {
  const text = readFileSync(path.join(root, name), 'utf8')
  const named = [...text.matchAll(/(import type [^']*)?\b(?:from|import)\s*\(?\s*'([^']+)'/g)]
  const from = path.dirname(name)
  const imports = named.map(([, type, to = '']) => ({ to: to.startsWith('.') ? path.join(from, to) : to, type }))
  // In `src/providers/twilio/send.ts`, `providers` is the room and `twilio` the plug-in. A bench has no room.
  const [folder, room = '', part = ''] = name.replace(/^emails/, 'src/emails').split('/')
  return { name, text, imports, room: folder === 'src' ? room.replace(/\.ts$/, '') : '', part }
}

/** All that a file imports, directly or not. */
export function reached(name: string, seen = new Set<string>()): Set<string> {
  for (const { to } of files.get(name)?.imports ?? []) if (!seen.has(to)) reached(to, seen.add(to))
  return seen
}

/** In `src/store/events/load.ts`, `src/store/events`; a file at the top of its room stands in none. */
const folderOf = (name: string) => /^src\/[\w-]+\/[\w-]+(?=\/)/.exec(name)?.[0]
export const folders = Map.groupBy([...files.values()], ({ name }) => folderOf(name))

/** The folders that a folder imports, directly or not. */
export function foldersReached(folder: string, seen = new Set<string>()): Set<string> {
  for (const { imports } of folders.get(folder) ?? [])
    for (const { to } of imports) {
      const next = folderOf(to)
      if (next && next !== folder && !seen.has(next)) foldersReached(next, seen.add(next))
    }
  return seen
}

/** The names of a kind’s vendors, which are its folders, and where they may stand: there and in the list of the kind. */
export function vendors(kind: string): [text: RegExp, home: RegExp] {
  const folders = [...files.keys()].flatMap((name) => new RegExp(`^src/${kind}/(\\w+)/index.ts`).exec(name)?.[1] ?? [])
  const names = folders.join('|')
  return [new RegExp(names, 'i'), new RegExp(`^src/${kind}/(index.ts|(${names})/)`)]
}
