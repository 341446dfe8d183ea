// The index page of the folder that `posthorn preview` writes: every notifier in every language, by format. It stands alone.
import { catalogs } from '../../emails/_parts/words.ts'
import { channelOf, previewFormats } from '../copy/preview.ts'
import type { Notifier } from '../notifiers/notifier.ts'

type Format = (typeof previewFormats)[number]

const suffixes: Record<Format, string> = { html: '.html', text: '.txt', sms: '.sms.txt' }
const formatNames: Record<Format, string> = { html: 'HTML', text: 'Text', sms: 'SMS' }
const languages = new Intl.DisplayNames('en', { type: 'language' })

export function fileOf(notifier: Notifier, locale: string, format: Format): string {
  return `${notifier.name}.${locale}${suffixes[format]}`
}

export function indexPage(chosen: readonly Notifier[]): string {
  const locales = Object.keys(catalogs)
  const cell = (notifier: Notifier, locale: string) => {
    const name = languages.of(locale) ?? locale
    const links = previewFormats
      .filter((format) => notifier.channels.includes(channelOf(format)))
      .map((format) => `<a href="${fileOf(notifier, locale, format)}">${formatNames[format]}</a>`)
    return `<td data-k="${name}">${links.join(' ')}</td>`
  }
  const row = (notifier: Notifier) =>
    `<tr><th scope="row">${notifier.name}</th>${locales.map((locale) => cell(notifier, locale)).join('')}</tr>`
  const heads = locales.map((locale) => `<th scope="col">${languages.of(locale) ?? locale}</th>`).join('')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Messages</title>
<style>
  :root { color-scheme: light dark; --line: light-dark(#dde1e8, #292e37) }
  body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1.5rem 1rem; max-width: 60rem;
    background: light-dark(#f5f6f8, #0f1115); color: light-dark(#14171c, #e8ebf1) }
  h1 { font-size: 1.375rem; line-height: 1.75rem; margin: 0 }
  p { margin: 0.25rem 0 1.5rem; color: light-dark(#464f5d, #aeb7c4); text-wrap: pretty }
  a { color: light-dark(#2a49c9, #a3b5ff); display: inline-block; padding: 0.25rem 0.5rem 0.25rem 0 }
  a:focus-visible { outline: 2px solid; outline-offset: 2px }
  table { border-collapse: collapse; width: 100% }
  th, td { padding: 0.25rem 1rem 0.25rem 0; text-align: left; border-top: 1px solid var(--line) }
  thead th { border: 0; font-weight: 400; color: light-dark(#5c6675, #8f99a8) }
  @media (max-width: 40rem) {
    thead { display: none }
    tr { display: block; border-top: 1px solid var(--line); padding: 0.75rem 0 }
    th, td { display: flex; align-items: center; border: 0; padding: 0 }
    td::before { content: attr(data-k); flex: 0 0 5rem; color: light-dark(#5c6675, #8f99a8) }
    td a { padding: 0.625rem 1rem 0.625rem 0; min-width: 2.75rem }
  }
</style>
<main>
<h1>Messages</h1>
<p>What each notifier sends for its sample, in each language.</p>
<table>
<thead><tr><th scope="col">Notifier</th>${heads}</tr></thead>
<tbody>
${chosen.map(row).join('\n')}
</tbody>
</table>
</main>
</html>
`
}
