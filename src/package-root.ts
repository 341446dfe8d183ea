// Finds the folder that holds sql/ and assets/, from src/ as well as from dist/src/, and the version in its package.json.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** The root of the checkout or of the image. Throws where it has no sql/. */
export function packageRoot(): string {
  let folder = import.meta.dirname
  while (!existsSync(path.join(folder, 'sql')) || !existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder)
    if (parent === folder) throw new Error('no folder above the program has sql/ and package.json')
    folder = parent
  }
  return folder
}

export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')) as { version: string }
  return version
}
