// Decides who must not get what: suppressed addresses, opt-outs, and messages that another event has superseded.
import type { OptOut } from '../domain/deliverable.ts'
import type { Category, NewNotification } from '../domain/notification.ts'
import { type Reason, reason } from '../domain/reason.ts'
import type { SupersedingEvent } from '../domain/superseding.ts'

/** What decides whether a notification may be sent. */
export type Addressed = Pick<NewNotification, 'channel' | 'to' | 'recipientId' | 'category' | 'sandboxed'>

/** Why a recipient is ineligible; null where they are eligible. Knows only the recipients that it was made for. */
export type Ineligible = (about: Addressed & { to: string; source: string }) => Reason | null

export const everyoneEligible: Ineligible = () => null

/** A preference for `product` messages on one channel, by an app's id of the person or by address. */
export interface Preference {
  kind: 'id' | 'address'
  /** The app whose id it is; empty if apps share ids, and for an address. */
  app: string
  subject: string
  channel: string
  allowed: boolean
  saidBy: string
  saidAt: Date
}

/** Whether people may opt out of this category. */
export function mayOptOut(category: Category): boolean {
  return category === 'product'
}

/** By the suppressed addresses, as `channel:address` with the reason, and the preferences, the latest last. */
export function ineligibleBy(suppressed: Map<string, string>, preferences: Preference[]): Ineligible {
  const optOutOf = optOutsIn(preferences)
  return (about) => {
    const suppression = suppressed.get(`${about.channel}:${about.to.toLowerCase()}`)
    if (suppression) return addressSuppressed(suppression)
    const optOut = mayOptOut(about.category) ? optOutOf(about) : null
    return optOut && optedOut(optOut)
  }
}

interface About {
  channel: string
  to: string | null
  recipientId: string | null
  source: string
}

/** The latest preference that applies to a message counts, if it is an opt-out. */
export function optOutsIn(preferences: Preference[]): (about: About) => OptOut | null {
  const known = new Map(preferences.map((one, order) => [keyOf(one), { ...one, order }]))
  return ({ channel, to, recipientId, source }) => {
    const ofId = ['', source].map((app) => recipientId !== null && { kind: 'id', app, channel, subject: recipientId })
    const ofAddress = to !== null && { kind: 'address', app: '', channel, subject: to.toLowerCase() }
    const about = [...ofId, ofAddress]
    const applying = about.map((one) => (one ? known.get(keyOf(one)) : undefined))
    const last = applying.reduce((a, b) => ((b?.order ?? -1) > (a?.order ?? -1) ? b : a), undefined)
    return last && !last.allowed ? { by: last.saidBy, at: last.saidAt } : null
  }
}

function keyOf({ kind, app, channel, subject }: Record<'kind' | 'app' | 'channel' | 'subject', string>): string {
  return JSON.stringify([kind, app, channel, subject])
}

export function addressSuppressed(listedAs: string): Reason {
  return reason('suppressed_address', { listedAs })
}

export function optedOut({ by, at }: OptOut): Reason {
  return reason('opted_out', { by, date: at.toISOString().slice(0, 10) })
}

export function supersededBy({ id, type }: SupersedingEvent): Reason {
  return reason(type === 'payment.received' ? 'superseded' : 'stopped', { type, event: id })
}
