-- outside a transaction
-- What was given up, by when: an alert counts it each minute.

create index concurrently if not exists notifications_by_given_up on notification_states (coalesce(given_up_at, created_at))
  where state = 'failed' and reason_code in ('tries_used_up', 'delivery_failed');
create index concurrently if not exists events_by_given_up on events (coalesce(replayed_at, received_at))
  where status = 'failed' and reason_code = 'planning_failed';
drop index concurrently if exists notifications_given_up;
drop index concurrently if exists events_given_up;
