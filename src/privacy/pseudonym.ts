// A name for what must be forgotten and still be recognised: the same for the same text under the same key, and nothing that
// the text can be found by without the key, however few texts there are to try.
import { createHmac, hkdfSync } from 'node:crypto'

export type PseudonymOf = (text: string) => string

export function pseudonyms(secretKey: string): PseudonymOf {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'posthorn pseudonym 1', 32))
  return (text) => `forgotten:${createHmac('sha256', key).update(text).digest('hex')}`
}
