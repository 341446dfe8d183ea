// From an email's React element to the bytes that are frozen in a notification: rendered once, and the text
// taken from the same HTML (plain-text.ts), as rendering is most of what planning a message costs.
import { render } from '@react-email/render'
import type { ReactElement } from 'react'
import { plainText } from './plain-text.ts'

// React cannot write comments, and only Outlook reads these: tables that hold a width, and 96 dots to the inch.
// The tags stand in the layout; data cannot forge them, as React escapes it.
const msoComments: Record<string, string> = {
  'mso-head':
    '<!--[if mso]>\n<xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml>\n' +
    '<style>table {border-collapse:collapse;} td, p, a, h1 {font-family:Arial, sans-serif !important;}</style>\n<![endif]-->',
  'mso-open':
    '<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->',
  'mso-close': '<!--[if mso]></td></tr></table><![endif]-->',
}

/** The same element gives the same bytes. The text says what the HTML says, without its padding. */
export async function renderEmail(element: ReactElement): Promise<{ html: string; text: string }> {
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
