// The providers of each route with their health, and pausing and resuming one.
import { pathOf } from '../http/dashboard/own-api.ts'
import type { PageAnswer, PageRoute, Visit } from '../http/dashboard/page.ts'
import { titleOf } from '../providers/index.ts'
import { nameOf } from '../show/provider.ts'
import { actRoute } from './kit/acts.ts'
import { framed } from './kit/frame.tsx'
import { Head } from './kit/head.tsx'
import { Answer, Empty, Panel, PostForm } from './kit/parts.tsx'
import { Prose } from './kit/prose.tsx'
import { CircuitBadge, channelText } from './kit/provider-looks.tsx'
import type { List, Provider } from './kit/shown.ts'
import { atTime, distance, shortTime, took } from './kit/times.ts'

const here = '/dashboard/providers'

export function providerRoutes(now: () => Date): PageRoute[] {
  return [
    { method: 'GET', path: '/providers', right: 'read', answer: (visit) => page(visit, now()) },
    act('pause', (title) => `${title} is paused. It is not called until somebody resumes it.`),
    act('resume', (title, { circuit }) =>
      circuit === 'closed'
        ? `${title} is called again.`
        : `${title} is paused no longer. Its circuit is still open: one real message tries it before the others follow.`,
    ),
  ]
}

function act(verb: 'pause' | 'resume', done: (title: string, now: Pick<Provider, 'circuit'>) => string): PageRoute {
  return actRoute({
    path: `/providers/:name/${verb}`,
    back: () => here,
    act: async ({ api, params: { name = '' } }) => {
      return done(titleOf(name), await api.send('POST', `/v1/providers/${encodeURIComponent(name)}/${verb}`))
    },
  })
}

async function page(visit: Visit, now: Date): Promise<PageAnswer> {
  const { data } = await visit.api.get<List<Provider>>('/v1/providers')
  const away = data.filter(({ circuit, paused }) => circuit !== 'closed' || paused)
  const poor = namesOf(data.filter((provider) => !away.includes(provider) && isPoor(provider)))
  const isCalm = away.length + poor.length === 0
  const routes = Map.groupBy(data, ({ channel }) => channel)
  const html = framed({
    visit,
    title: 'Providers',
    section: 'providers',
    children: (
      <>
        <Head title="Providers" />
        {data.length === 0 ? (
          <section className="panel">
            <Empty icon="plug" title="No provider is configured">
              <p className="quiet">Set the key of one and restart: docs/settings.md names the settings of each.</p>
            </Empty>
          </section>
        ) : (
          <Answer tone={isCalm ? 'good' : 'ask'} icon={isCalm ? 'check' : 'warn'}>
            <p>
              <strong>
                {away.length > 0
                  ? `${namesOf(away).map(titleOf).join(' and ')} ${namesOf(away).length === 1 ? 'is' : 'are'} not called now.`
                  : 'Every provider is called.'}
              </strong>
              {poor.length > 0 && ` ${poor.map(titleOf).join(' and ')} ${poor.length === 1 ? 'fails' : 'fail'} often.`}
            </p>
            <p>
              Each route is tried in its order; the next one follows where the one before certainly did not take a
              message.
            </p>
          </Answer>
        )}
        {[...routes].map(([channel, providers]) => (
          <section key={channel} className="stack tight" aria-labelledby={`h-${channel}`}>
            <h2 id={`h-${channel}`}>The route for {channelText(channel)}</h2>
            {providers.map((provider) => (
              <Card key={provider.name} visit={visit} provider={provider} now={now} />
            ))}
          </section>
        ))}
      </>
    ),
  })
  return { kind: 'page', html }
}

/** Each once: a provider may be in the routes of two channels. */
function namesOf(providers: Provider[]): string[] {
  return [...new Set(providers.map(({ name }) => name))]
}

function Card({ visit, provider, now }: { visit: Visit; provider: Provider; now: Date }) {
  const { name, position, calls, successRate, latencyMs, rate, changes, paused } = provider
  const gauges: [name: string, value: string][] = [
    ['Success, 5 min', successRate === null ? 'no sends' : `${(successRate * 100).toFixed(1)} %`],
    ['A call takes', latencyMs === null ? '–' : took(latencyMs)],
    ['Calls, 5 min', callsText(calls)],
    ['Most a second', rate === null ? 'no limit' : String(rate)],
  ]
  return (
    <Panel
      id={`${provider.channel}-${name}`}
      title={
        <>
          {`${position}. ${titleOf(name)}`}
          <span className="vh">, {channelText(provider.channel)}</span>
        </>
      }
      aside={<CircuitBadge provider={provider} />}
    >
      <div className="in">
        <p className="quiet measure">
          <Prose>{whyText(provider, now)}</Prose>
          {(provider.circuit !== 'closed' || paused) && (
            <>
              {' '}
              <a href={pathOf('/dashboard/notifications', { state: 'pending', channel: provider.channel })}>
                {`See the ${channelText(provider.channel)} messages that wait`}
              </a>
            </>
          )}
        </p>
        <dl className="gauges flat">
          {gauges.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
      {changes.length > 0 && (
        <div className="in">
          <details>
            <summary>
              Changes{' '}
              <span className="aside">{changes.length === 1 ? 'one so far' : `the last ${changes.length}`}</span>
            </summary>
            <ul className="stack tight">
              {changes.map(({ at, what, by }) => (
                <li key={at + what}>
                  <b>{shortTime(at, now)}</b> <Prose>{by === 'automation' ? what : `${what}, by ${by}`}</Prose>
                </li>
              ))}
            </ul>
          </details>
        </div>
      )}
      {visit.mayAct && (
        <div className="in">
          <PostForm visit={visit} action={`${here}/${name}/${paused ? 'resume' : 'pause'}`}>
            <button className="btn" type="submit">
              {`${paused ? 'Resume' : 'Pause'} ${nameOf(name)}`}
            </button>
          </PostForm>
        </div>
      )}
    </Panel>
  )
}

/** `48 good, 72 bad`; kinds of which there are none are left out. */
function callsText(calls: Provider['calls']): string {
  const kinds = (['good', 'bad', 'other'] as const).filter((kind) => calls[kind] > 0)
  return kinds.map((kind) => `${calls[kind]} ${kind}`).join(', ') || 'none'
}

/** Fewer of its calls go well than that is called working for. */
const leastSuccess = 0.9

function isPoor({ successRate }: Provider): boolean {
  return successRate !== null && successRate < leastSuccess
}

/** A time that has passed waits for a message to try it with. */
function probeText(at: string, now: Date): string {
  return new Date(at) > now
    ? ` One real message tries it ${distance(at, now)}.`
    : ' The next message that is due tries it.'
}

function whyText(provider: Provider, now: Date): string {
  const { paused, circuit, why, nextProbeAt, position } = provider
  if (paused) return `Paused by ${paused.by} ${atTime(paused.at, now)}. It is not called until somebody resumes it.`
  const probe = nextProbeAt ? probeText(nextProbeAt, now) : ''
  if (circuit !== 'closed') return `It is not called: ${why ?? 'its calls failed'}.${probe}`
  if (why) return `Working, but ${why}.`
  if (isPoor(provider)) return 'It is called, but many of its calls fail. If they go on to, it is called no more.'
  return position === 1
    ? 'Working. It is tried first.'
    : 'Working. It is tried where those before it cannot take a message.'
}
