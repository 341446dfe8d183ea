// The frame of every page for people, and its headers. It runs no script and fetches only our own style sheet.
import type { ReactElement, ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'

/** A page has a style sheet and forms, and is not indexed. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-robots-tag': 'noindex',
}

interface PageProps {
  lang: string
  dir: 'ltr' | 'rtl'
  title: string
  /** The name that the reader knows us by. */
  brand: string
  /** The style sheet's URL, relative to this page. */
  sheet: string
  /** The postal address at the foot. */
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

/** The main statement of a page: the current setting, or what the button will do. */
export function Answer({ tone, icon, children }: { tone: string; icon: keyof typeof strokes; children: ReactNode }) {
  return (
    <div className={`answer tone-${tone}`}>
      <Icon name={icon} />
      {children}
    </div>
  )
}

/** The result of the form that led to this page. */
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

export function renderPage(page: ReactElement): string {
  return `<!doctype html>\n${renderToStaticMarkup(page).replace(/^<!doctype html>/i, '')}`
}
