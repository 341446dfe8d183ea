// What the API says is wrong with a form, as it stands beneath the field.
import type { DataFault } from '../../domain/event.ts'
import { isTypedTime } from './times.ts'

/** Undefined where nothing is wrong with the field. */
export function faultOf(faults: DataFault[], name: string): string | undefined {
  const message = faults.find(({ path }) => path === name)?.message
  return message && `It ${message}.`
}

/** As `faultOf`, for a field with a time: the forms take times that are easier to type than those of the API. */
export function timeFaultOf(faults: DataFault[], name: string, typed: string | null | undefined): string | undefined {
  const fault = faultOf(faults, name)
  return fault && typed && !isTypedTime(typed)
    ? 'It must be a date, or a date and a time such as 2026-11-21 02:41.'
    : fault
}
