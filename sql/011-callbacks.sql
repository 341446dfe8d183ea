-- The outbox of status changes. The database itself notes what becomes of an app's notifications, whoever moves them, in
-- the same transaction; callbacks are made of it afterwards, and are notifications like any other.

-- The apps with a callback, as the settings have them. For others nothing is noted.
create table callback_apps (name text primary key);

create table callback_outbox (
  id bigint generated always as identity primary key,
  app text not null,
  at timestamptz not null default now(),
  -- The row as it was in that moment; by the time it is told it may have moved on.
  notification json not null
);

create function note_status_change() returns trigger language plpgsql set search_path from current as $$
begin
  if exists (select from callback_apps where name = new.source) then
    insert into callback_outbox (app, notification) values (new.source, row_to_json(new));
  end if;
  return null;
end $$;

-- Never about callbacks themselves.
create trigger a_first_status_goes_to_the_outbox after insert on notifications for each row
  when (new.state in ('sent', 'delivered', 'undelivered', 'failed', 'suppressed') and new.channel <> 'callback')
  execute function note_status_change();
create trigger a_new_status_goes_to_the_outbox after update on notifications for each row
  when (new.state is distinct from old.state and new.channel <> 'callback'
    and new.state in ('sent', 'delivered', 'undelivered', 'failed', 'suppressed'))
  execute function note_status_change();
