-- The audit: one row a call to a provider, opened before the call and closed after it.

create table attempts (
  id uuid primary key,
  notification_id uuid not null references notifications,
  number integer not null,
  round integer not null,
  provider text not null,
  why text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  outcome text,
  blame text,
  likely_taken boolean not null default false,
  retry_after_ms integer,
  status_code integer,
  error_code text,
  error text,
  provider_message_id text,
  constraint attempts_are_numbered unique (notification_id, number),
  constraint a_known_outcome check (outcome in ('accepted', 'rejected', 'deferred', 'unknown')),
  constraint blame_goes_with_a_rejection check ((outcome is not distinct from 'rejected') = (blame is not null)),
  constraint a_known_blame check (blame in ('message', 'provider')),
  constraint a_closed_attempt_has_an_end check ((outcome is null) = (ended_at is null))
);

create unique index one_open_attempt_at_most on attempts (notification_id) where outcome is null;
create index attempts_by_provider on attempts (provider, started_at desc);

-- Who did what, beyond what the attempts say: reasons why a notification moved, late answers, acts of people.
create table timeline_entries (
  id bigint generated always as identity primary key,
  event_id uuid references events,
  notification_id uuid references notifications,
  at timestamptz not null,
  what text not null,
  detail text,
  constraint an_entry_is_about_something check (event_id is not null or notification_id is not null)
);
create index timeline_by_notification on timeline_entries (notification_id, id) where notification_id is not null;
create index timeline_by_event on timeline_entries (event_id, id) where event_id is not null;

create function refuse_to_change_the_audit() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is append-only: % on % is refused', tg_op, tg_table_name
    using errcode = 'integrity_constraint_violation';
end $$;

create trigger a_closed_attempt_never_changes before update or delete on attempts
  for each row when (old.outcome is not null) execute function refuse_to_change_the_audit();
create trigger an_open_attempt_is_never_deleted before delete on attempts
  for each row when (old.outcome is null) execute function refuse_to_change_the_audit();
create trigger attempts_are_never_emptied before truncate on attempts
  for each statement execute function refuse_to_change_the_audit();
create trigger a_timeline_entry_never_changes before update or delete on timeline_entries
  for each row execute function refuse_to_change_the_audit();
create trigger the_timeline_is_never_emptied before truncate on timeline_entries
  for each statement execute function refuse_to_change_the_audit();
