// Compiles on every change and restarts the service, until Ctrl+C: `npm run dev`.
import { spawn, spawnSync } from 'node:child_process'

const compile = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']
const service = [
  '--watch-preserve-output',
  '--watch-path=dist/src',
  '--watch-path=dist/emails',
  '--watch-path=assets',
  '--watch-path=sql',
  'dist/src/main.js',
  'start',
]
const options = { stdio: 'inherit', env: { NODE_ENV: 'development', ...process.env } }

const { status } = spawnSync(process.execPath, compile, options)
if (status !== 0) process.exit(status ?? 1)
const running = [
  spawn(process.execPath, [...compile, '--watch', '--preserveWatchOutput'], options),
  spawn(process.execPath, service, options),
]
function stopAll(signal) {
  for (const each of running) each.kill(signal)
}
// The terminal signals all three, and so they end by themselves; whatever else signals only this one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(signal, stopAll)
for (const each of running) each.on('exit', () => stopAll('SIGTERM'))
