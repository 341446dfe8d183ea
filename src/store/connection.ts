// Checks a DATABASE_URL and adds session options to it; they must be in the URL, because the driver lets the URL override
// its own options.
import pg from 'pg'

/** Why the driver cannot use this URL; null if it can. Makes no connection, but reads the certificates that the URL names. */
export function connectionFault(url: string): string | null {
  try {
    const { port } = new pg.Client({ connectionString: url })
    return port > 0 && port < 65_536 ? null : 'its port is not valid'
  } catch (error) {
    if (!(error instanceof Error)) return 'it cannot be read'
    return 'path' in error && 'code' in error ? `${error.path} cannot be read: ${error.code}` : error.message
  }
}

/** The URL with `ours` appended to its own session options (such as Neon's `endpoint`); the last option of a name counts. */
export function withSessionOptions(url: string, ours: Record<string, string | number>): string {
  const [address = ''] = url.split('#')
  const own = [...address.matchAll(/[?&]options=([^&]+)/g)].at(-1)?.[1]
  const options = Object.entries(ours).map(
    ([name, value]) => `-c+${name}=${encodeURIComponent(value).replaceAll('%20', '+')}`,
  )
  return `${address}${address.includes('?') ? '&' : '?'}options=${[...(own ? [own] : []), ...options].join('+')}`
}
