-- outside a transaction
-- Each message is `sending` for a moment: then the indexes by state and by due time have no entry of it, and it is found by its
-- open attempt. An attempt's id begins with its time (UUIDv7), so that those of some minutes are a range of ids.

create index concurrently if not exists notifications_by_state_unless_sending
  on notification_states (state, created_at desc, id desc) where state <> 'sending';
create index concurrently if not exists notifications_due_unless_sending
  on notification_states (attempted, due_at) where due_at is not null and state <> 'sending';
drop index concurrently if exists notifications_by_state;
drop index concurrently if exists notifications_due;
drop index concurrently if exists attempts_by_provider;
