// `posthorn connect <provider>`: registers the receipt webhook, stores its secret, sends one test message and waits for its
// signed receipt.
import type { Config } from '../config/config.ts'
import { openLog } from '../log.ts'
import type { Account } from '../providers/account.ts'
import { allVendors, routes } from '../providers/index.ts'
import { callbackBase } from '../providers/kit/callback-base.ts'
import type { ConfiguredProvider, Vendor } from '../providers/provider.ts'
import { openDatabase } from '../start.ts'
import { openDb } from '../store/db.ts'
import { migrate } from '../store/migrate.ts'
import { saveReceiptSecret } from '../store/secrets.ts'
import { nearestName } from '../wire/nearest-name.ts'
import { badUsage, type Failure, fail, isFailure, print, printJson } from './output.ts'
import { type Given, serviceFor } from './running.ts'
import { sendAndFollow } from './send.ts'
import { green } from './styles.ts'

export interface ConnectOptions extends Given {
  to?: string
  wait: number
  canary: boolean
}

/** The providers that send receipts. */
export const connectable: readonly string[] = allVendors
  .filter(({ reportSettings }) => reportSettings.receipts)
  .map(({ name }) => name)

/** The test message is a sample of this notifier, which has both channels. */
const canaryNotifier = 'order-confirmed'

interface Step {
  step: 'webhook' | 'secret' | 'canary'
  text: string
  changed: boolean
}

/** Exits with 0 once a receipt has come, or without a canary once the webhook is there; else with 1 and the fix. */
export async function connect(config: Config, name: string, options: ConnectOptions): Promise<void> {
  const vendor = allVendors.find((one) => one.name === name && connectable.includes(name))
  if (!vendor) return fail(unknownProvider(name))
  const provider = config.providers.get(name)
  if (!provider)
    return fail({
      text: `${vendor.title} is not configured: set ${Object.keys(vendor.lines)[0]}, and what else docs/settings.md lists for it.`,
    })
  const steps: Step[] = []
  const done = (step: Step) => {
    steps.push(step)
    if (!options.json) print(`${green('ok')}  ${step.text}`)
  }
  const failure =
    (await register(config, { vendor, provider }, done)) ??
    (options.canary ? await sendCanary(config, { vendor, account: provider.account, options }, done) : null)
  if (failure) return fail(failure)
  if (options.json) printJson({ provider: name, changed: steps.some(({ changed }) => changed), steps })
}

type Done = (step: Step) => void

async function register(
  config: Config,
  { vendor, provider }: { vendor: Vendor; provider: ConfiguredProvider },
  done: Done,
): Promise<Failure | null> {
  const { name, title, reportSettings } = vendor
  const setting = reportSettings.receipts ?? ''
  const base = callbackBase(config.publicUrl)
  if (!base)
    return {
      text: `PUBLIC_URL is not a public https address, so ${title} cannot reach this service.\n→ Set PUBLIC_URL to the https address under which it is reached from outside.`,
    }
  const receiptsUrl = `${base}/receipts/${name}`
  if (!provider.account?.connect) {
    const text = `${title} has no call that registers a webhook.`
    const hand = `${text}\n→ In its panel let it post to ${receiptsUrl}, and set ${setting}; see docs/providers.md.`
    if (!provider.receipts) return { text: hand }
    done({
      step: 'webhook',
      text: `${text} In its panel it must post to ${receiptsUrl}; ${setting} verifies it.`,
      changed: false,
    })
    return null
  }
  const connected = await provider.account.connect(receiptsUrl)
  if (!connected.ok) return { text: `${connected.text}\n→ ${connected.fix}` }
  done({ step: 'webhook', text: connected.text, changed: connected.changed })
  if (provider.receipts) {
    done({ step: 'secret', text: `${setting} is set, and verifies the receipts.`, changed: false })
    return null
  }
  if (connected.secret === null || !provider.receiptsBy(connected.secret))
    return { text: `Nothing verifies the receipts of ${title}.\n→ Set ${setting} to the secret that ${title} shows.` }
  const isNew = await store(config, name, connected.secret)
  const text = isNew
    ? 'The secret that verifies the receipts is stored.'
    : 'The secret that verifies the receipts was stored already.'
  done({ step: 'secret', text, changed: isNew })
  return null
}

async function store(config: Config, name: string, secret: string): Promise<boolean> {
  const log = openLog('silent')
  await using held = new AsyncDisposableStack()
  const database = await openDatabase(config, log)
  held.defer(database.stop)
  await migrate(database.ownerUrl, { folder: database.folder, log })
  const db = openDb({ url: database.url, poolSize: 1, log })
  held.defer(() => db.end())
  return saveReceiptSecret(db, name, secret)
}

interface Canary {
  vendor: Vendor
  account: Account | null
  options: ConnectOptions
}

async function sendCanary(config: Config, { vendor, account, options }: Canary, done: Done): Promise<Failure | null> {
  const { name, title, channel } = vendor
  const to = options.to ?? account?.canary ?? (channel === 'email' ? config.operatorEmail : null)
  if (!to) return { text: 'The test message needs an address.\n→ Give one with --to, or use --no-canary.' }
  const primary = routes(config, { print: () => {}, nowMs: () => 0 })[channel][0]?.name
  if (primary !== name)
    return {
      text: `The test message would go by ${primary ?? 'no provider'}, which is first on the route of ${channel}.\n→ Put ${name} first in ${channel.toUpperCase()}_PROVIDERS for this test, or use --no-canary.`,
    }
  const service = await serviceFor(config, options, ['operator'])
  if (isFailure(service)) return service
  const ended = await sendAndFollow(service, canaryNotifier, {
    to,
    wait: options.wait,
    print: options.json ? () => {} : print,
    isEnd: ({ receipts }) => receipts.length > 0,
  })
  if (isFailure(ended)) return ended
  const receipt = ended.receipts.find(({ provider }) => provider === name)
  if (receipt) {
    done({ step: 'canary', text: `A signed receipt has come: ${receipt.kind}.`, changed: false })
    return null
  }
  if (ended.state !== 'sent')
    return {
      text: `The test message is ${ended.state}: ${ended.reason?.text ?? ''}\n→ Run posthorn doctor; posthorn notification ${ended.id} shows each attempt.`,
    }
  return {
    text: `${title} took the test message, and no receipt has come within ${options.wait} seconds.\n→ Check that the service is reached at PUBLIC_URL from outside, and look for "report refused" in its log.`,
  }
}

function unknownProvider(name: string): Failure {
  const nearest = nearestName(name, connectable)
  return {
    text: `No provider ${name} sends receipts.${nearest ? ` Did you mean ${nearest}?` : ''}\nProviders: ${connectable.join(', ')}`,
    code: badUsage,
  }
}
