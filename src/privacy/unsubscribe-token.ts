// The tokens of unsubscribe links. Everything that the link must still know when our rows are gone is inside, encrypted
// and signed: nobody can read an address in one, or make one. The same content gives the same token, as a message's
// bytes must not change when it is rendered again; so the nonce is made of the content (as AES-SIV does it).
// compose.ts seals them, http/unsubscribe.ts opens them.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Category } from '../domain/notification.ts'

/** Who leaves what, and in which language they are spoken to. */
export interface Leaving {
  recipientId: string | null
  /** Whose id it is, where apps do not share them. */
  app?: string
  address: string
  channel: 'email' | 'sms'
  category: Category
  locale: string
}

export interface UnsubscribeTokens {
  /** As base64url. */
  seal(leaving: Leaving): string
  /** Null where the token was not made with our key, or one character of it is not as it was. */
  open(token: string): Leaving | null
}

const nonceBytes = 12
const tagBytes = 16
/** With the longest address, a longer id would make a link that does not fit on one line of an email's head: 998 (RFC 5322). */
const longestIdBytes = 256

export function unsubscribeTokens(secretKey: string): UnsubscribeTokens {
  const derived = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', secretKey, '', `posthorn unsubscribe ${purpose} 1`, 32))
  const sealing = derived('sealing')
  const naming = derived('naming')
  const nonceOf = (content: Buffer) => createHmac('sha256', naming).update(content).digest().subarray(0, nonceBytes)
  return {
    seal(leaving) {
      const content = Buffer.from(JSON.stringify(asList(leaving)))
      const nonce = nonceOf(content)
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce)
      const sealed = [nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]
      return Buffer.concat(sealed).toString('base64url')
    },
    open(token) {
      const bytes = Buffer.from(token, 'base64url')
      // What decodes to the same bytes need not be the same text: only the one that was made counts.
      if (bytes.length <= nonceBytes + tagBytes || bytes.toString('base64url') !== token) return null
      const nonce = bytes.subarray(0, nonceBytes)
      const decipher = createDecipheriv('aes-256-gcm', sealing, nonce, { authTagLength: tagBytes })
      decipher.setAuthTag(bytes.subarray(-tagBytes))
      const content = decipher.update(bytes.subarray(nonceBytes, -tagBytes))
      if (!isWhole(() => decipher.final()) || !timingSafeEqual(nonce, nonceOf(content))) return null
      return fromList(JSON.parse(content.toString()))
    },
  }
}

type Listed = [
  id: string | null,
  address: string,
  channel: Leaving['channel'],
  category: Category,
  locale: string,
  app?: string,
]

/** An id too long for a header is left out: the address is enough to be left alone. */
function asList({ recipientId, app, address, channel, category, locale }: Leaving): Listed {
  const id = recipientId !== null && Buffer.byteLength(recipientId) <= longestIdBytes ? recipientId : null
  return app ? [id, address, channel, category, locale, app] : [id, address, channel, category, locale]
}

function fromList([recipientId, address, channel, category, locale, app]: Listed): Leaving {
  return { recipientId, ...(app && { app }), address, channel, category, locale }
}

function isWhole(verify: () => unknown): boolean {
  try {
    verify()
    return true
  } catch {
    return false
  }
}
