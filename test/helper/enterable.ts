// This checkout, where another user of the machine runs a part of it: a copy, where they cannot enter this one.
import { chmodSync, cpSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** Paths to Node and to `src`, of this checkout or of a copy below `folder` with the packages named and what they need. */
export function enterable(folder: string, packages: string[]): { node: string; src: string } {
  const node = process.execPath
  if (isOpen(root) && isOpen(node)) return { node, src: join(root, 'src') }
  for (const name of new Set(packages.flatMap(withDependencies)))
    cpSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), {
      recursive: true,
      verbatimSymlinks: true,
    })
  cpSync(join(root, 'src'), join(folder, 'src'), { recursive: true })
  cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  cpSync(node, join(folder, 'node'))
  chmodSync(join(folder, 'node'), 0o755)
  return { node: join(folder, 'node'), src: join(folder, 'src') }
}

/** Every folder on the way may be entered by everybody. */
function isOpen(path: string): boolean {
  const parent = dirname(path)
  return (statSync(path).mode & 0o001) !== 0 && (parent === path || isOpen(parent))
}

function withDependencies(name: string): string[] {
  const manifest = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
  }
  return [name, ...Object.keys(manifest.dependencies ?? {}).flatMap(withDependencies)]
}
