// `posthorn trigger <type>`: signs a sample event as its source would, and posts it to a running service.
import { createHash, randomUUID } from 'node:crypto'
import type { Schemas } from '../../clients/typescript/index.ts'
import { systemClock } from '../clock.ts'
import { accessOf } from '../config/access.ts'
import type { Config } from '../config/config.ts'
import { type PersonalChannel, personalChannels } from '../domain/notification.ts'
import { ada } from '../notifiers/_sample.ts'
import { audienceOf, notifiers, notifiersFor } from '../notifiers/index.ts'
import { isForRecipients } from '../notifiers/notifier.ts'
import { openSources, type Sources, vendorSources } from '../sources/index.ts'
import type { Sample } from '../sources/kit/sample.ts'
import type { Source } from '../sources/source.ts'
import { type Fields, isFields, parseJson } from '../wire/json.ts'
import { nearestName } from '../wire/nearest-name.ts'
import { bodyOf } from './explain.ts'
import { badUsage, type Failure, fail, isFailure, noInput, print, printJson } from './output.ts'
import { ask, type Given, postWebhook, serviceFor, urlFor } from './running.ts'
import { bold } from './styles.ts'

export interface TriggerOptions extends Given {
  email?: string
  phone?: string
  data?: string
  app?: string
  id?: string
}

interface Triggered {
  source: Source
  path: string
  body: object
}

const samples = new Map(notifiers.map((notifier) => [notifier.on[0], notifier.sample]))
const ofVendors = new Map<string, { vendor: string; sample: Sample }>(
  vendorSources.flatMap(({ name, samples }) =>
    Object.entries(samples).map(([type, sample]) => [`${name}:${type}`, { vendor: name, sample }] as const),
  ),
)

/** Every type with a sample: ours, then the vendors' with their source before them. */
export const triggerTypes: readonly string[] = [...samples.keys(), ...ofVendors.keys()]

/** A vendor's type needs its source before it only where it is also a type of ours. */
export async function trigger(config: Config, type: string, options: TriggerOptions): Promise<void> {
  const url = urlFor(config, options)
  if (typeof url !== 'string') return fail(url)
  const given = options.data === undefined ? null : await givenData(options.data)
  if (given && isFailure(given)) return fail(given)
  const { apps } = await accessOf({ ...config, roles: { ...config.roles, api: true } })
  const app = options.app ?? apps[0]?.name ?? ''
  const made = eventOf(openSources({ vendors: config.sources, apps, testApps: [], audienceOf }), {
    type,
    app,
    options,
    given: given?.data ?? null,
  })
  if (isFailure(made)) return fail(made)
  const raw = Buffer.from(JSON.stringify(made.body))
  const nowMs = systemClock.now().getTime()
  const headers = made.source.webhooks?.sign?.(raw, options.id ?? `trigger-${randomUUID()}`, nowMs)
  if (!headers) return fail({ text: noSecret(made.source.name) })
  const request = { headers: { 'content-type': 'application/json', ...headers }, body: raw }
  const answer = await postWebhook<Schemas['Accepted']>(url, made.path, request)
  if (isFailure(answer)) return fail(answer)
  if (options.json) return printJson(answer.body)
  const { id, duplicate, status } = answer.body
  print(`${bold(duplicate ? 'duplicate' : status)} ${type} from ${made.source.name}, event ${id}`)
  if (status === 'accepted' && !duplicate) for (const line of await leftOut(made.source, raw)) print(line)
  if (status === 'ignored') for (const line of await whyIgnored(config, options, id)) print(line)
}

/** The channels of its notifications for which none of its people has an address, a line each. */
async function leftOut(source: Source, raw: Buffer): Promise<string[]> {
  const translation = await source.translate(raw)
  if (!translation.ok) return []
  const { type, recipients, channels } = translation.content
  const hasChannel = (channel: PersonalChannel) =>
    (channels ?? [channel]).includes(channel) &&
    notifiersFor(type).some((notifier) => isForRecipients(notifier) && notifier.channels.includes(channel))
  const lines = {
    email: '  No email address was given: the email is left out.',
    sms: '  No phone was given: the text is left out.',
  }
  return personalChannels.flatMap((channel) => {
    const isReached = recipients.some(({ email, phone }) => (channel === 'email' ? email : phone))
    return !isReached && hasChannel(channel) ? [lines[channel]] : []
  })
}

/** Empty where no key may ask. */
async function whyIgnored(config: Config, options: TriggerOptions, id: string): Promise<string[]> {
  const service = await serviceFor(config, options, ['operator', 'viewer'])
  if (isFailure(service)) return []
  const answer = await ask(service, (api) => api.GET('/v1/events/{id}', { params: { path: { id } } }))
  return !isFailure(answer) && answer.body.reason ? [`  ${answer.body.reason.text} (${answer.body.reason.code})`] : []
}

interface Wanted {
  type: string
  app: string
  options: TriggerOptions
  given: Fields | null
}

function eventOf(sources: Sources, { type, app, options, given }: Wanted): Triggered | Failure {
  const { id, email, phone } = personOf(options)
  const own = samples.get(type)
  if (own) {
    const source = sources.app(app)
    if (!source) return { text: noSecret(app) }
    const recipient = { ...own.recipient, id: id ?? own.recipient.id, email, phone }
    const whole = given && isFields(given.data) ? given : { data: given ?? own.data }
    const { timestamp: _older, ...sample } = own
    return { source, path: `/webhooks/apps/${encodeURIComponent(app)}`, body: { ...sample, recipient, ...whole, type } }
  }
  const full = ofVendors.has(type) ? type : [...ofVendors.keys()].find((name) => name.endsWith(`:${type}`))
  const known = full === undefined ? undefined : ofVendors.get(full)
  const source = known && sources.vendor(known.vendor)
  if (!known || !source) return unknownType(type)
  const ids = { customer: id ?? 'cus_sample', run: randomUUID().slice(0, 8) }
  const about = { email: email ?? null, phone: phone ?? null, ...ids, nowMs: systemClock.now().getTime() }
  return { source, path: `/webhooks/${known.vendor}`, body: given ?? known.sample(about) }
}

/** The sample's person; or one with only the given addresses, and an id that follows from them. */
function personOf({ email, phone }: TriggerOptions): { id: string | null; email?: string; phone?: string } {
  const address = (email ?? phone)?.trim().toLowerCase()
  if (address === undefined) return { id: null, email: ada.email, phone: ada.phone }
  return { id: `cus_${createHash('sha256').update(address).digest('hex').slice(0, 12)}`, email, phone }
}

async function givenData(file: string): Promise<{ data: Fields } | Failure> {
  const raw = await bodyOf(file)
  if (!raw) return { text: `${file} cannot be read.`, code: noInput }
  const data = parseJson(raw)
  return isFields(data) ? { data } : { text: `${file} does not hold a JSON object.`, code: noInput }
}

function unknownType(type: string): Failure {
  const nearest = nearestName(type, triggerTypes)
  const meant = nearest ? ` Did you mean ${nearest}?` : ''
  return { text: `There is no sample of ${type}.${meant}\nTypes: ${triggerTypes.join(', ')}`, code: badUsage }
}

function noSecret(name: string): string {
  const vendor = vendorSources.find((source) => source.name === name)
  const setting = vendor?.webhookSetting ?? 'APP_WEBHOOK_SECRETS'
  return `The settings here have no secret of ${name || 'an app'} to sign with: set ${setting} to what the service has.`
}
