-- The timeline of events and notifications, beyond the attempts: moves and their reasons, late answers, people's actions.

create table timeline_entries (
  id bigint generated always as identity primary key,
  event_id uuid references events,
  notification_id uuid references notification_details,
  at timestamptz not null,
  -- What happened: a code and its parameters (src/domain/timeline.ts), from which its text is made when it is read.
  code text not null,
  params json not null,
  constraint an_entry_is_about_something check (event_id is not null or notification_id is not null)
);

-- The timeline of one event or notification, in order.
create index timeline_by_notification on timeline_entries (notification_id, id) where notification_id is not null;
create index timeline_by_event on timeline_entries (event_id, id) where event_id is not null;

create trigger a_timeline_entry_never_changes before update or delete on timeline_entries
  for each row execute function refuse_to_change_the_audit();
create trigger the_timeline_is_never_emptied before truncate on timeline_entries
  for each statement execute function refuse_to_change_the_audit();
