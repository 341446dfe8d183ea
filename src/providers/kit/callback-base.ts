// Whether a vendor can call us back at all. A URL that it cannot reach gets the message refused or fills the vendor's error
// log, so only a public https address goes out.
import { isIP } from 'node:net'
import { isPublic } from '../../wire/public-address.ts'

const privateSuffix = /\.(localhost|local|internal|lan|home\.arpa)$/

/** The base for callback URLs, without a slash at its end; null where no vendor could reach it. */
export function callbackBase(publicUrl: string | null): string | null {
  if (!publicUrl || !URL.canParse(publicUrl)) return null
  const url = new URL(publicUrl)
  if (url.protocol !== 'https:' || url.username || url.password || url.search || url.hash) return null
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const family = isIP(host)
  if (family !== 0 && !isPublic(host)) return null
  // Some vendors refuse underscores in the host's name.
  if (family === 0 && (!host.includes('.') || host.includes('_') || privateSuffix.test(host))) return null
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}
