// Compiles the program and runs it in a process, as users do.
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

const root = path.join(import.meta.dirname, '../..')
/** Not dist/, which a service may be running from. */
const dist = path.join(root, 'node_modules/.cache/posthorn-test')

export async function compile(): Promise<void> {
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc')
  // The types are checked by `npm run typecheck`.
  const options = ['-p', 'tsconfig.build.json', '--outDir', dist, '--noCheck']
  await promisify(execFile)(process.execPath, [compiler, ...options], { cwd: root })
}

export interface Program {
  child: ChildProcess
  /** Its output so far. */
  stdout(): string
  stderr(): string
  /** Resolves with its URL once it listens. */
  ready: Promise<string>
  /** Resolves with its exit code; null where a signal ended it. */
  ended: Promise<number | null>
}

/** A Node on the PATH that is older than the service needs; null where there is none. */
export function olderNode(): string | null {
  const found = (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, 'node'))
  const major = (node: string) => Number(/^v(\d+)/.exec(spawnSync(node, ['--version']).stdout.toString())?.[1])
  return found.filter((node) => existsSync(node)).find((node) => major(node) < 24) ?? null
}

/** `env` is the whole environment except PATH. */
export function run(
  args: string[],
  env: Record<string, string>,
  cwd: string,
  { node = process.execPath }: { node?: string } = {},
): Program {
  const child = spawn(node, [path.join(dist, 'src/main.js'), ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const ready = new Promise<string>((resolve, reject) => {
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        output[name] += text
        const url = /ready at (http:\S+)/.exec(output.stdout)?.[1]
        if (url) resolve(url)
      })
    ended.then((code) => reject(new Error(`it ended with ${code} before it was ready: ${output.stderr}`)))
  })
  ready.catch(() => {})
  return { child, stdout: () => output.stdout, stderr: () => output.stderr, ready, ended }
}
