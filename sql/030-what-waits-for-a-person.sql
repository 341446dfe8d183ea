-- outside a transaction
-- What waits for a person, which every page of the dashboard counts: what was given up, the latest first, and what is held in doubt.

create index concurrently if not exists notifications_latest_given_up
  on notification_states (coalesce(given_up_at, created_at) desc, id desc) where state = 'failed';
create index concurrently if not exists notifications_held on notification_states (created_at)
  where state = 'unconfirmed' and reason_code <> 'settling';
