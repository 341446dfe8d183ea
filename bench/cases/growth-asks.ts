// The lists and pages that the growth case asks for, by values that its database has.
import { api } from '../sender.ts'
import type { Stage } from '../stage.ts'

export interface Listed {
  data: Record<string, unknown>[]
  nextCursor: string | null
}

/** One list for each filter, by a value that a row has. */
export async function listsOf({ api: { url } }: Stage): Promise<Record<string, string>> {
  const { data: notifications } = await api<Listed>(url, 'GET', '/v1/notifications?limit=1&notifier=order-confirmation')
  // The event behind it: the newest of all may be an alert, which has no reference.
  const event = await api<Record<string, unknown>>(url, 'GET', `/v1/events/${notifications[0]?.eventId}`)
  const of = (row: Record<string, unknown> | undefined, key: string) => encodeURIComponent(String(row?.[key] ?? ''))
  const [notification] = notifications
  const filters = ['reference', 'notifier', 'channel', 'state', 'provider', 'source']
  const recent = encodeURIComponent(new Date(String(notification?.createdAt)).toISOString())
  return {
    notifications: '/v1/notifications?',
    ...Object.fromEntries(
      filters.map((key) => [`notifications by ${key}`, `/v1/notifications?${key}=${of(notification, key)}`]),
    ),
    'notifications by recipient': `/v1/notifications?recipient=${of(notification, 'recipientId')}`,
    'notifications by event type': `/v1/notifications?event_type=${of(notification, 'eventType')}`,
    'notifications by until': `/v1/notifications?until=${recent}`,
    events: '/v1/events?',
    ...Object.fromEntries(
      ['type', 'source', 'status', 'reference'].map((key) => [
        `events by ${key}`,
        `/v1/events?${key}=${of(event, key)}`,
      ]),
    ),
  }
}

/** What support and operators open: the overview, a search by the address and by the order, a notification. */
export async function pagesOf({ api: { url }, database: { pool } }: Stage): Promise<Record<string, string>> {
  const { data } = await api<Listed>(url, 'GET', '/v1/notifications?limit=1&channel=email')
  const id = String(data[0]?.id)
  const { rows } = await pool.query<{ address: string; reference: string }>(
    'select /* bench */ address, reference from notification_details where id = $1',
    [id],
  )
  const search = (text: string | undefined) => `/dashboard/search?q=${encodeURIComponent(text ?? '')}`
  return {
    overview: '/dashboard',
    'search by address': search(rows[0]?.address),
    'search by order': search(rows[0]?.reference),
    'a notification': `/dashboard/notifications/${id}`,
  }
}
