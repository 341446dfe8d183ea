// Settling many messages in doubt by a filter: the form, and the plan that comes before.
import type { DataFault } from '../../domain/event.ts'
import type { PageAnswer, Visit } from '../../http/dashboard/page.ts'
import { nameOf } from '../../show/provider.ts'
import { faultOf, timeFaultOf } from '../kit/faults.ts'
import { framed } from '../kit/frame.tsx'
import { Head } from '../kit/head.tsx'
import { Answer, count, Field, Panel, Select } from '../kit/parts.tsx'
import { PlanForm } from '../kit/plan-form.tsx'
import { channelText } from '../kit/provider-looks.tsx'
import { typedTime } from '../kit/times.ts'

export const unconfirmedPath = '/dashboard/unconfirmed'
const filters = ['provider', 'notifier', 'channel', 'since', 'until'] as const

export function isFilter(name: string): boolean {
  return filters.some((each) => each === name)
}

interface Settled {
  matched: number
  settled: number
}

/** `asOf`: when the plan was shown; what came into doubt later is left out. */
export async function settleByFilter(
  { api }: Visit,
  { asked, asOf, dryRun }: { asked: URLSearchParams; asOf: string | null; dryRun: boolean },
): Promise<Settled> {
  const filter = Object.fromEntries(
    filters.flatMap((name) => {
      const value = name === 'since' || name === 'until' ? typedTime(asked.get(name)) : asked.get(name)
      return value ? [[name, value]] : []
    }),
  )
  const sent = asked.get('sent') === 'true'
  return api.send('POST', '/v1/settlements', { ...filter, ...(asOf && { asOf }), sent, dryRun })
}

/** `faults`: what is wrong with what was asked, which the form shows again. */
export function ByFilter({ asked, faults }: { asked: URLSearchParams; faults: DataFault[] }) {
  const field = (name: string) => ({ name, value: asked.get(name) ?? undefined, fault: faultOf(faults, name) })
  const time = (name: string) => ({ ...field(name), fault: timeFaultOf(faults, name, asked.get(name)) })
  return (
    <Panel id="many" title="Settle many at once">
      <div className="in">
        <p className="quiet measure">
          When a provider says what became of its calls in a certain time, settle them together: first you see how many
          there are, then you say yes.
        </p>
        <form method="get" action={`${unconfirmedPath}/plan`} className="filters">
          <Field {...field('provider')} label="Provider that did not answer" />
          <Field {...field('notifier')} label="Notifier" />
          <Select
            name="channel"
            label="Channel"
            value={asked.get('channel') ?? ''}
            options={[
              ['', 'All'],
              ...['email', 'sms', 'callback'].map((each): [string, string] => [each, channelText(each)]),
            ]}
          />
          <Field {...time('since')} label="Made since, in UTC" placeholder="2026-11-21 02:41" />
          <Field {...time('until')} label="Made until, in UTC" placeholder="2026-11-21 03:00" />
          <Select
            name="sent"
            label="What is known"
            value={asked.get('sent') ?? 'true'}
            options={[
              ['true', 'They were sent'],
              ['false', 'They were not sent'],
            ]}
          />
          <div className="btns">
            <button className="btn" type="submit">
              See the plan…
            </button>
          </div>
        </form>
      </div>
    </Panel>
  )
}

/** What the plan is narrowed to. */
function filterLine(name: (typeof filters)[number], value: string | null): string[] {
  if (!value) return []
  switch (name) {
    case 'provider':
      return [`Only calls to ${nameOf(value)}.`]
    case 'notifier':
      return [`Only messages of ${value}.`]
    case 'channel':
      return [`Only messages by ${channelText(value)}.`]
    case 'since':
      return [`Only messages made since ${value}, in UTC.`]
    case 'until':
      return [`Only messages made until ${value}, in UTC.`]
  }
}

function consequence(matched: number, sent: boolean): string {
  if (sent)
    return matched === 1
      ? 'It is marked as sent, with your name. If it was not, nobody ever gets it.'
      : 'They are marked as sent, with your name. Whoever did not get one never will.'
  return matched === 1
    ? 'It goes on as if the call had failed: most likely it is sent again, and it arrives twice if you are wrong.'
    : 'They go on as if the call had failed: most are sent again, and arrive twice if you are wrong.'
}

export async function planPage(visit: Visit, now: Date): Promise<PageAnswer> {
  const asOf = now.toISOString()
  const { matched } = await settleByFilter(visit, { asked: visit.query, asOf, dryRun: true })
  const sent = visit.query.get('sent') === 'true'
  const title =
    matched === 0 ? 'Nothing to settle' : `Settle ${count(matched, 'message')} as ${sent ? 'sent' : 'not sent'}?`
  const html = framed({
    visit,
    title,
    section: 'unconfirmed',
    children: (
      <>
        <Head
          title={title}
          crumb={
            <>
              <a href={unconfirmedPath}>Unconfirmed</a> / the plan
            </>
          }
        />
        <Answer tone="ask" icon="ask">
          <p>
            <strong>Nothing has been done so far.</strong> {count(matched, 'message')} in doubt{' '}
            {matched === 1 ? 'matches' : 'match'}.
          </p>
          {matched === 0 && (
            <p>
              Widen the filter: <a href={`${unconfirmedPath}#many`}>go back</a>.
            </p>
          )}
        </Answer>
        {matched > 0 && (
          <PlanForm
            visit={visit}
            action={`${unconfirmedPath}/settle`}
            asked={{
              ...Object.fromEntries([...filters, 'sent'].map((name) => [name, visit.query.get(name) ?? ''])),
              asOf,
            }}
            lines={[...filters.flatMap((name) => filterLine(name, visit.query.get(name))), consequence(matched, sent)]}
            act={{ text: `Settle ${count(matched, 'message')}`, isDangerous: true }}
            back={unconfirmedPath}
          >
            <Field name="confirm" label={`Type ${matched} to go on`} required />
          </PlanForm>
        )}
      </>
    ),
  })
  return { kind: 'page', html }
}
