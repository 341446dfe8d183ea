// What is to become of each event that concerns a person: whether it is erased entirely, or what of its body is left for the
// others.
import { type Called, cutRecipient } from '../privacy/cut-recipient.ts'
import type { PersonFinder } from '../privacy/person-finder.ts'
import type { Reader } from '../store/db.ts'
import { eventBodies, readTexts } from '../store/people/texts.ts'

export interface Cuts {
  /** Events of this person alone, and those that concern others too or have no body any more. */
  whole: string[]
  shared: string[]
  /** How the events call the person. */
  called: Called
  /** What is left of shared bodies, one at a time. */
  remainders(this: void): AsyncGenerator<{ eventId: string; rest: Buffer }>
}

/** Memory holds so much of what is left; of further bodies it is worked out again when it is written. */
const mostHeldBytes = 33_554_432

export async function cutsOf(db: Reader, finder: PersonFinder, eventIds: string[]): Promise<Cuts> {
  const whole = new Set<string>()
  const called: Called = { names: new Set(), addresses: new Set() }
  const held = new Map<string, Buffer>()
  const again: string[] = []
  let heldBytes = 0
  for await (const { id, raw } of readTexts(db, eventBodies, eventIds)) {
    const cut = await cutRecipient(raw, finder)
    for (const name of cut.called.names) called.names.add(name)
    for (const address of cut.called.addresses) called.addresses.add(address)
    if (cut.kind === 'whole') whole.add(id)
    else if (heldBytes + cut.rest.length > mostHeldBytes) again.push(id)
    else {
      held.set(id, cut.rest)
      heldBytes += cut.rest.length
    }
  }
  async function* remainders() {
    for (const [eventId, rest] of held) yield { eventId, rest }
    for await (const { id, raw } of readTexts(db, eventBodies, again)) {
      const cut = await cutRecipient(raw, finder)
      if (cut.kind === 'shared') yield { eventId: id, rest: cut.rest }
    }
  }
  return { whole: [...whole], shared: eventIds.filter((id) => !whole.has(id)), called, remainders }
}
