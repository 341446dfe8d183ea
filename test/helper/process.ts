// Compiles the program and runs it in a process, as users do.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
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

/** `env` is the whole environment except PATH. */
export function run(args: string[], env: Record<string, string>, cwd: string): Program {
  const child = spawn(process.execPath, [path.join(dist, 'src/main.js'), ...args], {
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
