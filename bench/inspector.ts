// Takes CPU profiles of a service's process over its inspector, for as long as is asked for.

export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[]
  samples: number[]
  timeDeltas: number[]
}

export interface Profiler {
  /** Begins as soon as the process can; it may be suspended. */
  start(): void
  stop(): Promise<CpuProfile>
}

interface Session {
  call(method: string, params?: object): Promise<unknown>
  close(): void
}

/**
 * The profiler of the process whose inspector listens on this port. It is connected only between start and stop: a process
 * does not end while it is.
 */
export function profilerAt(port: number): Profiler {
  let starting: Promise<Session> | null = null
  return {
    start() {
      starting = begin(port)
    },
    async stop() {
      const session = await (starting ?? begin(port))
      const { profile } = (await session.call('Profiler.stop')) as { profile: CpuProfile }
      session.close()
      return profile
    },
  }
}

async function begin(port: number): Promise<Session> {
  const session = await connect(port)
  await session.call('Profiler.enable')
  await session.call('Profiler.setSamplingInterval', { interval: 500 })
  await session.call('Profiler.start')
  return session
}

async function connect(port: number): Promise<Session> {
  const answer = await fetch(`http://127.0.0.1:${port}/json/list`)
  const [target] = (await answer.json()) as { webSocketDebuggerUrl: string }[]
  if (!target) throw new Error('the inspector has no target')
  const socket = new WebSocket(target.webSocketDebuggerUrl)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  const waiting = new Map<number, (result: unknown) => void>()
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id: number; result: unknown }
    waiting.get(id)?.(result)
  })
  let calls = 0
  return {
    call(method, params = {}) {
      const id = ++calls
      socket.send(JSON.stringify({ id, method, params }))
      return new Promise((resolve) => waiting.set(id, resolve))
    },
    close: () => socket.close(),
  }
}
