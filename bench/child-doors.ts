// A service without workers that listens twice: one server commits webhooks in groups, as the service does; the other uses one
// transaction per webhook. Everything else is the same.
import { type Accept, makeAccept } from '../src/accept/accept.ts'
import { systemClock } from '../src/clock.ts'
import { loadConfig } from '../src/config/load.ts'
import { connect, createContext } from '../src/create-context.ts'
import { listen } from '../src/http/listen.ts'
import { buildServer } from '../src/http/server.ts'
import { openLog } from '../src/log.ts'
import { audienceOf, notifiers } from '../src/notifiers/index.ts'
import { openSources } from '../src/sources/index.ts'
import { childSettings, emit, on } from './child.ts'

const loaded = loadConfig(childSettings<Record<string, string>>())
if (!loaded.ok) throw new Error(loaded.faults.map(({ name, text }) => `${name} ${text}`).join('\n'))
const { config } = loaded
const sources = openSources(config.sources, config.apps ?? [], audienceOf)
const cleanup = new AsyncDisposableStack()
const log = openLog(config.logLevel)
const connections = await connect(cleanup, config, config.databaseUrl ?? '', log)
const ctx = await createContext(cleanup, config, connections, {
  log,
  print: () => {},
  clock: systemClock,
  sources,
  publicUrl: () => 'http://127.0.0.1',
})

async function door(accept: Accept): Promise<string> {
  const server = await buildServer({
    ctx,
    trustProxy: config.trustProxy,
    graceMs: config.shutdownGraceMs,
    notReady: async () => [],
    api: {
      accept,
      ratePerMinute: config.ingressRateLimit,
      apiKeys: [],
      notifiers,
      providers: new Map(),
      publicUrl: () => 'http://127.0.0.1',
    },
  })
  cleanup.defer(() => server.close())
  return (await listen(server, { ...config, port: 0 })).url
}

on('stop', () => cleanup.disposeAsync())
emit('ready', {
  inGroups: await door(makeAccept(ctx)),
  // A batcher for each event: it shares no transaction and waits for no other event.
  oneByOne: await door((incoming) => makeAccept(ctx)(incoming)),
})
