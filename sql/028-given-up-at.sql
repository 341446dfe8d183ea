-- outside a transaction
-- An alert counts what was given up in the last days, however long it had waited for its time. Of rows from before this, the time
-- of their making stands for it.

-- When it was last given up, that is, became `failed`.
alter table notification_states add column if not exists given_up_at timestamptz;
create index concurrently if not exists notifications_by_given_up on notification_states (coalesce(given_up_at, created_at))
  where state = 'failed' and reason_code in ('tries_used_up', 'delivery_failed');
create index concurrently if not exists events_by_given_up on events (coalesce(replayed_at, received_at))
  where status = 'failed' and reason_code = 'planning_failed';
drop index concurrently if exists notifications_given_up;
drop index concurrently if exists events_given_up;
