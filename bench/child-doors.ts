// Two doors to one service without workers: one commits webhooks in groups, as the service does; behind the other each
// webhook has a transaction of its own, as many at once as there are connections. Everything else is the same.

import { systemClock } from '../src/clock.ts'
import { loadConfig } from '../src/config/load.ts'
import type { Ctx } from '../src/context.ts'
import { assemble } from '../src/create-context.ts'
import { buildServer, listen } from '../src/http/server.ts'
import { openLog } from '../src/log.ts'
import { notifiers, whoListens } from '../src/notifiers/index.ts'
import { translateAppBody } from '../src/sources/app/envelope.ts'
import { sources } from '../src/sources/index.ts'
import { acceptEvents } from '../src/store/events/insert.ts'
import { given, on, tell } from './child.ts'

const loaded = loadConfig(given<Record<string, string>>())
if (!loaded.ok) throw new Error(loaded.faults.map(({ name, text }) => `${name} ${text}`).join('\n'))
const { config } = loaded
const from = sources(config, config.apps ?? [], whoListens)
const held = new AsyncDisposableStack()
const ctx = await assemble(held, config, config.databaseUrl ?? '', {
  log: openLog(config.logLevel),
  print: () => {},
  clock: systemClock,
  translator: from.translator,
  lookUp: from.lookUp,
  publicUrl: () => 'http://127.0.0.1',
})

async function door(of: Ctx): Promise<string> {
  const server = await buildServer({
    ctx: of,
    trustProxy: config.trustProxy,
    graceMs: config.shutdownGraceMs,
    notReady: async () => [],
    api: {
      stripe: from.stripe,
      razorpay: from.razorpay,
      app: from.app,
      isVendor: from.isVendor,
      translateApp: (raw) => translateAppBody(raw, whoListens),
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
  inGroups: await door(ctx),
  // A batcher for one event: nobody shares its transaction, and it waits for nobody.
  oneByOne: await door({ ...ctx, acceptEvent: (event) => acceptEvents(ctx.db, ctx.jobs)(event) }),
})
