-- The outbox of status changes. Triggers record every change in its own transaction, whichever statement makes it;
-- callbacks, which are notifications like any other, are made from it afterwards.

-- The apps with a callback, from the settings. Nothing is recorded for others.
create table callback_apps (name text primary key);

create table callback_outbox (
  id bigint generated always as identity primary key,
  app text not null,
  at timestamptz not null default now(),
  -- The row at the time of the change; it may have moved before the callback is made.
  notification json not null
);

create function note_status_change() returns trigger language plpgsql set search_path from current as $$
begin
  insert into callback_outbox (app, notification)
  select n.source, row_to_json(n) from notifications n join callback_apps a on a.name = n.source where n.id = new.id;
  return null;
end $$;

-- Not for callbacks themselves.
create trigger a_first_status_goes_to_the_outbox after insert on notification_states for each row
  when (new.state in ('sent', 'delivered', 'undelivered', 'failed', 'suppressed') and new.channel <> 'callback')
  execute function note_status_change();
create trigger a_new_status_goes_to_the_outbox after update on notification_states for each row
  when (new.state is distinct from old.state and new.channel <> 'callback'
    and new.state in ('sent', 'delivered', 'undelivered', 'failed', 'suppressed'))
  execute function note_status_change();
