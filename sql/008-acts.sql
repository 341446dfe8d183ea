-- What people ask for: another try, another message, an incident's window again.

alter table notifications
  -- Attempts up to this number were before a person asked for another try: the policy counts those after it.
  add column restarted_after integer not null default 0,
  -- Goes up when a message that a provider had accepted is sent anew; the idempotency key carries it.
  add column generation integer not null default 0;

-- When a person asked for this event to be planned again: a notifier's own time limit counts from then.
alter table events add column replayed_at timestamptz;

create table replays (
  id uuid primary key,
  since timestamptz not null,
  until timestamptz not null,
  source text,
  type text,
  state text,
  rate_per_second integer not null,
  asked_by text not null,
  -- What it would do, counted before it began, and what it has done so far.
  plan json not null,
  progress json not null,
  -- The last event that was replayed; the next slice begins after it.
  cursor_at timestamptz,
  cursor_id uuid,
  -- When the next slice is due; null once it is done.
  due_at timestamptz,
  created_at timestamptz not null,
  finished_at timestamptz,
  constraint a_window_has_a_length check (since < until),
  constraint a_rate_is_of_some_use check (rate_per_second between 1 and 1000),
  constraint what_runs_says_until_when check ((finished_at is null) = (due_at is not null)),
  constraint a_cursor_is_whole check ((cursor_at is null) = (cursor_id is null))
);
create index replays_due on replays (due_at) where due_at is not null;
