-- What an event brings about by itself, once its time has come: another event, unless something stopped it before.

create table timers (
  id uuid primary key,
  event_id uuid not null references events,
  -- The type of the event that it makes.
  emits text not null,
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
