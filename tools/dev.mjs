// Compiles on every change and restarts the service, until Ctrl+C: `npm run dev`. The types are checked beside the service, and so
// a change is not kept waiting for them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, watch } from 'node:fs'
import os from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'

const compiled = ['src', 'emails', 'clients']
const readAsTheyAre = ['assets', 'sql']
/** What an editor writes together is one change. */
const togetherMs = 100

const options = { stdio: 'inherit', env: { NODE_ENV: 'development', ...process.env } }
const compiler = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--incremental', '--tsBuildInfoFile']
const emitted = 'dist/.emitted.tsbuildinfo'
const emit = [...compiler, emitted, '--noCheck']
const check = [...compiler, 'dist/.checked.tsbuildinfo', '--noEmit']

/** The processes that run, by what they are for: each with what it has come to. */
const running = new Map()
let stopping = false
let mustCompile = true
let mustCheck = true
let change = Promise.withResolvers()

// Before the first compilation, so that no change is missed.
for (const folder of compiled)
  watch(folder, { recursive: true }, () => {
    mustCompile = true
    change.resolve()
  })
for (const folder of readAsTheyAre) watch(folder, { recursive: true }, () => change.resolve())
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'])
  process.on(signal, () => {
    stopping = true
    change.resolve()
    for (const [name, { child }] of running) child.kill(endOf(name, signal))
  })
// Something else may have compiled into dist/ since it was written.
rmSync(emitted, { force: true })

while (!stopping) {
  if (await compile()) await restart()
  await change.promise
  await wait(togetherMs)
  change = Promise.withResolvers()
}
await Promise.all([...running.values()].map(({ ended }) => ended))
process.exit(0)

/** False if dist/ is not what it should be. */
async function compile() {
  if (!mustCompile) return true
  mustCompile = false
  mustCheck = true
  const code = await run('compiler', emit)
  if (code === 0) return true
  mustCompile = true
  if (!stopping) console.log('It does not compile: it is tried again after the next change.')
  return false
}

async function restart() {
  await stop('service')
  run('service', ['dist/src/main.js', 'start'])?.then((code) => {
    if (code !== null) console.log(`The service ended with ${code}: it is started again after the next change.`)
  })
  if (!mustCheck) return
  await stop('types')
  run('types', check)?.then((code) => {
    if (code !== null) mustCheck = false
  })
  const { child } = running.get('types') ?? {}
  // Nobody waits for it.
  if (child?.pid) os.setPriority(child.pid, os.constants.priority.PRIORITY_LOW)
}

/** Resolves with its exit code; null where it was stopped from here. Nothing is started once this is to stop. */
function run(name, args) {
  if (stopping) return null
  const child = spawn(process.execPath, args, options)
  const ended = once(child, 'close').then(([code]) => {
    const wasStopped = stopping || running.get(name)?.child !== child
    if (running.get(name)?.child === child) running.delete(name)
    return wasStopped ? null : code
  })
  running.set(name, { child, ended })
  return ended
}

/** The compiler catches every other signal, and goes on until it is done. */
function endOf(name, signal) {
  return name === 'service' ? signal : 'SIGKILL'
}

async function stop(name) {
  const process = running.get(name)
  if (!process) return
  running.delete(name)
  process.child.kill(endOf(name, 'SIGTERM'))
  await process.ended
}
