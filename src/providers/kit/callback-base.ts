// Decides whether vendors can call us back. Given a URL that they cannot reach, some refuse the message and others log
// an error for each call.
import { isIP } from 'node:net'
import { isPublic } from '../../wire/public-address.ts'

const privateSuffix = /\.(localhost|local|internal|lan|home\.arpa)$/

/** The base of callback URLs, without a trailing slash; null unless it is a public https address. */
export function callbackBase(publicUrl: string | null): string | null {
  if (!publicUrl || !URL.canParse(publicUrl)) return null
  const url = new URL(publicUrl)
  if (url.protocol !== 'https:' || url.username || url.password || url.search || url.hash) return null
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const family = isIP(host)
  if (family !== 0 && !isPublic(host)) return null
  // Some vendors refuse an underscore in the host name.
  if (family === 0 && (!host.includes('.') || host.includes('_') || privateSuffix.test(host))) return null
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}
