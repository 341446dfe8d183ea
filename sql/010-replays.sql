-- Replays: windows of past events that a person asked to plan again, slice by slice.

create table replays (
  id uuid primary key,
  since timestamptz not null,
  until timestamptz not null,
  source text,
  type text,
  state text,
  rate_per_second integer not null,
  asked_by text not null,
  -- The expected counts before it began, and the counts so far.
  plan json not null,
  progress json not null,
  -- The last event covered; the next slice begins after it.
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
