-- outside a transaction
-- What was given up, which an alert counts each minute: without these it would read everything that failed in three days.

create index concurrently if not exists notifications_given_up on notification_states (created_at)
  where state = 'failed' and reason_code in ('tries_used_up', 'delivery_failed');
create index concurrently if not exists events_given_up on events (received_at)
  where status = 'failed' and reason_code = 'planning_failed';
