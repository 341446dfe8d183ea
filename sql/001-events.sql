-- What came in. An event is stored once for good: (source, source_id) is what makes a webhook a duplicate,
-- at any later time, so this table stays small and unpartitioned; the raw bodies stand apart and may age out.

create table events (
  id uuid primary key,
  source text not null,
  source_id text not null,
  type text not null,
  source_type text not null,
  status text not null,
  reason_code text,
  reason_text text,
  reference text,
  "references" text[] not null default '{}',
  fact text,
  livemode boolean,
  priority text not null,
  received_at timestamptz not null,
  -- While it waits to be planned: when somebody must look at it again.
  due_at timestamptz,
  constraint a_source_tells_an_event_once unique (source, source_id),
  constraint a_known_status check (status in ('accepted', 'planned', 'ignored', 'failed')),
  constraint a_known_priority check (priority in ('high', 'normal', 'bulk')),
  constraint what_waits_says_until_when check ((status = 'accepted') = (due_at is not null)),
  constraint an_event_without_notifications_says_why check (status not in ('ignored', 'failed') or reason_code is not null)
);

create index events_newest on events (received_at desc, id desc);
create index events_by_type on events (type, received_at desc, id desc);
create index events_by_reference on events using gin ("references");
create index events_waiting_for_a_plan on events (due_at) where due_at is not null;

create table event_bodies (
  event_id uuid primary key references events,
  raw bytea not null
);
