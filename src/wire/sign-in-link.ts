// The token of a one-time sign-in link: the name of an API key and when the link ends, signed with the key. Whoever can make
// one has the key; the link itself does not hold it.
import { createHmac, randomBytes } from 'node:crypto'
import { isSameText } from './same-text.ts'

interface Named {
  name: string
  key: string
}

const validForMs = 15 * 60_000
const purpose = 'posthorn sign-in link 1'

export function signInToken({ name, key }: Named, now: Date): string {
  const content = [name, now.getTime() + validForMs, randomBytes(12).toString('base64url')]
  const encoded = Buffer.from(JSON.stringify(content)).toString('base64url')
  return `${encoded}.${signatureOf(encoded, key)}`
}

/** The key that the token was made with; null where it is none of these, or the token was altered or has ended. */
export function keyOfToken<Key extends Named>(token: string, keys: Key[], now: Date): Key | null {
  const [encoded = '', signature = ''] = token.split('.', 2)
  const key = keys.find((one) => isSameText(signature, signatureOf(encoded, one.key)))
  if (!key) return null
  const [name, endsAt] = JSON.parse(Buffer.from(encoded, 'base64url').toString()) as [string, number]
  return name === key.name && endsAt > now.getTime() ? key : null
}

function signatureOf(encoded: string, key: string): string {
  return createHmac('sha256', key).update(`${purpose} ${encoded}`).digest('base64url')
}
