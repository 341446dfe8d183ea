// A process of its own beside the benchmark, so that its work is not counted as somebody else's: the vendors, the
// service, the renderer. They stand in child-*.ts, and speak in messages.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

export interface Child {
  /** The next message of this kind, also one that is already here. */
  next<T>(kind: string): Promise<T>
  tell(kind: string): void
  /** Asks it to stop, and resolves when it is gone. */
  stop(): Promise<void>
}

interface Message {
  kind: string
  value: unknown
}

/**
 * Starts child-<name>, as production does unless `env` says otherwise. Throws from `next` where it dies. Its output
 * goes nowhere, but its errors are shown.
 */
export function startChild(
  name: string,
  settings: object,
  env: Record<string, string> = { NODE_ENV: 'production' },
): Child {
  const file = path.join(import.meta.dirname, `child-${name}${path.extname(import.meta.filename)}`)
  const process_ = fork(file, [JSON.stringify(settings)], {
    // Nothing of our own environment: a setting there must not change the figures.
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
        await anyNews(process_, name)
      }
    },
    tell: (kind) => void process_.send({ kind }),
    async stop() {
      if (process_.exitCode !== null || process_.signalCode !== null) return
      const gone = once(process_, 'exit')
      process_.send({ kind: 'stop' })
      await gone
    },
  }
}

async function anyNews(process_: ChildProcess, name: string): Promise<void> {
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

/** In a child: what it was given. */
export function given<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}') as T
}

/** In a child: tells the benchmark. */
export function tell(kind: string, value?: unknown): void {
  process.send?.({ kind, value })
}

/** In a child: does `work` at each message of this kind. `stop` ends the process afterwards. */
export function on(kind: string, work: () => Promise<void> | void): void {
  process.on('message', async (message: Message) => {
    if (message.kind !== kind) return
    await work()
    if (kind === 'stop') process.exit(0)
  })
}
