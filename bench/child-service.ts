// The real service with a benchmark's settings. It writes its log, as in production, and the log is discarded.
import { loadConfig } from '../src/config/load.ts'
import { openLog } from '../src/log.ts'
import { start } from '../src/start.ts'
import { childSettings, emit, on } from './child.ts'

const loaded = loadConfig(childSettings<Record<string, string>>())
if (!loaded.ok) throw new Error(loaded.faults.map(({ name, text }) => `${name} ${text}`).join('\n'))
const running = await start(loaded.config, { log: openLog(loaded.config.logLevel), print: () => {} })
on('cpu', () => {
  const { user, system } = process.cpuUsage()
  emit('used', (user + system) / 1000)
})
on('stop', () => running.stop())
emit('ready', running.url)
