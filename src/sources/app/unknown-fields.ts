// Finds the fields of an event and of its recipients that have no meaning, so that a misspelt one is not ignored in silence.
import type { DataFault } from '../../domain/event.ts'
import type { Fields } from '../../wire/json.ts'
import { meantInstead } from '../../wire/nearest-name.ts'

const ofEvents = [
  'type',
  'id',
  'timestamp',
  'data',
  'recipient',
  'recipients',
  'channels',
  'sendAt',
  'expiresAt',
  'priority',
  'reference',
]
const ofRecipients = ['id', 'email', 'phone', 'country', 'name', 'locale', 'timezone', 'data']
const maxPathLength = 100
/** A body may have thousands. */
const maxUnknown = 100

export function unknownOfEvent(body: Fields): DataFault[] {
  return unknownIn(body, ofEvents).map((name) => ({
    path: pathOf(name),
    message: `is not a field of an event${meantInEvent(name)}`,
  }))
}

/** `path` is that of the recipient. */
export function unknownOfRecipient(recipient: Fields, path: string): DataFault[] {
  return unknownIn(recipient, ofRecipients).map((name) => {
    const meant = meantInstead(name, ofRecipients) || ': facts about a recipient belong in its `data`'
    return { path: `${path}.${pathOf(name)}`, message: `is not a field of a recipient${meant}` }
  })
}

function meantInEvent(name: string): string {
  const known = ofRecipients.includes(name) ? `; did you mean \`recipient.${name}\`?` : meantInstead(name, ofEvents)
  return known || ': facts about the event belong in `data`'
}

function unknownIn(fields: Fields, known: readonly string[]): string[] {
  return Object.keys(fields)
    .filter((name) => !known.includes(name))
    .slice(0, maxUnknown)
}

function pathOf(name: string): string {
  return name.slice(0, maxPathLength).toWellFormed()
}
