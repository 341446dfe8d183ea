// Checks UUIDs that come from outside, and reads the time of ours.

/** The UUID in lower case; null for anything that Postgres would refuse as one. */
export function uuidOf(value: unknown): string | null {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
    ? value.toLowerCase()
    : null
}

/** When a UUID of version 7 was made, which has its milliseconds in the first 48 bits (RFC 9562, 5.7). */
export function timeOfUuid(id: string): Date {
  return new Date(Number.parseInt(id.replace('-', '').slice(0, 12), 16))
}
