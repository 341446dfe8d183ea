// The frame of every page for people: head, style sheet, brand; and the headers that it is served with.
// Nothing in it runs, and nothing but our own sheet is fetched.
import type { ReactElement, ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'

/** Nobody keeps, indexes or frames a page that is one person's; its address, which has a token in it, goes nowhere else. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex',
  'x-content-type-options': 'nosniff',
}

interface PageProps {
  lang: string
  dir: 'ltr' | 'rtl'
  title: string
  /** Whose page it is, to the person who reads it. */
  brand: string
  /** The style sheet's address, from this page. */
  sheet: string
  /** Beneath it all. */
  foot: string | null
  children: ReactNode
}

/** One narrow column in the middle. */
export function Page({ lang, dir, title, brand, sheet, foot, children }: PageProps) {
  return (
    <html lang={lang} dir={dir}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{`${title} · ${brand}`}</title>
        <link rel="stylesheet" href={sheet} />
      </head>
      <body>
        <div className="gate">
          <div>
            <p className="brand">{brand}</p>
            <main id="main">{children}</main>
            {foot && <p className="faint small">{foot}</p>}
          </div>
        </div>
      </body>
    </html>
  )
}

const strokes = {
  check: 'M3 8.6l3.3 3.3L13 4.6',
  mail: 'M3.2 3.2h9.6a1.4 1.4 0 011.4 1.4v6.8a1.4 1.4 0 01-1.4 1.4H3.2a1.4 1.4 0 01-1.4-1.4V4.6a1.4 1.4 0 011.4-1.4zM2.2 4.4L8 9l5.8-4.6',
  warn: 'M8 2l6.4 11.6H1.6zM8 6.4v3.4M8 11.8h.01',
}

/** The answer of a page: what is so, or what will happen, in one plain sentence. */
export function Answer({ tone, icon, children }: { tone: string; icon: keyof typeof strokes; children: ReactNode }) {
  return (
    <div className={`answer tone-${tone}`}>
      <Icon name={icon} />
      {children}
    </div>
  )
}

/** What came of the form that led here. */
export function Flash({ children }: { children: string }) {
  return (
    <div className="flash tone-good" role="status">
      <Icon name="check" />
      <p>{children}</p>
    </div>
  )
}

function Icon({ name }: { name: keyof typeof strokes }) {
  return (
    <svg className="ico" viewBox="0 0 16 16" aria-hidden="true">
      <path d={strokes[name]} />
    </svg>
  )
}

/** The whole document. */
export function renderPage(page: ReactElement): string {
  return `<!doctype html>\n${renderToStaticMarkup(page).replace(/^<!doctype html>/i, '')}`
}
