// What a DATABASE_URL means to Postgres's driver, which alone knows what it takes.
// The settings ask whether it can be used at all.
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
