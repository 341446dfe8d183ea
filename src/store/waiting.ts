// SQL of what waits, as the metrics and the alerts read it: each is answered from an index, however much waits.
import { beingSent, isNotBeingSent } from './being-sent.ts'

/** When the event that is due longest was received, of those that are due at `at`; null if none is. */
export const oldestDueEvent = (at: string) =>
  `(select received_at from events where due_at <= ${at} order by due_at limit 1)`

/**
 * When the notification that is due longest became due; null if none is. The index has those that were attempted apart from the
 * others, so each part gives its first. What is being sent is due when it counts as abandoned.
 */
export const oldestDueNotification = (
  at: string,
) => `least((select min(first.due_at) from (values (false), (true)) as part(attempted)
  cross join lateral (select due_at from notification_states s where s.attempted = part.attempted and s.due_at <= ${at}
    and ${isNotBeingSent} order by s.due_at limit 1) as first), (select min(due_at) from ${beingSent} s where due_at <= ${at}))`

/**
 * Since when the message that waits longest for a provider waits: since it was made, but not before its provider's circuit opened
 * or was paused; null if none waits. The index gives the oldest of each channel and priority.
 */
export const oldestForProvider = `(select min(greatest(first.created_at, least(h.opened_at, h.paused_at)))
  from (values ('email'), ('sms'), ('callback')) as c(channel) cross join (values ('high'), ('normal'), ('bulk')) as p(priority)
  cross join lateral (select created_at, reason_params from notification_states s where s.state = 'pending'
    and s.reason_code = 'providers_unavailable' and s.channel = c.channel and s.priority = p.priority
    order by s.created_at limit 1) as first
  left join provider_health h on h.provider = first.reason_params->>'provider')`

/** How many callbacks were tried and wait to be tried again; counted up to `atMost`. */
export const callbacksRetrying = (atMost: string) => `(select count(*)::integer from (select from notification_states
  where attempted and due_at is not null and channel = 'callback' and state = 'pending' limit ${atMost}) as c)`
