// Reads the recipients of an app's event: one, or a list.
import { eventLoopYielder } from '../../clock.ts'
import type { DataFault, Recipient } from '../../domain/event.ts'
import { isLimit } from '../../wire/fields.ts'
import { type Fields, isFields } from '../../wire/json.ts'
import { readRecipient } from './recipient.ts'
import { unknownOfRecipient } from './unknown-fields.ts'

export const maxRecipients = 10_000
/** The most faults that are reported to a sender. */
export const maxFaults = 100

/** What is wrong with an event; each with its path. */
export interface Faults {
  invalid: DataFault[]
  /** Fields without a meaning. */
  unknown: DataFault[]
  /** Whether a limit is exceeded. */
  isTooMuch: boolean
}

/** Stops at `maxFaults`, since a body may have thousands of recipients. */
export async function readRecipients(body: Fields, mustBeReachable: boolean, faults: Faults): Promise<Recipient[]> {
  const { recipient, recipients } = body
  const fault = (path: string, message: string) => {
    faults.invalid.push({ path, message })
    return []
  }
  if (isAbsent(recipient) && isAbsent(recipients)) return mustBeReachable ? fault('recipient', 'is required') : []
  if (!isAbsent(recipient) && !isAbsent(recipients)) fault('recipients', 'must not be given together with `recipient`')
  if (!isAbsent(recipient)) return readOne(recipient, 'recipient', mustBeReachable, faults)
  if (!Array.isArray(recipients)) return fault('recipients', 'must be a list')
  if (recipients.length === 0) return fault('recipients', 'must have at least one recipient')
  if (recipients.length > maxRecipients) return fault('recipients', `must have at most ${maxRecipients} recipients`)
  const read: Recipient[] = []
  const yieldTurn = eventLoopYielder()
  for (const [i, each] of recipients.entries()) {
    if (faults.invalid.length >= maxFaults || faults.unknown.length >= maxFaults) break
    await yieldTurn()
    read.push(...readOne(each, `recipients.${i}`, mustBeReachable, faults))
  }
  return read
}

function readOne(value: unknown, path: string, mustBeReachable: boolean, faults: Faults): Recipient[] {
  if (isFields(value)) faults.unknown.push(...unknownOfRecipient(value, path))
  const read = readRecipient(value, mustBeReachable)
  if (read.ok) return [read.recipient]
  faults.isTooMuch ||= read.issues.some(isLimit)
  for (const issue of read.issues)
    faults.invalid.push({ path: [path, ...issue.path].join('.'), message: issue.message })
  return []
}

export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null
}
