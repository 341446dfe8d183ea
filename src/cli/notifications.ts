// `posthorn notifications` and `posthorn notification <id>`: search, and one with its attempts and timeline.
import type { Schemas } from '../../clients/typescript/index.ts'
import type { operations } from '../../clients/typescript/schema.ts'
import type { Config } from '../config/config.ts'
import { whatToDo } from '../show/what-to-do.ts'
import { clean, fail, isFailure, print, printJson, shortTime, stateText, table } from './output.ts'
import { ask, type Given, serviceFor } from './running.ts'
import { bold, dim } from './styles.ts'

export interface Search extends Given {
  recipient?: string
  reference?: string
  notifier?: string
  channel?: string
  state?: string
  provider?: string
  type?: string
  source?: string
  since?: string
  until?: string
  limit?: string
  cursor?: string
}

/** As they are typed; the service says what is wrong with them. */
type Query = NonNullable<operations['listNotifications']['parameters']['query']>

export async function searchNotifications(config: Config, options: Search): Promise<void> {
  const service = await serviceFor(config, options, ['operator', 'viewer'])
  if (isFailure(service)) return fail(service)
  const { url: _url, key: _key, json, type, ...filters } = options
  const query = { limit: 20, ...filters, ...(type && { eventType: type }) } as Query
  const answer = await ask(service, (api) => api.GET('/v1/notifications', { params: { query } }))
  if (isFailure(answer)) return fail(answer)
  if (json) return printJson(answer.body)
  const { data, nextCursor } = answer.body
  if (data.length === 0) return print('No notification matches.')
  const titles = ['created (UTC)', 'id', 'state', 'channel', 'notifier', 'to', 'reference', 'reason']
  const rows = data.map((n) => [
    ...[shortTime(n.createdAt), n.id, n.state, n.channel, n.notifier],
    ...[n.to, n.reference, n.reason?.code ?? null],
  ])
  for (const line of table(titles, rows)) print(line)
  if (nextCursor) print(dim(`More: repeat with --cursor ${nextCursor}`))
}

export async function showNotification(config: Config, id: string, options: Given): Promise<void> {
  const service = await serviceFor(config, options, ['operator', 'viewer'])
  if (isFailure(service)) return fail(service)
  const params = { path: { id }, query: { include: 'message' } } as const
  const answer = await ask(service, (api) => api.GET('/v1/notifications/{id}', { params }))
  if (isFailure(answer)) return fail(answer)
  if (options.json) return printJson(answer.body)
  for (const line of auditLines(answer.body)) print(line)
}

function auditLines(n: Schemas['NotificationAudit']): string[] {
  const facts: [string, string | null][] = [
    ['reason', n.reason && `${n.reason.text} (${n.reason.code})`],
    [
      'receipt',
      n.state === 'sent' && n.channel !== 'callback' && !n.reason ? 'None so far says whether it arrived.' : null,
    ],
    ['next', n.timeline.at(-1)?.code === 'next' ? null : whatToDo(n)],
    ['subject', n.subject],
    ['event', `${n.eventId} ${n.eventType}`],
    ['reference', n.reference],
    ['scheduled', n.scheduledFor && shortTime(n.scheduledFor)],
  ]
  const attempts = n.attempts.map((a) => [
    ...[String(a.number), shortTime(a.startedAt), a.provider, a.outcome ?? 'open'],
    ...[
      a.statusCode === null ? null : String(a.statusCode),
      a.latencyMs === null ? null : `${a.latencyMs} ms`,
      a.error,
    ],
  ])
  return [
    `${bold(stateText(n.state))} ${n.channel} to ${clean(n.to ?? 'nobody')}, by ${n.notifier}`,
    ...facts.flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(10)} ${clean(value)}`])),
    ...(attempts.length > 0
      ? ['', ...table(['#', 'attempt (UTC)', 'provider', 'outcome', 'status', 'took', 'error'], attempts)]
      : []),
    ...(n.attemptCount > n.attempts.length
      ? [dim(`  The first and the latest attempts, ${n.attempts.length} of ${n.attemptCount}.`)]
      : []),
    '',
    ...n.timeline.map(timelineLine),
    ...(n.timelineCount > n.timeline.length
      ? [dim(`  The first and the latest entries, ${n.timeline.length} of ${n.timelineCount}.`)]
      : []),
    ...(n.message
      ? [
          '',
          ...n.message.text
            .trimEnd()
            .split('\n')
            .map((line) => `  │ ${clean(line)}`),
        ]
      : []),
  ]
}

/** The entry with its time in UTC; what comes next has no place among the times of what happened. */
export function timelineLine({ at, code, what, detail }: Schemas['TimelineEntry']): string {
  const time = `${at.slice(0, 10)} ${at.slice(11, 23)}`
  const [place, more] = code === 'next' ? ['next'.padEnd(time.length), ` At ${time}.`] : [time, '']
  return `  ${place}  ${clean(what)}${more}${detail ? ` ${dim(clean(detail))}` : ''}`
}
