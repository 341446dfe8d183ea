// Checks a DATABASE_URL and adds the options of our sessions to it; they must be in the URL, because the driver lets the URL
// override its own options.
import pg from 'pg'

/** What our SQL and the driver's parsing rely on, set here because a database or role may have other defaults. */
export const stableSession = {
  datestyle: 'ISO,MDY',
  intervalstyle: 'postgres',
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
  default_transaction_isolation: 'read\\ committed',
}
/** The options of each of our sessions. */
export const sessionOptions = {
  search_path: 'posthorn',
  statement_timeout: 15_000,
  idle_in_transaction_session_timeout: 15_000,
  ...stableSession,
}

/**
 * As for memory and SSDs: with the default, which is for disks that turn, Postgres reads a table of some thousand rows whole to find
 * the fifty of a batch.
 */
export const planning = { random_page_cost: 1.1 }

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
