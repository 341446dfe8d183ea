// A test message to an address that an operator types: the notifier's sample, by the real route.
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { testEvent } from '../../accept/test-message.ts'
import { ApiRefusal } from '../../http/dashboard/own-api.ts'
import type { Flash, PageAnswer, Visit } from '../../http/dashboard/page.ts'
import { Field, Panel, PostForm } from '../kit/parts.tsx'
import type { EventAudit, Notifier } from '../kit/shown.ts'

/** How long the form waits for the plan before it leads to the event. */
const planWithinMs = 5000
const asksEveryMs = 50

/** What was typed, and what is wrong with it. */
export interface RefusedTest {
  to: string
  locale: string
  fault: string
}

interface FormProps {
  visit: Visit
  notifier: Notifier
  locale: string
  refused: RefusedTest | null
}

export function TestForm({ visit, notifier: { name, channels }, locale, refused }: FormProps) {
  const personal = channels.filter((channel) => channel !== 'callback')
  const label = personal.map((channel) => (channel === 'sms' ? 'phone' : 'email')).join(' or ')
  return (
    <Panel id="test" title="Send a test">
      <div className="in">
        <p className="quiet measure">
          The sample goes to this address by the real route, and counts like any other message. Suppressions and
          preferences hold for it too.
        </p>
        {visit.mayAct ? (
          <PostForm
            visit={visit}
            action={`/dashboard/notifiers/${encodeURIComponent(name)}/send#test`}
            className="filters"
          >
            <input type="hidden" name="once" value={randomUUID()} />
            <Field
              name="to"
              label={`To this ${label}`}
              value={refused?.to}
              required
              maxLength={320}
              fault={refused?.fault}
              placeholder={personal[0] === 'sms' ? '+14155550123' : 'you@example.com'}
            />
            <Field
              name="locale"
              id="f-test-locale"
              label="Locale"
              value={refused?.locale ?? locale}
              maxLength={35}
              placeholder="the sample’s"
            />
            <div className="btns">
              <button className="btn main" type="submit">
                Send a test
              </button>
            </div>
          </PostForm>
        ) : (
          <p className="quiet">A viewer’s key can only read. Sign in with an operator’s key to send a test.</p>
        )}
      </div>
    </Panel>
  )
}

/** Leads to the notification's page; to the event's where there is none. A form that is sent twice sends one message. */
export async function sendTest(visit: Visit, now: Date): Promise<PageAnswer | RefusedTest> {
  const { api, params, form } = visit
  const { name = '' } = params
  const [to = '', locale = ''] = ['to', 'locale'].map((field) => form.get(field)?.trim())
  const event = testEvent(name, { to, locale: locale || undefined, now })
  if ('fault' in event) return { to, locale, fault: event.fault }
  try {
    const { id, duplicate } = await api.send<{ id: string; duplicate: boolean }>('POST', '/v1/events', {
      ...event.body,
      id: `send-${form.get('once') || randomUUID()}`,
    })
    return whereItLeads(await planned(visit, id), name, duplicate)
  } catch (error) {
    if (!(error instanceof ApiRefusal) || !error.problem.errors) throw error
    const fault = error.problem.errors.map(({ path, message }) => `${path} ${message}.`).join(' ')
    return { to, locale, fault }
  }
}

/** The event once it is planned, or as it is when the time is over. */
async function planned({ api }: Visit, id: string): Promise<EventAudit> {
  const until = performance.now() + planWithinMs
  for (;;) {
    const event = await api.get<EventAudit>(`/v1/events/${id}`)
    if (event.status !== 'accepted' || performance.now() >= until) return event
    await wait(asksEveryMs)
  }
}

function whereItLeads(event: EventAudit, name: string, isRepeat: boolean): PageAnswer {
  const { id, status, reason, notifications, omissions } = event
  const made = notifications.find(({ notifier }) => notifier === name)
  const lead = (to: string, tone: Flash['tone'], text: string): PageAnswer => ({
    kind: 'redirect',
    to,
    flash: { tone, text },
  })
  if (made) {
    const to = `/dashboard/notifications/${made.id}`
    if (made.state === 'suppressed' || made.state === 'failed')
      return lead(to, 'bad', `Nothing is sent. ${made.reason?.text ?? ''}`)
    if (isRepeat) return lead(to, 'ask', 'This form was sent before, so nothing new is sent. This is what it sent.')
    return lead(to, 'good', 'The test is on its way. The timeline shows what comes of it.')
  }
  const to = `/dashboard/events/${id}`
  if (status === 'accepted')
    return lead(
      to,
      'ask',
      'The test is accepted, and no worker has planned it yet. Nothing is lost. Check that one runs.',
    )
  const why = reason ?? omissions.find(({ notifier }) => notifier === name)?.reason
  return lead(to, 'bad', `Nothing is sent. ${why?.text ?? 'The event notifies nobody.'}`)
}
