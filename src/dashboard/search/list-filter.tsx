// The filters of the lists: what each list can be narrowed by, and the form for it, which is closed while it has an answer.
import type { DataFault } from '../../domain/event.ts'
import { faultOf, timeFaultOf } from '../kit/faults.ts'
import { Field, Select } from '../kit/parts.tsx'
import { stateLooks } from '../kit/states.tsx'

interface Filter {
  name: string
  label: string
  /** A text where there are no options. */
  options?: string[]
  isTime?: boolean
}

const times: Filter[] = [
  { name: 'since', label: 'Since', isTime: true },
  { name: 'until', label: 'Until', isTime: true },
]
export const filters = {
  notifications: [
    { name: 'state', label: 'State', options: Object.keys(stateLooks) },
    { name: 'channel', label: 'Channel', options: ['email', 'sms', 'callback'] },
    { name: 'notifier', label: 'Notifier' },
    { name: 'provider', label: 'Provider' },
    { name: 'eventType', label: 'Event type' },
    { name: 'source', label: 'Source' },
    { name: 'recipient', label: 'Recipient' },
    { name: 'reference', label: 'Reference' },
    ...times,
    { name: 'givenUpSince', label: 'Given up since', isTime: true },
  ],
  events: [
    { name: 'status', label: 'Status', options: ['accepted', 'planned', 'ignored', 'failed'] },
    { name: 'type', label: 'Type' },
    { name: 'source', label: 'Source' },
    { name: 'reference', label: 'Reference' },
    ...times,
  ],
} satisfies Record<string, Filter[]>
export type Kind = keyof typeof filters

export function FilterForm({
  kind,
  asked,
  isOpen,
  faults,
}: {
  kind: Kind
  asked: Record<string, string | undefined>
  isOpen: boolean
  faults: DataFault[]
}) {
  const given = filters[kind].flatMap(({ name, label }) =>
    asked[name] ? [`${label.toLowerCase()} ${optionText(asked[name])}`] : [],
  )
  return (
    <section className="panel" aria-label="Filter">
      <div className="in">
        <details open={isOpen}>
          <summary>
            Filter
            {given.length > 0 && <span className="aside">{given.join(', ')}</span>}
          </summary>
          <form method="get" className="filters">
            {filters[kind].map(({ name, label, options, isTime }: Filter) =>
              options ? (
                <Select
                  key={name}
                  name={name}
                  label={label}
                  value={asked[name] ?? ''}
                  options={[['', 'All'], ...options.map((each): [string, string] => [each, optionText(each)])]}
                />
              ) : (
                <Field
                  key={name}
                  name={name}
                  label={isTime ? `${label}, in UTC` : label}
                  value={asked[name]}
                  fault={isTime ? timeFaultOf(faults, name, asked[name]) : faultOf(faults, name)}
                  placeholder={isTime ? '2026-11-21 02:41' : undefined}
                />
              ),
            )}
            <div className="btns">
              <button className="btn main" type="submit">
                Show
              </button>
              {given.length > 0 && (
                <a className="btn" href={`/dashboard/${kind}`}>
                  Show all
                </a>
              )}
            </div>
          </form>
        </details>
      </div>
    </section>
  )
}

/** As it stands in a list of choices: `SMS`. */
function optionText(option: string): string {
  return option === 'sms' ? 'SMS' : option
}
