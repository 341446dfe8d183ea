// Addresses as a viewer sees them: enough to recognise a customer on the phone, not enough to write to them.

/** `a***@example.com`, `+1415***0123`; and of an app's URL the query, where a key may stand. */
export function maskAddress(address: string): string {
  if (/^https?:\/\//.test(address)) return address.replace(/\?.*$/, '?***')
  const at = address.lastIndexOf('@')
  if (at > 0) return `${[...address][0]}***${address.slice(at)}`
  return address.length > 10 ? `${address.slice(0, 5)}***${address.slice(-4)}` : '***'
}

/** Begins only where a word does, and takes no second @: a long text without one is looked at once, not from each letter. */
const email = /(?<![^\s"'<>,;:()[\]{}@])[^\s"'<>,;:()[\]{}@]+@[^\s"'<>,;:()[\]{}@]+\.[a-z]{2,}/gi
const phone = /\+\d[\d ().-]{6,}\d/g
/** By the key that it stands under, as payment vendors write it: with a plus or without, or as a number. */
const phoneField = /("\w*(?:phone|phone_number|contact|mobile)"\s*:\s*)(?:"((?:[^"\\]|\\.)*)"|(\d+))/gi

/** Masks what looks like an address anywhere in a text: a raw body, an id. */
export function maskText(text: string): string {
  return text
    .replace(email, maskAddress)
    .replace(phone, maskAddress)
    .replace(phoneField, (whole, key, quoted, bare) => {
      const value: string = quoted ?? bare
      return /\d/.test(value) ? `${key}"${maskAddress(value)}"` : whole
    })
}

/** Takes the tokens out of unsubscribe links: whoever has one can change what this person gets. */
export function maskTokens(text: string): string {
  return text.replace(/(\/unsubscribe\/)[\w-]+/g, '$1***')
}
