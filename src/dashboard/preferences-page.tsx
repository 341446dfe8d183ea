// What a recipient has chosen to get, by their id or address, and changing it for them.
import type { z } from 'zod'
import type { shape } from '../http/answers/shapes.ts'
import { pathOf } from '../http/dashboard/own-api.ts'
import type { PageAnswer, PageRoute, Visit } from '../http/dashboard/page.ts'
import { actRoute } from './kit/acts.ts'
import { framed } from './kit/frame.tsx'
import { Head } from './kit/head.tsx'
import { Answer, Field, Panel, PostForm } from './kit/parts.tsx'
import { channelText } from './kit/provider-looks.tsx'

type Preferences = z.output<typeof shape.preferences>

const here = '/dashboard/preferences'
const channels = { email: 'Email', sms: 'SMS' } as const

export const preferenceRoutes: PageRoute[] = [
  { method: 'GET', path: '/preferences', right: 'read', answer: page },
  actRoute({
    path: '/preferences',
    back: ({ form }) => pathOf(here, { recipient: form.get('recipient') ?? '' }),
    act: async ({ api, form }) => {
      const product = { email: form.has('email'), sms: form.has('sms') }
      await api.send('PUT', `/v1/preferences/${encodeURIComponent(form.get('recipient') ?? '')}`, { product })
      return 'The choice is saved. It holds for product news; order and payment messages are always sent.'
    },
  }),
]

async function page(visit: Visit): Promise<PageAnswer> {
  const recipient = visit.query.get('recipient')?.trim() ?? ''
  const chosen = recipient ? await visit.api.get<Preferences>(`/v1/preferences/${encodeURIComponent(recipient)}`) : null
  const html = framed({
    visit,
    title: 'Preferences',
    section: 'preferences',
    children: (
      <>
        <Head title="Preferences" />
        {!chosen && (
          <Answer tone="still" icon="person">
            <p>
              <strong>Who gets product news, and by what,</strong> as each customer has chosen.
            </p>
            <p>Order and payment messages are always sent, unless the address is suppressed.</p>
          </Answer>
        )}
        <Panel id="who" title="Whose">
          <div className="in">
            <form method="get" className="filters">
              <Field
                name="recipient"
                label="The customer’s id or address"
                value={recipient}
                required
                maxLength={200}
                placeholder="cus_42 or ada@example.com"
              />
              <div className="btns">
                <button className="btn main" type="submit">
                  Show
                </button>
              </div>
            </form>
          </div>
        </Panel>
        {chosen && <Chosen visit={visit} recipient={recipient} chosen={chosen} />}
      </>
    ),
  })
  return { kind: 'page', html }
}

function Chosen({ visit, recipient, chosen: { product } }: { visit: Visit; recipient: string; chosen: Preferences }) {
  const gets = (Object.keys(channels) as (keyof typeof channels)[]).filter((channel) => product[channel])
  const news =
    gets.length > 0 ? `Product news goes out by ${gets.map(channelText).join(' and ')}.` : 'No product news goes out.'
  return (
    <>
      <Answer tone="still" icon="person">
        <p>
          <strong>{news}</strong> Order and payment messages are always sent, unless the address is suppressed.
        </p>
      </Answer>
      {visit.mayAct && (
        <Panel id="change" title="Change it at their request">
          <PostForm visit={visit} action={here} className="in">
            <input type="hidden" name="recipient" value={recipient} />
            <fieldset className="choices">
              <legend className="quiet">Product news, by</legend>
              {(Object.keys(channels) as (keyof typeof channels)[]).map((channel) => (
                <label className="choice" key={channel}>
                  <input type="checkbox" name={channel} defaultChecked={product[channel]} />
                  <span>{channels[channel]}</span>
                </label>
              ))}
            </fieldset>
            <div className="btns">
              <button className="btn main" type="submit">
                Save the choice
              </button>
            </div>
          </PostForm>
        </Panel>
      )}
    </>
  )
}
