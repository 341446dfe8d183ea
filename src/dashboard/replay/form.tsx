// The form that asks for the plan of a replay, with what is wrong with it beneath each field.
import type { DataFault } from '../../domain/event.ts'
import { faultOf, timeFaultOf } from '../kit/faults.ts'
import { Field, Select } from '../kit/parts.tsx'
import { stateLooks } from '../kit/states.tsx'

/** What narrows a replay. */
export const filters = ['since', 'until', 'source', 'type', 'state'] as const

export function ReplayForm({ asked, faults }: { asked: URLSearchParams; faults: DataFault[] }) {
  const field = (name: string) => ({
    name,
    value: asked.get(name) ?? undefined,
    fault: faultOf(faults, name),
  })
  const time = (name: string) => ({ ...field(name), fault: timeFaultOf(faults, name, asked.get(name)), required: true })
  return (
    <form method="get" action="/dashboard/replays/plan" className="filters">
      <Field {...time('since')} label="Received since, in UTC" placeholder="2026-11-21 02:41" />
      <Field {...time('until')} label="Received until, in UTC" placeholder="2026-11-21 03:00" />
      <Field {...field('source')} label="Source" />
      <Field {...field('type')} label="Event type" />
      <Select
        name="state"
        label="Only messages that are"
        value={asked.get('state') ?? ''}
        options={[['', 'in any state'], ...Object.keys(stateLooks).map((each): [string, string] => [each, each])]}
      />
      <Field
        {...field('ratePerSecond')}
        label="Messages a second, at most"
        type="number"
        value={asked.get('ratePerSecond') ?? '50'}
      />
      <div className="btns">
        <button className="btn main" type="submit">
          See the plan…
        </button>
      </div>
    </form>
  )
}
