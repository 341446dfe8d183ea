// Addresses as a viewer sees them: enough to recognise a customer on the phone, not enough to write to them.

/** `a***@example.com`, `+1415***0123`; and of an app's URL the query, where a key may stand. */
export function maskAddress(address: string): string {
  if (/^https?:\/\//.test(address)) return address.replace(/\?.*$/, '?***')
  const at = address.lastIndexOf('@')
  if (at > 0) return `${[...address][0]}***${address.slice(at)}`
  return address.length > 10 ? `${address.slice(0, 5)}***${address.slice(-4)}` : '***'
}

/** Masks what looks like an address anywhere in a text: a raw body, a subject. */
export function maskText(text: string): string {
  return text
    .replace(/[^\s"'<>,;:()[\]{}]+@[^\s"'<>,;:()[\]{}]+\.[a-z]{2,}/gi, maskAddress)
    .replace(/\+\d[\d ().-]{6,}\d/g, maskAddress)
}
