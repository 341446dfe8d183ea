// Reads large rows in parts that memory has room for.

/** The ids in parts of about this many bytes: a part ends with the one that makes it as long. */
export function bySize(rows: { id: string; bytes: number }[], most: number): string[][] {
  const parts: string[][] = []
  let [part, bytes]: [string[], number] = [[], 0]
  for (const row of rows) {
    part.push(row.id)
    bytes += row.bytes
    if (bytes < most) continue
    parts.push(part)
    part = []
    bytes = 0
  }
  return part.length > 0 ? [...parts, part] : parts
}
