// Child processes of the benchmarks, which exchange messages with them: the stand-ins and the ceilings run apart so that each is
// measured alone.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

export interface Child {
  /** The next message of this kind, or one that has already arrived. Throws where the process ends first. */
  next<T>(kind: string): Promise<T>
  emit(kind: string): void
  pid: number
  /** Asks it to stop, and resolves when it has ended. */
  stop(): Promise<void>
}

interface Message {
  kind: string
  value: unknown
}

/** Starts child-<name>, with NODE_ENV=production unless `env` is given. Its output is discarded; its errors are shown. */
export function startChild(
  name: string,
  settings: object,
  env: Record<string, string> = { NODE_ENV: 'production' },
): Child {
  const file = path.join(import.meta.dirname, `child-${name}${path.extname(import.meta.filename)}`)
  const process_ = fork(file, [JSON.stringify(settings)], {
    // Without our own environment, whose settings must not change the figures.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const arrived: Message[] = []
  process_.on('message', (message: Message) => arrived.push(message))

  return {
    async next<T>(kind: string): Promise<T> {
      for (;;) {
        const at = arrived.findIndex((message) => message.kind === kind)
        if (at >= 0) return arrived.splice(at, 1)[0]?.value as T
        await messageOrExit(process_, name)
      }
    },
    emit: (kind) => void process_.send({ kind }),
    pid: process_.pid ?? 0,
    async stop() {
      if (process_.exitCode !== null || process_.signalCode !== null) return
      const gone = once(process_, 'exit')
      process_.send({ kind: 'stop' })
      await gone
    },
  }
}

async function messageOrExit(process_: ChildProcess, name: string): Promise<void> {
  const waiting = new AbortController()
  const { signal } = waiting
  try {
    await Promise.race([
      once(process_, 'message', { signal }),
      once(process_, 'exit', { signal }).then(([code]) => {
        throw new Error(`the ${name} process ended with ${code}`)
      }),
    ])
  } finally {
    waiting.abort()
  }
}

/** In a child: its settings. */
export function childSettings<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}') as T
}

/** In a child: sends a message to the benchmark. */
export function emit(kind: string, value?: unknown): void {
  process.send?.({ kind, value })
}

// A child ends with the benchmark.
if (process.send) process.on('disconnect', () => process.exit(1))

/** In a child: does `work` on each message of this kind. After `stop` the process ends. */
export function on(kind: string, work: () => Promise<void> | void): void {
  process.on('message', async (message: Message) => {
    if (message.kind !== kind) return
    await work()
    if (kind === 'stop') process.exit(0)
  })
}
