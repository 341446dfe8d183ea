// Words of vendors and errors may name the person or the number they are about. Whatever the audit or the
// log keeps of them passes through here.
import { findAddresses } from './find-addresses.ts'
import { replaced } from './found.ts'
import { nobodyKnown } from './known-addresses.ts'

const maxTextLength = 300
/** A vendor's body may be a megabyte, of which only the beginning is kept. */
const maxReadLength = 2_000
/** An address of one word behind the @, such as a host's own mail. */
const email = /[^\s<>()[\]",;:'`]+@[^\s<>()[\]",;:'`=]+/g
// Left as they are: IP addresses (which host refused us) and dates. Taken out: 7 digits or more, grouped or not.
const number =
  /(?<![\w.-])(\d{1,3}(?:\.\d{1,3}){3}(?!\d)|\d{4}-\d{2}-\d{2}(?!\d)|\+?\(?\d(?:[ ().-]{0,2}\d){6,14})(?!\w)/g
const blanks = /[\s\p{Cc}]+/gu

/** A vendor's words, fit to be kept and shown: one line, short, without email addresses and phone numbers, however encoded. */
export function redact(text: string): string {
  const line = oneLine(text.slice(0, maxReadLength))
  const found = [...findAddresses(line, nobodyKnown())].flat()
  const shown = replaced(
    line,
    found.map(({ start, end }) => ({ start, end, by: '[address]' })),
  )
    .replace(email, '[address]')
    .replace(number, (found) => (/^(\d{1,3}(\.\d{1,3}){3}|\d{4}-\d{2}-\d{2})$/.test(found) ? found : '[address]'))
  return shown.length <= maxTextLength ? shown : `${shown.slice(0, maxTextLength - 1)}…`.toWellFormed()
}

/** Without line ends and other control characters. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(blanks, ' ').trim()
}
