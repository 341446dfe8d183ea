-- What the clock starts: timers that an event sets, and the built-in schedules.

-- Another event that an event brings about once its time has come, unless something stopped it before.
create table timers (
  id uuid primary key,
  event_id uuid not null references events,
  -- The type of the event that it makes.
  emits text not null,
  -- Types of events that stop it.
  stopped_by text[] not null,
  due_at timestamptz not null,
  fired_at timestamptz,
  stopped_at timestamptz,
  reason_code text,
  reason_text text,
  constraint an_event_has_one_timer_of_a_kind unique (event_id, emits),
  constraint a_timer_ends_once check (fired_at is null or stopped_at is null),
  constraint what_was_stopped_says_why check ((stopped_at is null) = (reason_code is null))
);
create index timers_waiting on timers (due_at) where fired_at is null and stopped_at is null;

-- Which slot of each schedule comes next, and how its last run ended. A cron job wakes a worker at these hours, and the
-- row says whether there is something to do.
create table schedules (
  name text primary key,
  cron text not null,
  timezone text not null,
  next_slot timestamptz not null,
  -- When somebody must look: at the next slot; and while a run is at work, when it counts as dead.
  due_at timestamptz not null,
  last_slot timestamptz,
  last_run_at timestamptz,
  last_result json
);
