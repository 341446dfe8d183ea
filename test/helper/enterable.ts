// Makes the checkout available to another user of the machine, as a copy where its folders do not admit them.
import { chmodSync, cpSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** Paths to Node and `src`, in this checkout or in a copy below `folder` with these packages and their dependencies. */
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

/** Whether every user may enter all folders of the path. */
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
