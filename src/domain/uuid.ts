// Checks UUIDs that come from outside.

/** The UUID in lower case; null for anything that Postgres would refuse as one. */
export function uuidOf(value: unknown): string | null {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
    ? value.toLowerCase()
    : null
}
