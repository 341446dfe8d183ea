// Starts a build's service as its users do, as a process with settings in its environment, and stops it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Profiler, profilerAt } from './inspector.ts'

export interface Service {
  url: string
  pid: number
  /** Null unless its build is profiled. */
  profiler: Profiler | null
  /** Suspends the process; `thaw` resumes it. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

export interface Build {
  /** The checkout that was built. */
  root: string
  /** Where its log goes. */
  folder: string
  /** Whether CPU profiles are taken of it. */
  isProfiled: boolean
}

const startsWithinMs = 30_000
let started = 0
const running = new Set<ChildProcess>()
// A service ends with the benchmark, however that ends.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export async function startService(build: Build, role: string, env: Record<string, string>): Promise<Service> {
  const port = await freePort()
  const name = `${role.replace(',', '-')}-${++started}`
  const logFile = path.join(build.folder, `${name}.log`)
  const output = openSync(logFile, 'a')
  const inspector = build.isProfiled ? await freePort() : null
  const flags = inspector === null ? [] : [`--inspect=127.0.0.1:${inspector}`]
  const child = spawn(process.execPath, [...flags, path.join(build.root, 'dist/src/main.js'), 'start'], {
    cwd: build.root,
    // Without our own environment, whose settings must not change the figures.
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: 'production',
      ...env,
      HOST: '127.0.0.1',
      PORT: String(port),
      POSTHORN_ROLES: role,
      DATA_DIR: build.folder,
    },
    stdio: ['ignore', output, output],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const url = `http://127.0.0.1:${port}`
  await ready(child, url, logFile)
  const pid = child.pid ?? 0
  return {
    url,
    pid,
    profiler: inspector === null ? null : profilerAt(inspector),
    freeze: () => void process.kill(pid, 'SIGSTOP'),
    thaw: () => void process.kill(pid, 'SIGCONT'),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGCONT')
      child.kill('SIGTERM')
      await gone
    },
  }
}

async function ready(child: ChildProcess, url: string, logFile: string): Promise<void> {
  const end = performance.now() + startsWithinMs
  while (performance.now() < end && child.exitCode === null) {
    const answer = await fetch(`${url}/readyz`).catch(() => null)
    await answer?.arrayBuffer()
    if (answer?.ok) return
    await wait(20)
  }
  child.kill('SIGKILL')
  throw new Error(`the service did not start; its log ends: ${readFileSync(logFile, 'utf8').slice(-2000)}`)
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
