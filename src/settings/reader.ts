// Reads settings from an environment, or from the file in `<NAME>_FILE`, and collects all faults.

export type Env = Record<string, string | undefined>

/** What is wrong with a variable and how to correct it. Never contains the value of a secret. */
export interface Fault {
  name: string
  text: string
}

/** `doubt`: why a value that is taken is most likely a mistake, and what it should be. */
export type Parsed<T> = { ok: true; value: T; doubt?: string } | { ok: false; text: string }

export interface Reader {
  readonly faults: Fault[]
  /** What is taken, and most likely a mistake. */
  readonly doubts: Fault[]
  /** The trimmed text without the quotes around it; null if unset or unreadable. */
  text(name: string): string | null
  /** The parsed value; null if unset or invalid, which is reported. */
  read<T>(name: string, parse: (text: string) => Parsed<T>): T | null
  fault(name: string, text: string): void
  doubt(name: string, text: string): void
  /** True if a value was given, valid or not. */
  given(name: string): boolean
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

/** `docker run --env-file` keeps quotes, which a shell and a `.env` file remove. */
export function unquoted(text: string | null): string | null {
  const [, quote = '', inner] = /^(["'])(.*)\1$/.exec(text ?? '') ?? []
  // With more of them within, they belong to parts of it: `"Acme" & "Co"`.
  return inner === undefined || inner.includes(quote) ? text : inner.trim() || null
}

/** A reader of `env`. `readFile` returns the text of a `_FILE` or throws. */
export function settingReader(env: Env, readFile: (path: string) => string): Reader {
  const faults: Fault[] = []
  const doubts: Fault[] = []
  const seen = new Map<string, string | null>()
  const unreadable = new Set<string>()

  const fault = (name: string, text: string) => {
    faults.push({ name, text })
  }
  const doubt = (name: string, text: string) => {
    doubts.push({ name, text })
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
      fault(path === null ? name : fileName, 'has a line break or another control character; give one line of text')
      return null
    }
    return value
  }

  function fromFile(fileName: string, path: string): string | null {
    try {
      // Editors and `echo` add a newline.
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
    doubts,
    text,
    fault,
    doubt,
    given: (name) => text(name) !== null || unreadable.has(name),
    read(name, parse) {
      const value = text(name)
      if (value === null) return null
      const parsed = parse(value)
      if (parsed.ok) {
        if (parsed.doubt) doubt(name, parsed.doubt)
        return parsed.value
      }
      fault(name, parsed.text)
      return null
    },
  }
}
