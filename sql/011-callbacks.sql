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

create function note_status_changes() returns trigger language plpgsql set search_path from current as $$
declare
  changed uuid[];
begin
  if not exists (select from callback_apps) then return null; end if;
  if tg_op = 'INSERT' then
    changed := array(select id from moved where channel <> 'callback' and state = any(tg_argv));
  else
    changed := array(select m.id from moved m join before b on b.id = m.id
      where m.channel <> 'callback' and m.state = any(tg_argv) and m.state <> b.state);
  end if;
  insert into callback_outbox (app, notification)
  select n.source, row_to_json(n) from notifications n join callback_apps a on a.name = n.source
  where n.id = any(changed) order by n.id;
  return null;
end $$;

-- For each statement, as one moves many notifications. Not for callbacks themselves.
create trigger first_statuses_go_to_the_outbox after insert on notification_states referencing new table as moved
  for each statement execute function note_status_changes('sent', 'delivered', 'undelivered', 'failed', 'suppressed');
create trigger new_statuses_go_to_the_outbox after update on notification_states
  referencing old table as before new table as moved
  for each statement execute function note_status_changes('sent', 'delivered', 'undelivered', 'failed', 'suppressed');
