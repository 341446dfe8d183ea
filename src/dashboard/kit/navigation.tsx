// The navigation beside every page, with the theme and the way out at its foot.
import { mostWaiting, type Theme, type Visit } from '../../http/dashboard/page.ts'
import { givenUpPath } from './given-up-path.ts'
import { Icon, type IconName } from './icons.tsx'
import { PostForm } from './parts.tsx'

/** How many wait for a person, and which. */
interface Counted {
  n: number
  tone: 'ask' | 'bad'
  which: string
}

interface Item {
  to: string | ((visit: Visit) => string)
  icon: IconName
  text: string
  /** Where pages below it belong to it. */
  section: string
  counted?(waiting: Visit['waiting']): Counted
}

const groups: { title: string | null; items: Item[] }[] = [
  {
    title: null,
    items: [
      { to: '/dashboard', icon: 'home', text: 'Overview', section: 'overview' },
      { to: '/dashboard/notifications', icon: 'mail', text: 'Notifications', section: 'notifications' },
      { to: '/dashboard/events', icon: 'event', text: 'Events', section: 'events' },
    ],
  },
  {
    title: 'For a person',
    items: [
      {
        ...{ to: '/dashboard/unconfirmed', icon: 'ask', text: 'Unconfirmed', section: 'unconfirmed' },
        counted: ({ unconfirmed }) => ({ n: unconfirmed.count, tone: 'ask', which: 'in doubt' }),
      },
      {
        ...{ to: givenUpPath, icon: 'cross', text: 'Given up', section: 'failed' },
        counted: ({ givenUp }) => ({ n: givenUp.count, tone: 'bad', which: 'in the last 24 hours' }),
      },
    ],
  },
  {
    title: 'Carrying',
    items: [
      {
        ...{ to: '/dashboard/providers', icon: 'plug', text: 'Providers', section: 'providers' },
        counted: ({ providers: { away, paused } }) => ({
          ...{ n: away, tone: away > paused ? 'bad' : 'ask', which: 'not called' },
        }),
      },
      { to: '/dashboard/schedules', icon: 'cal', text: 'Schedules', section: 'schedules' },
      { to: '/dashboard/replays', icon: 'loop', text: 'Replays', section: 'replays' },
    ],
  },
  {
    title: 'Words and consent',
    items: [
      { to: '/dashboard/notifiers', icon: 'pen', text: 'Notifiers', section: 'notifiers' },
      { to: '/dashboard/suppressions', icon: 'shield', text: 'Suppressions', section: 'suppressions' },
      { to: '/dashboard/preferences', icon: 'person', text: 'Preferences', section: 'preferences' },
    ],
  },
  { title: 'Building', items: [{ to: '/docs', icon: 'book', text: 'API docs', section: 'docs' }] },
]

export function Navigation({ visit, section }: { visit: Visit; section: string }) {
  return (
    <nav id="nav" className="nav" popover="auto" aria-label="Main">
      {groups.map(({ title, items }) => (
        <div key={title}>
          {title && <h2>{title}</h2>}
          <ul>
            {items.map((item) => (
              <li key={item.text}>
                <a
                  href={typeof item.to === 'string' ? item.to : item.to(visit)}
                  aria-current={item.section === section ? 'page' : undefined}
                >
                  <Icon name={item.icon} />
                  {item.text}
                  {item.counted && <Count {...item.counted(visit.waiting)} />}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
      <div className="nav-foot">
        <span>Times are UTC.</span>
        <PostForm visit={visit} action="/dashboard/theme" className="btns">
          <input type="hidden" name="back" value={visit.here} />
          {themes.map(([theme, text]) => (
            <button
              key={text}
              className="btn plain"
              type="submit"
              name="theme"
              value={theme ?? 'system'}
              aria-pressed={visit.theme === theme}
            >
              {text}
            </button>
          ))}
        </PostForm>
        <PostForm visit={visit} action="/dashboard/sign-out" className="btns">
          <button className="btn plain" type="submit">
            Sign out
          </button>
          <button className="btn plain" type="submit" name="everywhere" value="1">
            Sign out everywhere
          </button>
        </PostForm>
      </div>
    </nav>
  )
}

/** Nothing where nothing waits. */
function Count({ n, tone, which }: Counted) {
  if (n === 0) return null
  return (
    <span className={`count ${tone}`} title={which}>
      {n >= mostWaiting ? `${mostWaiting - 1}+` : n}
      <span className="vh"> {which}</span>
    </span>
  )
}

const themes: [Theme, string][] = [
  ['light', 'Light'],
  ['dark', 'Dark'],
  [null, 'System'],
]
