// Generates the secrets that are not set, and stores them in DATA_DIR/secrets.json for all processes.
import { randomBytes } from 'node:crypto'
import { chmod, link, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { unusable } from '../store/unusable.ts'

export interface Secrets {
  databasePassword: string
  /** Has the role operator. */
  apiKey: string
  /** The secret of the app `demo`, `whsec_…`. */
  demoSecret: string
}

const shapes: Record<keyof Secrets, RegExp> = {
  databasePassword: /^[A-Za-z0-9_-]{20,}$/,
  apiKey: /^phk_[A-Za-z0-9_-]{20,}$/,
  demoSecret: /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/,
}

/**
 * The secrets under `dataDir`, generated on the first call. Concurrent processes get the same secrets. Throws if the
 * file is invalid, because new secrets would lock out the existing database.
 */
export async function ensureSecrets(dataDir: string): Promise<Secrets> {
  const path = join(dataDir, 'secrets.json')
  await makeDataDir(dataDir)
  const stored = await readSecrets(path)
  if (stored) return stored

  const draft = `${path}.${process.pid}-${randomBytes(6).toString('hex')}`
  try {
    await writeWhole(draft, JSON.stringify(newSecrets(), null, 2))
    // Linking is atomic and fails if another process was faster; its file is then used.
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(draft, { force: true })
  }
  const made = await readSecrets(path)
  if (!made) throw new Error(`${path} was removed while it was created; start again`)
  return made
}

/**
 * Creates the folder without access for others. Root's can be entered, since its embedded Postgres runs as another
 * user.
 */
export async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dirname(dataDir), { recursive: true })
    // The permissions of an existing folder are its owner's choice.
    if (await isFolder(dataDir)) return
    await mkdir(dataDir, { mode: 0o700 })
  } catch (error) {
    // Another process was faster.
    if (await isFolder(dataDir)) return
    throw unusable('DATA_DIR', `${dataDir} cannot be made; give a folder in one that this user can write to`, error)
  }
  // The umask restricts mkdir's mode.
  await chmod(dataDir, process.geteuid?.() === 0 ? 0o711 : 0o700)
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

function newSecrets(): Secrets {
  return {
    databasePassword: randomBytes(24).toString('base64url'),
    apiKey: `phk_${randomBytes(32).toString('base64url')}`,
    demoSecret: `whsec_${randomBytes(32).toString('base64')}`,
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(`${text}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function readSecrets(path: string): Promise<Secrets | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  let stored: Partial<Record<keyof Secrets, unknown>> = {}
  try {
    stored = JSON.parse(text) ?? {}
  } catch {
    // Reported below, since the parser's message would quote the file.
  }
  const secret = (name: keyof Secrets): string => {
    const value = stored[name]
    if (typeof value === 'string' && shapes[name].test(value)) return value
    throw new Error(
      `${path} has no valid ${name}. Restore the file from a backup, or remove it together with the embedded database beside it, which then starts empty.`,
    )
  }
  return { databasePassword: secret('databasePassword'), apiKey: secret('apiKey'), demoSecret: secret('demoSecret') }
}
