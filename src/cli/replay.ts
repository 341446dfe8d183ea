// `posthorn replay --since --until`: first the plan, then the run with its progress.
import { setTimeout as wait } from 'node:timers/promises'
import type { Schemas } from '../../clients/typescript/index.ts'
import type { Config } from '../config/config.ts'
import { fail, isFailure, print, printJson } from './output.ts'
import { ask, type Given, serviceFor } from './running.ts'
import { bold } from './styles.ts'
import { timeOption } from './times.ts'

export interface ReplayOptions extends Given {
  since: string
  until?: string
  source?: string
  type?: string
  state?: string
  rate?: number
  dryRun?: boolean
}

type Counts = Schemas['Replay']['plan']
type Run = Schemas['Replay']

const asksEveryMs = 200
const barWidth = 30

/** Exits with 1 where the service refuses. The run goes on in the service when the command is interrupted. */
export async function replay(config: Config, options: ReplayOptions): Promise<void> {
  const service = await serviceFor(config, options, ['operator'])
  if (isFailure(service)) return fail(service)
  const { since, until = timeOption('0s'), source, type, state, rate: ratePerSecond, dryRun, json } = options
  const window = { since, until, source, type, state, ...(ratePerSecond && { ratePerSecond }) }
  const replays = (dryRun: boolean) =>
    ask(service, (api) => api.POST('/v1/replays', { body: { ...window, dryRun } as Schemas['NewReplay'] }))
  const planned = await replays(true)
  if (isFailure(planned)) return fail(planned)
  if (!json)
    for (const line of [...countLines('Plan', planned.body.plan), ...whyNothing(planned.body.plan)]) print(line)
  if (dryRun) return json ? printJson(planned.body) : undefined

  const started = await replays(false)
  if (isFailure(started)) return fail(started)
  if (!('id' in started.body)) return fail({ text: 'The service planned the replay and did not start it.' })
  let run = started.body
  for (const bar = progressBar(); ; await wait(asksEveryMs)) {
    if (!json) bar(run)
    if (run.status === 'done') break
    const answer = await ask(service, (api) => api.GET('/v1/replays/{id}', { params: { path: { id: run.id } } }))
    if (isFailure(answer)) return fail(answer)
    run = answer.body
  }
  if (json) return printJson(run)
  for (const line of countLines(`Done, replay ${run.id}`, run.progress)) print(line)
}

function countLines(title: string, { events, wouldSend, alreadySent, expired, suppressed, other }: Counts): string[] {
  const counts = [
    ['events', events],
    [title === 'Plan' ? 'would send' : 'sent', wouldSend],
    ['already sent', alreadySent],
    ['expired', expired],
    ['suppressed', suppressed],
    ['other', other === 0 ? other : `${other} (${othersAre})`],
  ] as const
  return [bold(title), ...counts.map(([name, count]) => `  ${name.padEnd(13)}${count}`)]
}

/** What is counted as other: see outcomeOf in operate/replay-plan.ts. */
const othersAre =
  'scheduled, pending, sending, unconfirmed, cancelled or digested, or without a message: left as they are'

/** Why a plan would send nothing; empty where it would send something. */
function whyNothing({ events, wouldSend, alreadySent, expired, suppressed, other }: Counts): string[] {
  if (wouldSend > 0) return []
  if (events === 0) return ['No event of this window matches, so nothing would be sent.']
  const reasons = [
    alreadySent > 0 && 'what was sent is not sent again',
    expired > 0 && 'the time limit of what expired is over',
    suppressed > 0 && 'what suppressed a message still holds',
    other > 0 && 'what has not ended, or was cancelled, is left as it is',
  ].filter((text) => text !== false)
  if (reasons.length > 0) return [`Nothing would be sent: ${reasons.join('; ')}.`]
  return [
    'Nothing would be sent: these events make no notification now, for the reason that each had before. GET /v1/events/{id} shows it.',
  ]
}

/** Draws on stderr, and only on a terminal. */
function progressBar(): (run: Run) => void {
  if (!process.stderr.isTTY) return () => {}
  return ({ status, plan, progress }) => {
    const part = status === 'done' ? 1 : Math.min(1, progress.events / Math.max(1, plan.events))
    const full = Math.round(part * barWidth)
    const bar = '█'.repeat(full) + '░'.repeat(barWidth - full)
    process.stderr.write(`\r${bar} ${progress.events} of ${plan.events} events${status === 'done' ? '\n' : ''}`)
  }
}
