// Pseudonyms for texts that must be removed yet still be recognised: the same text gives the same pseudonym, and without the key
// none can be traced back, however few the possible texts.
import { createHmac, hkdfSync } from 'node:crypto'

export type PseudonymOf = (text: string) => string

export function pseudonyms(secretKey: string): PseudonymOf {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'posthorn pseudonym 1', 32))
  return (text) => `forgotten:${createHmac('sha256', key).update(text).digest('hex')}`
}
