// The suppressed addresses: listing, adding and lifting.
import type { z } from 'zod'
import type { DataFault } from '../domain/event.ts'
import type { shape } from '../http/answers/shapes.ts'
import { ApiRefusal, pathOf } from '../http/dashboard/own-api.ts'
import type { PageAnswer, PageRoute, Visit } from '../http/dashboard/page.ts'
import { listingText } from '../show/listing.ts'
import { nameOf } from '../show/provider.ts'
import { actRoute } from './kit/acts.ts'
import { faultOf } from './kit/faults.ts'
import { framed } from './kit/frame.tsx'
import { Head } from './kit/head.tsx'
import { Icon } from './kit/icons.tsx'
import { Answer, Field, Panel, PostForm, Select } from './kit/parts.tsx'
import { channelText } from './kit/provider-looks.tsx'
import type { List } from './kit/shown.ts'
import { Table } from './kit/table.tsx'
import { shortTime } from './kit/times.ts'
import { NoSuppressions, SuppressionSearch } from './suppression-search.tsx'

type Suppression = z.output<typeof shape.suppression>

const here = '/dashboard/suppressions'

export function suppressionRoutes(now: () => Date): PageRoute[] {
  return [
    { method: 'GET', path: '/suppressions', right: 'read', answer: (visit) => page(visit, visit.query, now()) },
    { method: 'POST', path: '/suppressions/reveal', right: 'read', answer: (visit) => page(visit, visit.form, now()) },
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
        return `${form.get('address')} is written to again. What did not arrive is sent again from its own page: search for the address.`
      },
    }),
  ]
}

/** Who put it there. */
function sourceText(source: string): string {
  return source === 'operator' ? 'added by an operator' : `reported by ${nameOf(source)}`
}

function pathIn(form: URLSearchParams): string {
  const part = (name: string) => encodeURIComponent(form.get(name)?.trim() ?? '')
  return `/v1/suppressions/${part('channel')}/${part('address')}`
}

/** An empty list where the API says what is wrong with the address. */
async function read({ api }: Visit, path: string): Promise<{ list: List<Suppression>; faults: DataFault[] }> {
  try {
    return { list: await api.get(path), faults: [] }
  } catch (error) {
    const faults = error instanceof ApiRefusal ? (error.problem.errors ?? []) : []
    if (!faults.some(({ path }) => path === 'address')) throw error
    return { list: { data: [], nextCursor: null }, faults }
  }
}

/** `asked`: of the address, or of the form that reveals addresses. */
async function page(visit: Visit, asked: URLSearchParams, now: Date): Promise<PageAnswer> {
  const isRevealed = asked === visit.form
  const address = asked.get('address')?.trim() || undefined
  const cursor = asked.get('cursor') || undefined
  const query = { limit: '50', address, cursor, reveal: isRevealed ? 'true' : undefined }
  const { list, faults } = await read(visit, pathOf('/v1/suppressions', query))
  const { data, nextCursor } = list
  const html = framed({
    visit,
    title: 'Suppressions',
    section: 'suppressions',
    children: (
      <>
        <Head title="Suppressions" />
        {data.length > 0 && (
          <Answer tone="still" icon="shield">
            <p>
              <strong>Nothing is sent to these addresses,</strong> order and payment messages included.
            </p>
            <p>
              An address stands here once for each reason, and nothing goes to it while one is left. Lifting one sends
              nothing by itself: to send what was held back, replay its event.
            </p>
          </Answer>
        )}
        {(data.length > 0 || address) && (
          <SuppressionSearch here={here} address={address} fault={faultOf(faults, 'address')} />
        )}
        <section className="panel" aria-label="Suppressed addresses">
          {data.length === 0 ? (
            <NoSuppressions isAsked={address !== undefined} isMisread={faults.length > 0} />
          ) : (
            <>
              <Table
                heads={['Address', 'Why', 'Since', { act: 'Act' }]}
                rows={data}
                row={(one) => (
                  <tr key={`${one.channel} ${one.address} ${one.reason} ${one.source}`}>
                    <td className="top1">
                      <b className="lead">{one.address}</b>
                      <span className="sub">{channelText(one.channel)}</span>
                    </td>
                    <td data-k="Why">
                      <span>
                        {listingText(one.reason)}
                        <span className="sub">{sourceText(one.source)}</span>
                      </span>
                    </td>
                    <td className="when" data-k="Since">
                      {shortTime(one.createdAt, now)}
                    </td>
                    <td className="act">{visit.mayAct && <Lift visit={visit} one={one} />}</td>
                  </tr>
                )}
              />
              <footer>
                {nextCursor ? (
                  <a href={pathOf(here, { address, cursor: nextCursor })}>Older</a>
                ) : (
                  'This is the end of the list.'
                )}
              </footer>
            </>
          )}
          {!visit.mayAct && !isRevealed && data.length > 0 && (
            <div className="in">
              <PostForm visit={visit} action={`${here}/reveal`}>
                {address && <input type="hidden" name="address" value={address} />}
                {cursor && <input type="hidden" name="cursor" value={cursor} />}
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
                    ['sms', 'SMS'],
                  ]}
                />
                <Field name="address" label="Address" required maxLength={320} placeholder="ada@example.com" />
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
  return { kind: 'page', html, ...(faults.length > 0 && { status: 400 }) }
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
