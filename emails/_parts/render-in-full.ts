// Renders an email with React. The text is derived from the HTML, as rendering is what costs most.
import { render } from '@react-email/render'
import type { ReactElement } from 'react'
import { plainText } from './plain-text.ts'

// Outlook's conditional comments (fixed-width tables, 96 dpi), which React cannot write. The layout has these tags in their
// place; data cannot forge them, as React escapes it.
const msoComments: Record<string, string> = {
  'mso-head':
    '<!--[if mso]>\n<xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml>\n' +
    '<style>table {border-collapse:collapse;} td, th, p, a, h1 {font-family:Arial, sans-serif !important;}</style>\n<![endif]-->',
  'mso-open':
    '<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->',
  'mso-close': '<!--[if mso]></td></tr></table><![endif]-->',
}

export interface Rendered {
  html: string
  text: string
}

/** The same element gives the same bytes. */
export async function renderInFull(element: ReactElement): Promise<Rendered> {
  const rendered = await render(element)
  return { html: finish(rendered), text: plainText(rendered) }
}

function finish(rendered: string): string {
  return rendered
    .replace(/^<!DOCTYPE[^>]*>/i, '<!doctype html>\n')
    .replace(/<!--\/?[$a-z ]*-->/g, '')
    .replace(/ data-text="[a-z]+"/g, '')
    .replace(/<\/(?:head|style|title|tr|p|h1|caption|div)>/g, '$&\n')
    .replace(/<(mso-[a-z]+)><\/mso-[a-z]+>/g, (tag, name: string) => msoComments[name] ?? tag)
}
