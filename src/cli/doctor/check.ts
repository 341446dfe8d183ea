// One check of `posthorn doctor`.
import type { Finding } from '../../providers/account.ts'

export interface Check extends Finding {
  /** What is checked: `database`, or a provider's name. */
  area: string
}

export function ok(area: string, what: string, text: string): Check {
  return { area, what, ok: true, text }
}

export function bad(area: string, what: string, text: string, fix: string): Check {
  return { area, what, ok: false, text, fix }
}

/** Nothing is broken, but a person should know. */
export function warning(area: string, what: string, text: string, fix: string): Check {
  return { area, what, ok: null, warn: true, text, fix }
}

export function notAsked(area: string, what: string, text: string): Check {
  return { area, what, ok: null, text }
}
