// What the API says is wrong with a form, as it stands beneath the field.
import type { DataFault } from '../domain/event.ts'

/** Undefined where nothing is wrong with the field. */
export function faultOf(faults: DataFault[], name: string): string | undefined {
  const message = faults.find(({ path }) => path === name)?.message
  if (message === undefined) return undefined
  // The forms take times that are easier to type than those of the API.
  const isTime = message.startsWith('must be an ISO 8601 time')
  return isTime ? 'It must be a date, or a date and a time such as 2026-11-21 02:41.' : `It ${message}.`
}
