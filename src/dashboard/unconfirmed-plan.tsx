// Settling many messages in doubt by a filter: the form, and the plan that comes before.
import type { PageAnswer, Visit } from '../http/dashboard-page.ts'
import { framed } from './frame.tsx'
import { Head } from './head.tsx'
import { Answer, count, Field, Panel, Select } from './parts.tsx'
import { PlanForm } from './plan-form.tsx'

export const unconfirmedPath = '/dashboard/unconfirmed'
const filters = ['provider', 'notifier', 'channel', 'since', 'until'] as const

interface Settled {
  matched: number
  settled: number
}

export async function settleByFilter({ api }: Visit, asked: URLSearchParams, dryRun: boolean): Promise<Settled> {
  const filter = Object.fromEntries(filters.flatMap((name) => (asked.get(name) ? [[name, asked.get(name)]] : [])))
  return api.send('POST', '/v1/settlements', { ...filter, sent: asked.get('sent') === 'true', dryRun })
}

export function ByFilter() {
  return (
    <Panel id="many" title="Settle many at once">
      <div className="in">
        <p className="quiet measure">
          When a provider says what became of its calls in a certain time, settle them together: first you see how many
          there are, then you say yes.
        </p>
        <form method="get" action={`${unconfirmedPath}/plan`} className="filters">
          <Field name="provider" label="Provider that did not answer" />
          <Field name="notifier" label="Notifier" />
          <Select
            name="channel"
            label="Channel"
            value=""
            options={[['', 'All'], ...['email', 'sms', 'callback'].map((each): [string, string] => [each, each])]}
          />
          <Field name="since" label="Made since" placeholder="2026-11-21T02:41:00Z" />
          <Field name="until" label="Made until" placeholder="2026-11-21T03:00:00Z" />
          <Select
            name="sent"
            label="What is known"
            value="true"
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

export async function planPage(visit: Visit): Promise<PageAnswer> {
  const { matched } = await settleByFilter(visit, visit.query, true)
  const sent = visit.query.get('sent') === 'true'
  const title = `Settle ${count(matched, 'message')} as ${sent ? 'sent' : 'not sent'}?`
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
        </Answer>
        {matched > 0 && (
          <PlanForm
            visit={visit}
            action={`${unconfirmedPath}/settle`}
            asked={Object.fromEntries([...filters, 'sent'].map((name) => [name, visit.query.get(name) ?? '']))}
            lines={[
              ...filters.flatMap((name) => (visit.query.get(name) ? [`${name} ${visit.query.get(name)}`] : [])),
              sent
                ? 'They are marked as sent, with your name. Whoever did not get one never will.'
                : 'They go on as if the call had failed: most are sent again, and may arrive twice if you are wrong.',
            ]}
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
