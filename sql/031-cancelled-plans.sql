-- A cancellation by filter also covers what its events have yet to make.

-- The cancellations that were made while the event waited for its plan or was planned in parts: `[{"by": …, "notifier": …}]`, with
-- the notifier null for all. Written and read under the lock on the row, and removed with the last part.
alter table events add column cancellations jsonb;

-- The cancellations by filter that are under way: one whose process has ended is continued by another. A row goes once it is done.
create table cancellations (
  id uuid primary key,
  notifier text,
  reference text,
  event_type text,
  since timestamptz,
  until timestamptz,
  -- Of events that were accepted later nothing is cancelled.
  accepted_by timestamptz not null,
  asked_by text not null,
  -- When another process continues it.
  due_at timestamptz not null,
  tries integer not null default 1
);
