// The frame of every page of the dashboard: search, who is signed in, and what the last form came to.
import type { ReactNode } from 'react'
import type { Flash, Surroundings, Visit } from '../../http/dashboard/page.ts'
import { renderPage } from '../../http/pages/page.tsx'
import { Icon, Mark } from './icons.tsx'
import { Navigation } from './navigation.tsx'
import { Prose } from './prose.tsx'

interface DocumentProps {
  title: string
  view: Pick<Surroundings, 'theme' | 'assets'>
  children: ReactNode
}

function Document({ title, view: { theme, assets }, children }: DocumentProps) {
  return (
    <html lang="en" data-theme={theme ?? undefined}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{`${title} · Posthorn`}</title>
        <link rel="stylesheet" href={`/${assets.sheet}`} />
        <script src={`/${assets.script}`} defer />
      </head>
      <body>{children}</body>
    </html>
  )
}

interface FrameProps {
  visit: Visit
  title: string
  section: string
  /** What stands in the search box. */
  asked?: string
  children: ReactNode
}

export function framed(props: FrameProps): string {
  const { visit, title, section, asked, children } = props
  return renderPage(
    <Document title={title} view={visit}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <div className="frame">
        <nav className="home" aria-label="Home">
          <a className="brand" href="/dashboard">
            <Mark />
            Posthorn
          </a>
        </nav>
        <header className="top">
          <a className="brand menu" href="/dashboard" aria-label="Posthorn, overview">
            <Mark />
          </a>
          <search className="search">
            <form action="/dashboard/search" method="get">
              <Icon name="search" />
              <label className="vh" htmlFor="q">
                Search
              </label>
              <input
                id="q"
                name="q"
                type="search"
                defaultValue={asked}
                placeholder="Order, email, phone, payment, customer…"
                autoComplete="off"
                spellCheck={false}
                enterKeyHint="search"
                maxLength={300}
              />
              <kbd>/</kbd>
            </form>
          </search>
          <span className="who">
            <Icon name="person" />
            {visit.who.name === visit.who.role ? visit.who.name : `${visit.who.name} · ${visit.who.role}`}
          </span>
          <button className="btn menu" type="button" popoverTarget="nav">
            <Icon name="menu" />
            Menu
          </button>
        </header>
        <Navigation visit={visit} section={section} />
        <main id="main">
          {visit.flash && <FlashLine flash={visit.flash} />}
          {children}
        </main>
      </div>
    </Document>,
  )
}

const flashIcons = { good: 'check', ask: 'warn', bad: 'cross' } as const

function FlashLine({ flash: { tone, text } }: { flash: Flash }) {
  return (
    <div className={`flash tone-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={flashIcons[tone]} />
      <p>
        <Prose>{text}</Prose>
      </p>
    </div>
  )
}

/** One narrow column, for people who are not signed in. */
export function gate(title: string, view: Pick<Surroundings, 'theme' | 'assets'>, children: ReactNode): string {
  return renderPage(
    <Document title={title} view={view}>
      <div className="gate">
        <div>
          <header>
            <a className="brand" href="/dashboard">
              <Mark />
              Posthorn
            </a>
          </header>
          {children}
        </div>
      </div>
    </Document>,
  )
}
