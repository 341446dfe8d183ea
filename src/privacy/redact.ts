// Removes addresses from vendors' answers and errors, which may name a person, before the audit or the log keeps them.
import { allAddresses } from './find-addresses.ts'
import { replaced } from './found.ts'

const maxTextLength = 300
/** A vendor's body may be a megabyte, and one report may have thousands of texts; only the beginning is read. */
const maxReadLength = 640
/** What follows is read only so that an address before it is found whole. */
const maxKeptLength = 384
/** Also an address whose domain is one word, such as `root@localhost`. */
const email = /[^\s<>()[\]",;:'`]+@[^\s<>()[\]",;:'`=]+/g
// Numbers of 7 digits or more, grouped or not. IP addresses (which host refused us) and dates match too, and are kept.
const number =
  /(?<![\w.-])(\d{1,3}(?:\.\d{1,3}){3}(?!\d)|\d{4}-\d{2}-\d{2}(?!\d)|\+?\(?\d(?:[ ().-]{0,2}\d){6,14})(?!\w)/g
const blanks = /[\s\p{Cc}]+/gu

/** The text as one short line, without email addresses and phone numbers in any encoding. */
export function redact(text: string): string {
  const line = oneLine(text.slice(0, maxReadLength))
  const addresses = allAddresses(line).filter(({ start }) => start < maxKeptLength)
  const shown = replaced(
    line.slice(0, maxKeptLength),
    addresses.map(({ start, end }) => ({ start, end, by: '[address]' })),
  )
    .replace(email, '[address]')
    .replace(number, (found) => (/^(\d{1,3}(\.\d{1,3}){3}|\d{4}-\d{2}-\d{2})$/.test(found) ? found : '[address]'))
  return shown.length <= maxTextLength ? shown : `${shown.slice(0, maxTextLength - 1)}…`.toWellFormed()
}

/** The text without line ends and other control characters. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(blanks, ' ').trim()
}
