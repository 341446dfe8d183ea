// Reads the names that a shop gives its order in a payment's metadata or notes.
import { type Fields, textOf } from './json.ts'

/** Where shops keep the order's number; one that is for people comes before a database's id. */
const usualKeys = ['order_number', 'order_id', 'orderNumber', 'order', 'woocommerce_order_id']

/** The order's names in metadata or notes, or in several, of which the first counts most. `furtherKeys` come last. */
export function orderNamesIn(notes: Fields[], furtherKeys: readonly string[]): string[] {
  return textsIn(notes, [...usualKeys, ...furtherKeys])
}

/** The reference that the shop gives its payment, and then the order's names. */
export function referencesIn(notes: Fields[], furtherKeys: readonly string[]): string[] {
  return textsIn(notes, ['reference', ...usualKeys, ...furtherKeys])
}

/** The limit of an order number in an email. A longer text is not an order number. */
const maxOrderNumber = 100

/** The name that messages show as their order's number. */
export function orderNumberIn(names: string[]): string | null {
  return names.find((name) => name.length <= maxOrderNumber) ?? null
}

function textsIn(notes: Fields[], keys: string[]): string[] {
  return keys.flatMap((key) => notes.flatMap((fields) => nameOf(fields, key) ?? []))
}

/** A note may be a number, if the shop's code set one. */
function nameOf(fields: Fields, key: string): string | null {
  const value = Object.hasOwn(fields, key) ? fields[key] : null
  return shopNameOf(Number.isSafeInteger(value) ? String(value) : value)
}

/** What code writes in place of a name that it does not have. */
const noName = /^(?:undefined|null|nil|none|nan|\[object \w+\])$/i

/** A name that the shop's code gives; null if it is no value's text. */
export function shopNameOf(value: unknown): string | null {
  const name = textOf(value)
  return name === null || noName.test(name) ? null : name
}
