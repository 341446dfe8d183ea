// Names of providers and apps in sentences, and how the sentences are put together.
import { titleOf } from '../providers/index.ts'

/** A provider, or the app that is called back, within a sentence: `the mail server`, `the app shop`. */
export function nameOf(provider: string, app: string | null = null): string {
  return app === null ? titleOf(provider).replace(/^The /, 'the ') : `the app ${app}`
}

/** The text with a capital at its start and a full stop at its end. */
export function sentence(text: string): string {
  const trimmed = text.trim()
  const capital = trimmed.charAt(0).toUpperCase() + trimmed.slice(1)
  return /[.?!…]$/.test(capital) ? capital : `${capital}.`
}

/** The sentences that there are, one after the other; null if there are none. */
export function sentences(...texts: (string | null | false | undefined)[]): string | null {
  return texts.filter(Boolean).join(' ') || null
}

/** What a report said, its code first unless the text has it; null if it said neither. */
export function reported(code: string | null, text: string | null): string | null {
  return [!(code && text?.includes(code)) && code, text].filter(Boolean).join(': ') || null
}

/** A code that another version has written, readable: `circuit_moved` is `Circuit moved.` */
export function unknownCode(code: string): string {
  return sentence(code.replaceAll('_', ' '))
}
