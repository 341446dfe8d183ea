// Recipient keys: who a person is within one fact, where one key gets one notification a channel. A key is the JSON of its
// parts, so that two people never share one.

/** The one recipient of a fact that several events report, whatever address each event has. */
export const customerKey = JSON.stringify(['customer'])

/** The recipient of such a fact while no address is known: another event may still have one. */
export const unknownCustomerKey = JSON.stringify(['unknown customer'])

/** The recipient of a digest, whose fact identifies the person. */
export const digestReaderKey = JSON.stringify(['digest reader'])

/** Whomever an event names, for what is left out for all of them. */
export const wholeEventKey = JSON.stringify(['everybody'])

interface Person {
  id: string | null
  address: string | null
  /** A hash of the recipient's own data; null without any. */
  ownData: string | null
}

/** A person is one id at one address with one set of own data. */
export function personKey({ id, address, ownData }: Person): string {
  return JSON.stringify(['person', id, address?.toLowerCase() ?? null, ownData])
}

/** A recipient without an id or an address, by position in the event's list. */
export function strangerKey(index: number): string {
  return JSON.stringify(['stranger', index])
}

export function appKey(app: string): string {
  return JSON.stringify(['app', app])
}

/** Whether the key of a person has one of these ids, or one of these addresses in lower case. */
export function isKeyOf(key: string, { ids, addresses }: { ids: string[]; addresses: string[] }): boolean {
  if (!key.startsWith(personKeyStart)) return false
  const [, id, address] = JSON.parse(key) as [string, string | null, string | null]
  return (id !== null && ids.includes(id)) || (address !== null && addresses.includes(address))
}

/** The prefix of keys that hold a person's id or address, which retention removes. */
export const personKeyStart = '["person",'
