// The search for an address among the suppressed ones, and what stands where there is none.
import { Empty, Field } from './kit/parts.tsx'

interface SearchProps {
  /** The page of all suppressions. */
  here: string
  address: string | undefined
  fault: string | undefined
}

export function SuppressionSearch({ here, address, fault }: SearchProps) {
  return (
    <section className="panel" aria-label="Search">
      <div className="in">
        <form method="get" action={here} className="filters">
          <Field
            name="address"
            id="f-search"
            type="search"
            label="Is this address suppressed?"
            value={address}
            fault={fault}
            required
            maxLength={320}
            placeholder="ada@example.com or +14155550123"
          />
          <div className="btns">
            <button className="btn main" type="submit">
              Search
            </button>
            {address && (
              <a className="btn" href={here}>
                Show all
              </a>
            )}
          </div>
        </form>
      </div>
    </section>
  )
}

/** In place of an empty list. */
export function NoSuppressions({ isAsked, isMisread }: { isAsked: boolean; isMisread: boolean }) {
  if (isMisread)
    return (
      <Empty icon="warn" title="This is no address">
        <p className="quiet">Correct the field that is marked above, then search again.</p>
      </Empty>
    )
  if (isAsked)
    return (
      <Empty icon="search" title="This address is not suppressed">
        <p className="quiet">It is written to. What was sent to it stands under Notifications, by its recipient.</p>
      </Empty>
    )
  return (
    <Empty icon="shield" title="No address is suppressed">
      <p className="quiet">
        An address comes here when mail to it bounces for good, when its owner complains or opts out, and when an
        operator adds it.
      </p>
    </Empty>
  )
}
