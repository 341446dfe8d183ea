// What a DATABASE_URL means to Postgres's driver, which lets what the URL says stand over what we say.
// The settings ask whether it can be used at all; db.ts adds what our sessions need.
import pg from 'pg'

/** Why no connection can be made of this URL, whoever answers; null where one can. Calls nobody, reads the certificates it names. */
export function connectionFault(url: string): string | null {
  try {
    const { port } = new pg.Client({ connectionString: url })
    return port > 0 && port < 65_536 ? null : 'its port is none'
  } catch (error) {
    if (!(error instanceof Error)) return 'it cannot be read'
    return 'path' in error && 'code' in error ? `${error.path} cannot be read: ${error.code}` : error.message
  }
}

/** The URL with `ours` behind the session options of its own, such as a `statement_timeout` or Neon's `endpoint`: the last of a name counts. */
export function withSessionOptions(url: string, ours: Record<string, string | number>): string {
  const [address = ''] = url.split('#')
  const own = [...address.matchAll(/[?&]options=([^&]+)/g)].at(-1)?.[1]
  const options = Object.entries(ours).map(
    ([name, value]) => `-c+${name}=${encodeURIComponent(value).replaceAll('%20', '+')}`,
  )
  return `${address}${address.includes('?') ? '&' : '?'}options=${[...(own ? [own] : []), ...options].join('+')}`
}
