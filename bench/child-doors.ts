// Two doors to one service without workers: one commits webhooks in groups, as the service does; behind the other each
// webhook has a transaction of its own, as many at once as there are connections. Everything else is the same.

import { type Accept, makeAccept } from '../src/accept/accept.ts'
import { systemClock } from '../src/clock.ts'
import { loadConfig } from '../src/config/load.ts'
import { createContext } from '../src/create-context.ts'
import { buildServer, listen } from '../src/http/server.ts'
import { openLog } from '../src/log.ts'
import { notifiers, whoListens } from '../src/notifiers/index.ts'
import { openSources } from '../src/sources/index.ts'
import { given, on, tell } from './child.ts'

const loaded = loadConfig(given<Record<string, string>>())
if (!loaded.ok) throw new Error(loaded.faults.map(({ name, text }) => `${name} ${text}`).join('\n'))
const { config } = loaded
const sources = openSources(config.sources, config.apps ?? [], whoListens)
const held = new AsyncDisposableStack()
const ctx = await createContext(held, config, config.databaseUrl ?? '', {
  log: openLog(config.logLevel),
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
      sources,
      ratePerMinute: config.ingressRateLimit,
      apiKeys: [],
      notifiers,
      providers: new Map(),
      publicUrl: () => 'http://127.0.0.1',
    },
  })
  held.defer(() => server.close())
  return listen(server, config.host, 0)
}

on('stop', () => held.disposeAsync())
tell('ready', {
  inGroups: await door(makeAccept(ctx)),
  // A batcher for one event: nobody shares its transaction, and it waits for nobody.
  oneByOne: await door((incoming) => makeAccept(ctx)(incoming)),
})
