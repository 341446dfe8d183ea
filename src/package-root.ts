// Where the package's own files are that are not code: sql/ and assets/. The same from src/ and from dist/src/.
import { existsSync } from 'node:fs'
import path from 'node:path'

/** The root of the checkout or of the image. */
export function packageRoot(): string {
  let folder = import.meta.dirname
  while (!existsSync(path.join(folder, 'sql')) || !existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder)
    if (parent === folder) throw new Error('the folder sql/ was not found beside the program')
    folder = parent
  }
  return folder
}
