// Who somebody is within one fact: the same key gets the same message once a channel. A key is JSON of its parts, so that
// ids and addresses may hold any character and two people never share one.

/** Whoever is told of a fact that several events tell: one person, whatever address each event knows. */
export const customerKey = JSON.stringify(['customer'])

/** Nobody, of such a fact: another event may still know an address. */
export const unknownCustomerKey = JSON.stringify(['unknown customer'])

/** Whoever a digest is for; its fact says who. */
export const digestReaderKey = JSON.stringify(['digest reader'])

interface Person {
  id: string | null
  address: string | null
  /** A hash of the data that is theirs alone; null where they have none. */
  ownData: string | null
}

/** One id at one address with data of their own is one person. */
export function personKey({ id, address, ownData }: Person): string {
  return JSON.stringify(['person', id, address?.toLowerCase() ?? null, ownData])
}

/** A recipient without an id or an address, by the place in the event's list. */
export function strangerKey(index: number): string {
  return JSON.stringify(['stranger', index])
}

export function appKey(app: string): string {
  return JSON.stringify(['app', app])
}

/** How the keys begin that hold a person's id or address, which are removed by age. */
export const personKeyStart = '["person",'
