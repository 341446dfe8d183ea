// Reads one setting at a time from an environment, or from the file that `<NAME>_FILE` names, and collects every fault
// instead of stopping at the first.

export type Env = Record<string, string | undefined>

/** What is wrong with one variable and what would be right; never a secret's value. */
export interface Fault {
  name: string
  text: string
}

export type Parsed<T> = { ok: true; value: T } | { ok: false; text: string }

export interface Reader {
  readonly faults: Fault[]
  /** The trimmed text, without the quotes around it; null where unset or unreadable. */
  text(name: string): string | null
  /** The parsed value, null where unset or wrong; what is wrong has become a fault. */
  read<T>(name: string, parse: (text: string) => Parsed<T>): T | null
  fault(name: string, text: string): void
  /** True where something was given, be it right or wrong. */
  given(name: string): boolean
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

/** `docker run --env-file` keeps the quotes that a shell and a `.env` file take away. */
function unquoted(text: string | null): string | null {
  const [, , inner] = /^(["'])(.*)\1$/.exec(text ?? '') ?? []
  return inner === undefined ? text : inner.trim() || null
}

/** A reader over `env`; `readFile` gives the text of a `_FILE` or throws. */
export function settingReader(env: Env, readFile: (path: string) => string): Reader {
  const faults: Fault[] = []
  const seen = new Map<string, string | null>()
  const unreadable = new Set<string>()

  const fault = (name: string, text: string) => {
    faults.push({ name, text })
  }

  function find(name: string): string | null {
    const direct = env[name]?.trim() || null
    const fileName = `${name}_FILE`
    const path = env[fileName]?.trim() || null
    if (direct !== null && path !== null) {
      fault(name, `is set, and ${fileName} is set too; keep one of them`)
      return null
    }
    const value = unquoted(path === null ? direct : fromFile(fileName, path))
    if (value !== null && control.test(value)) {
      fault(path === null ? name : fileName, 'holds a line break or another control character; give one line of text')
      return null
    }
    return value
  }

  function fromFile(fileName: string, path: string): string | null {
    try {
      // Only the newline that editors and `echo` add goes here; trimming the rest is the same as for direct values.
      return (
        readFile(path)
          .replace(/\r?\n$/, '')
          .trim() || null
      )
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
      fault(fileName, `names a file that cannot be read (${code}); give the path of a readable text file`)
      return null
    }
  }

  function text(name: string): string | null {
    const known = seen.get(name)
    if (known !== undefined) return known
    const before = faults.length
    const value = find(name)
    if (faults.length > before) unreadable.add(name)
    seen.set(name, value)
    return value
  }

  return {
    faults,
    text,
    fault,
    given: (name) => text(name) !== null || unreadable.has(name),
    read(name, parse) {
      const value = text(name)
      if (value === null) return null
      const parsed = parse(value)
      if (parsed.ok) return parsed.value
      fault(name, parsed.text)
      return null
    },
  }
}
