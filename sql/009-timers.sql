-- Timers that events set, and the built-in schedules.

-- An event that another event creates at a later time, unless a third stops it first.
create table timers (
  id uuid primary key,
  event_id uuid not null references events,
  -- The type of the event that it creates.
  emits text not null,
  -- Event types that stop it.
  stopped_by text[] not null,
  due_at timestamptz not null,
  fired_at timestamptz,
  stopped_at timestamptz,
  reason_code text,
  reason_params json,
  constraint an_event_has_one_timer_of_a_kind unique (event_id, emits),
  constraint a_timer_ends_once check (fired_at is null or stopped_at is null),
  constraint what_was_stopped_says_why check ((stopped_at is null) = (reason_code is null))
);
create index timers_waiting on timers (due_at) where fired_at is null and stopped_at is null;

-- The next slot and the last result of each schedule. A cron job wakes a worker, and the row decides whether to run.
create table schedules (
  name text primary key,
  cron text not null,
  timezone text not null,
  next_slot timestamptz not null,
  -- The next slot; during a run, the time after which the run counts as dead.
  due_at timestamptz not null,
  last_slot timestamptz,
  last_run_at timestamptz,
  last_result json
);
