// The suppressed addresses: listing, adding and lifting.
import type { z } from 'zod'
import type { PageAnswer, PageRoute, Visit } from '../http/dashboard-page.ts'
import { pathOf } from '../http/own-api.ts'
import type { shape } from '../http/shapes.ts'
import { actRoute } from './acts.ts'
import { framed } from './frame.tsx'
import { Head } from './head.tsx'
import { Icon } from './icons.tsx'
import { Answer, Empty, Field, Panel, PostForm, Select } from './parts.tsx'
import type { List } from './shown.ts'
import { shortTime } from './times.ts'

type Suppression = z.output<typeof shape.suppression>

const here = '/dashboard/suppressions'

export function suppressionRoutes(now: () => Date): PageRoute[] {
  return [
    { method: 'GET', path: '/suppressions', right: 'read', answer: (visit) => page(visit, now(), false) },
    { method: 'POST', path: '/suppressions/reveal', right: 'read', answer: (visit) => page(visit, now(), true) },
    actRoute({
      path: '/suppressions',
      back: () => here,
      act: async ({ api, form }) => {
        const reason = form.get('reason') ?? ''
        const { address } = await api.send<Suppression>('PUT', pathIn(form), { reason })
        return `${address} is suppressed. Nothing is sent to it until the suppression is lifted.`
      },
    }),
    actRoute({
      path: '/suppressions/lift',
      back: () => here,
      act: async ({ api, form }) => {
        await api.send('DELETE', pathIn(form))
        return `${form.get('address')} is written to again.`
      },
    }),
  ]
}

function pathIn(form: URLSearchParams): string {
  const part = (name: string) => encodeURIComponent(form.get(name)?.trim() ?? '')
  return `/v1/suppressions/${part('channel')}/${part('address')}`
}

async function page(visit: Visit, now: Date, isRevealed: boolean): Promise<PageAnswer> {
  const asked = { limit: '50', cursor: visit.query.get('cursor') ?? undefined, reveal: isRevealed ? 'true' : undefined }
  const { data, nextCursor } = await visit.api.get<List<Suppression>>(pathOf('/v1/suppressions', asked))
  const html = framed({
    visit,
    title: 'Suppressions',
    section: 'suppressions',
    children: (
      <>
        <Head title="Suppressions" />
        <Answer tone="still" icon="shield">
          <p>
            <strong>Nothing is sent to these addresses,</strong> order and payment messages included.
          </p>
          <p>
            An address stands here once for each reason; lifting it takes away what operators added and what providers
            reported.
          </p>
        </Answer>
        <section className="panel" aria-label="Suppressed addresses">
          {data.length === 0 ? (
            <Empty icon="shield" title="No address is suppressed">
              <p className="quiet">Hard bounces, complaints, opt-outs and operators put addresses here.</p>
            </Empty>
          ) : (
            <>
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">Address</th>
                    <th scope="col">Why</th>
                    <th scope="col">Since</th>
                    <th scope="col">
                      <span className="vh">Act</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {data.map((one) => (
                    <tr key={`${one.channel} ${one.address} ${one.reason} ${one.source}`}>
                      <td className="top1">
                        <b className="lead">{one.address}</b>
                        <span className="sub">{one.channel}</span>
                      </td>
                      <td data-k="Why">
                        <span>
                          {one.reason}
                          <span className="sub">by {one.source}</span>
                        </span>
                      </td>
                      <td className="when" data-k="Since">
                        {shortTime(one.createdAt, now)}
                      </td>
                      <td className="act">{visit.mayAct && <Lift visit={visit} one={one} />}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <footer>
                {nextCursor ? <a href={pathOf(here, { cursor: nextCursor })}>Older</a> : 'This is the end of the list.'}
              </footer>
            </>
          )}
          {!visit.mayAct && !isRevealed && data.length > 0 && (
            <div className="in">
              <PostForm visit={visit} action={`${here}/reveal`}>
                <button className="btn" type="submit">
                  <Icon name="eye" />
                  Show addresses
                </button>
              </PostForm>
              <p className="faint small">It is recorded that you asked.</p>
            </div>
          )}
        </section>
        {visit.mayAct && (
          <Panel id="add" title="Suppress an address">
            <div className="in">
              <PostForm visit={visit} action={here} className="filters">
                <Select
                  name="channel"
                  label="Channel"
                  value="email"
                  options={[
                    ['email', 'email'],
                    ['sms', 'sms'],
                  ]}
                />
                <Field
                  name="address"
                  label="Address"
                  required
                  maxLength={320}
                  placeholder="ada@example.com or +14155550123"
                />
                <Field name="reason" label="Reason, kept with your name" required maxLength={200} />
                <div className="btns">
                  <button className="btn danger" type="submit">
                    Suppress it
                  </button>
                </div>
              </PostForm>
            </div>
          </Panel>
        )}
      </>
    ),
  })
  return { kind: 'page', html }
}

function Lift({ visit, one: { channel, address } }: { visit: Visit; one: Suppression }) {
  return (
    <PostForm visit={visit} action={`${here}/lift`}>
      <input type="hidden" name="channel" value={channel} />
      <input type="hidden" name="address" value={address} />
      <button className="btn" type="submit">
        Lift it<span className="vh">: {address}</span>
      </button>
    </PostForm>
  )
}
