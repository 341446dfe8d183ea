// `posthorn explain <file>`: prints what a running service would do with an event; nothing is stored or sent.
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import type { Schemas } from '../../clients/typescript/index.ts'
import type { Config } from '../config/config.ts'
import { fail, isFailure, noInput, print, printJson } from './output.ts'
import { ask, type Given, serviceFor } from './running.ts'
import { bold } from './styles.ts'

type Explained = Schemas['Explanation']
type Forecast = Explained['notifications'][number]

interface Options extends Given {
  source?: string
}

/** Exits with 0 on success, 1 where the event would be refused or the service does not answer, 66 where there is no file. */
export async function explainFile(config: Config, file: string, options: Options): Promise<void> {
  const body = await bodyOf(file)
  if (!body) return fail({ text: `${file} cannot be read.`, code: noInput })
  const service = await serviceFor(config, options, ['operator', 'viewer'])
  if (isFailure(service)) return fail(service)
  const query = options.source ? { source: options.source } : {}
  // The bytes as they are: the service says whether they are an event.
  const sent = { body: {}, bodySerializer: () => new Uint8Array(body) }
  const answer = await ask(service, (api) => api.POST('/v1/explain', { params: { query }, ...sent }))
  if (isFailure(answer)) return fail(answer)
  if (options.json) return printJson(answer.body)
  print(explainedText(answer.body, { byKey: options.source === undefined }))
}

/** The bytes of a file, or of stdin for `-`; null if it cannot be read. */
export function bodyOf(file: string): Promise<Buffer | null> {
  return (file === '-' ? buffer(process.stdin) : readFile(file)).catch(() => null)
}

/** `byKey`: nobody was named as the sender, so it is the API key that asks. */
function explainedText(explained: Explained, { byKey }: { byKey: boolean }): string {
  const { type, sourceType, source, status, reason, hint, reference } = explained
  const { notifications, counts, omissions, timers } = explained
  const named = type === sourceType ? type : `${type} (${sourceType})`
  const total = Object.entries(counts).map(([state, count]) => `${count} ${state}`)
  const shown = Object.values(counts).reduce((sum, count) => sum + count, 0) > notifications.length
  return [
    `${bold(named)} from ${byKey ? `the API key ${source}` : source}${reference ? `, reference ${reference}` : ''}`,
    `${status}${reason ? `: ${withCode(reason)}` : `: ${total.join(', ') || 'no notification'}`}`,
    ...(hint ? [hint] : []),
    ...(shown ? [`The first ${notifications.length}:`] : []),
    ...notifications.map((one) => `\n${forecastText(one)}`),
    ...(omissions.length > 0 ? ['\nNot made'] : []),
    ...omissions.map((o) => `  ${o.notifier}${o.channel ? ` ${o.channel}` : ''}: ${withCode(o.reason)}`),
    ...timers.map((t) => `\nTimer: ${t.emits} at ${t.dueAt}${t.reason ? `, cancelled: ${withCode(t.reason)}` : ''}`),
  ].join('\n')
}

function forecastText(n: Forecast): string {
  const who = n.recipientId && n.to ? `${n.to} (${n.recipientId})` : (n.to ?? n.recipientId ?? 'nobody')
  const waitsToBeSent = n.state === 'pending' || n.state === 'scheduled'
  const passedOver = n.route.filter((stop) => stop.passedOver).map((stop) => stop.passedOver)
  const { message } = n
  const parts = message?.segments ? `${message.segments} × ${message.encoding}` : null
  return [
    `${bold(n.state)} ${n.channel} to ${who}, by ${n.notifier}`,
    line(
      waitsToBeSent ? 'when' : 'why not',
      [waitsToBeSent ? (n.scheduledFor ?? 'now') : null, n.reason && withCode(n.reason)].filter(Boolean).join('. '),
    ),
    line('not after', n.expiresAt),
    line('priority', n.priority === 'normal' ? null : n.priority),
    line('provider', n.provider ? `${n.provider.name}: ${n.provider.why}` : waitsToBeSent ? 'none now' : null),
    line('passed over', passedOver.join(' ') || null),
    line('locale', message ? [n.locale, n.timezone, parts].filter(Boolean).join(', ') : null),
    line('subject', message?.subject ?? null),
    ...(message ? [message.text.trimEnd().replace(/^/gm, '    │ ').replace(/ +$/gm, '')] : []),
  ]
    .filter((text) => text !== null)
    .join('\n')
}

function line(name: string, value: string | null): string | null {
  return value === null ? null : `  ${name.padEnd(12)}${value}`
}

function withCode({ code, text }: { code: string; text: string }): string {
  return `${text} (${code})`
}
