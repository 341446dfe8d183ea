// SQL of what waits, as the metrics and the alerts read it: each is answered from an index, however much waits.

/** When the event that is due longest was received, of those that are due at `at`; null if none is. */
export const oldestDueEvent = (at: string) =>
  `(select received_at from events where due_at <= ${at} order by due_at limit 1)`

/**
 * When the notification that is due longest became due; null if none is. The index has those that were attempted apart from the
 * others, so each part gives its first.
 */
export const oldestDueNotification = (
  at: string,
) => `(select min(first.due_at) from (values (false), (true)) as part(attempted)
  cross join lateral (select due_at from notification_states s where s.attempted = part.attempted and s.due_at <= ${at}
    order by s.due_at limit 1) as first)`

/** How many callbacks were tried and wait to be tried again; counted up to `atMost`. */
export const callbacksRetrying = (atMost: string) => `(select count(*)::integer from (select from notification_states
  where attempted and due_at is not null and channel = 'callback' and state = 'pending' limit ${atMost}) as c)`
