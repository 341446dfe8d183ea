// Reads the text fields of a multipart/form-data body, which some vendors post where a form is expected.

const opening = /^\s*--([^\r\n]{1,70})\r?\n/
const fieldName = /^content-disposition:[^\r\n]*;\s*name="?([^";\r\n]+)"?/im

/** The values of each field; null if the body is not multipart or has more than `maxFields` fields. */
export function multipartOf(raw: Buffer, maxFields: number): Map<string, string[]> | null {
  // The boundary is the body's first line, so the header that names it is not needed.
  const boundary = opening.exec(raw.toString('latin1', 0, 200))?.[1]?.trimEnd()
  if (!boundary) return null
  const parts = raw.toString().split(`--${boundary}`, maxFields + 3)
  if (parts.length > maxFields + 2) return null
  const fields = new Map<string, string[]>()
  for (const part of parts.slice(1)) {
    const [head, body] = halves(part)
    const name = fieldName.exec(head)?.[1]
    if (name === undefined || body === null) continue
    fields.set(name, [...(fields.get(name) ?? []), body])
  }
  return fields.size > 0 ? fields : null
}

/** The part's headers and its content, which end with an empty line and a line break. */
function halves(part: string): [string, string | null] {
  const gap = /\r?\n\r?\n/.exec(part)
  if (!gap) return [part, null]
  return [part.slice(0, gap.index), part.slice(gap.index + gap[0].length).replace(/\r?\n$/, '')]
}
