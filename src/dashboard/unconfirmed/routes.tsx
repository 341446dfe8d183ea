// The messages that may or may not have gone out: what is known of each, and settling them, one by one or by a filter.
import type { DataFault } from '../../domain/event.ts'
import { ApiRefusal, pathOf } from '../../http/dashboard/own-api.ts'
import { type Flash, mostWaiting, type PageAnswer, type PageRoute, type Visit } from '../../http/dashboard/page.ts'
import { actRoute } from '../kit/acts.ts'
import { framed } from '../kit/frame.tsx'
import { Head } from '../kit/head.tsx'
import { NotificationTable } from '../kit/notification-table.tsx'
import { Answer, count, Empty, Panel } from '../kit/parts.tsx'
import type { List, Notification, NotificationAudit } from '../kit/shown.ts'
import { UnconfirmedPanel } from './panel.tsx'
import { ByFilter, unconfirmedPath as here, isFilter, planPage, settleByFilter } from './plan.tsx'

/** So many of a page are shown with all that is known, those that wait for a person first; the rest in a table. */
const shownWhole = 10
const rowsShown = '50'

export function unconfirmedRoutes(now: () => Date): PageRoute[] {
  return [
    { method: 'GET', path: '/unconfirmed', right: 'read', answer: (visit) => listPage(visit, now()) },
    { method: 'GET', path: '/unconfirmed/plan', right: 'act', answer: (visit) => planOrForm(visit, now()) },
    actRoute({
      path: '/unconfirmed/settle',
      back: () => here,
      act: async (visit) => {
        const plan = { asked: visit.form, asOf: visit.form.get('asOf') }
        const { matched } = await settleByFilter(visit, { ...plan, dryRun: true })
        if (visit.form.get('confirm')?.trim() !== String(matched)) return changed(matched)
        const { settled } = await settleByFilter(visit, { ...plan, dryRun: false })
        return `${count(settled, 'message')} settled as ${visit.form.get('sent') === 'true' ? 'sent' : 'not sent'}.`
      },
    }),
  ]
}

function changed(matched: number): Flash {
  const now = `${count(matched, 'message')} ${matched === 1 ? 'matches' : 'match'} now`
  return { tone: 'bad', text: `Nothing was settled: ${now}. Look at the plan again, and type that number.` }
}

/** A plan that the API refuses is asked for again, with what is wrong beside each field. */
async function planOrForm(visit: Visit, now: Date): Promise<PageAnswer> {
  try {
    return await planPage(visit, now)
  } catch (error) {
    if (!(error instanceof ApiRefusal) || !error.problem.errors) throw error
    return listPage(visit, now, error.problem.errors)
  }
}

/** `faults`: what is wrong with the filter that was asked for. */
async function listPage(visit: Visit, now: Date, faults: DataFault[] | null = null): Promise<PageAnswer> {
  const list = await visit.api.get<List<Notification>>(
    pathOf('/v1/notifications', {
      state: 'unconfirmed',
      limit: rowsShown,
      cursor: visit.query.get('cursor') ?? undefined,
    }),
  )
  const isHeld = ({ reason }: Notification) => reason?.code === 'held'
  const heldFirst = [...list.data.filter(isHeld), ...list.data.filter((one) => !isHeld(one))]
  const others = heldFirst.slice(shownWhole)
  const audits = await Promise.all(
    heldFirst
      .slice(0, shownWhole)
      .map(({ id }) => visit.api.get<NotificationAudit>(pathOf(`/v1/notifications/${id}`, { include: 'message' }))),
  )
  const { count: held } = visit.waiting.unconfirmed
  const html = framed({
    visit: faults ? { ...visit, flash: { tone: 'bad', text: refusalText(faults) } } : visit,
    title: 'Unconfirmed',
    section: 'unconfirmed',
    children: (
      <>
        <Head title="Unconfirmed" />
        {faults && <ByFilter asked={visit.query} faults={faults} />}
        {audits.length === 0 ? (
          <section className="panel">
            <Empty icon="check" title="Nothing is in doubt">
              <p className="quiet">
                A message stands here while it is not known whether it went out: a provider never answered, and neither
                a look-up nor a receipt has said so yet.
              </p>
            </Empty>
          </section>
        ) : (
          <>
            {held > 0 ? (
              <Answer tone="ask" icon="ask">
                <p>
                  <strong>
                    {held >= mostWaiting ? `${held} messages or more` : count(held, 'message')} may or may not have gone
                    out.
                  </strong>
                </p>
                <p>
                  Nothing is sent twice on a guess. A receipt that comes late settles a message by itself; until then
                  the choice is yours. Those that are still being settled are not counted.
                </p>
              </Answer>
            ) : (
              <Answer tone="move" icon="dots">
                <p>
                  <strong>Nothing needs you yet: whether these went out is still being settled.</strong>
                </p>
                <p>
                  That takes at most ten minutes. What is not known then is settled as its notifier says, or stays here
                  for you.
                </p>
              </Answer>
            )}
            {audits.map((n) => (
              <UnconfirmedPanel key={n.id} visit={visit} n={n} now={now} />
            ))}
            {others.length > 0 && (
              <Panel id="others" title="More on this page">
                <NotificationTable rows={others} now={now} />
              </Panel>
            )}
            {list.nextCursor && (
              <p>
                <a href={pathOf(here, { cursor: list.nextCursor })}>Older</a>
              </p>
            )}
          </>
        )}
        {visit.mayAct && audits.length > 0 && !faults && <ByFilter asked={visit.query} faults={[]} />}
      </>
    ),
  })
  return { kind: 'page', html, ...(faults && { status: 400 }) }
}

function refusalText(faults: DataFault[]): string {
  const [whole] = faults.filter(({ path }) => !isFilter(path))
  return `Nothing was settled. ${whole ? `The filter ${whole.message}.` : 'Correct the field that is marked below.'}`
}
