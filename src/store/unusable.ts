// The error for a database that no waiting makes usable: which setting names it, and what to do.

/** Its message is one line that begins with the setting's name; the server's error is the `cause`. */
export interface UnusableDatabase extends Error {
  setting: 'DATABASE_URL' | 'DATA_DIR'
}

export function unusable(setting: UnusableDatabase['setting'], text: string, cause?: unknown): UnusableDatabase {
  return Object.assign(new Error(`${setting} ${text}`, { cause }), { setting })
}

export function isUnusable(error: unknown): error is UnusableDatabase {
  return error instanceof Error && 'setting' in error
}
