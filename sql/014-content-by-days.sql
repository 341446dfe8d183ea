-- The content of events, notifications and reports by days, so that retention drops a table instead of deleting its rows. An
-- id begins with its time (UUIDv7), so that a day is a range of ids, and what is read by its id is in one table. Nothing here
-- has a foreign key: to drop a day would lock the tables that all work goes through.

create function first_id_at(at timestamptz) returns uuid language sql immutable
return (lpad(to_hex(floor(extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;

alter table event_bodies rename to event_bodies_before;
alter table event_bodies_before rename constraint event_bodies_pkey to event_bodies_before_pkey;
alter table event_bodies_before drop constraint event_bodies_event_id_fkey;
create table event_bodies (
  event_id uuid primary key,
  raw bytea not null
) partition by range (event_id);
create table event_bodies_rest partition of event_bodies default;

alter table messages rename to messages_before;
alter table messages_before rename constraint messages_pkey to messages_before_pkey;
alter table messages_before drop constraint messages_notification_id_fkey;
create table messages (
  notification_id uuid primary key,
  content json not null
) partition by range (notification_id);
create table messages_rest partition of messages default;

-- What retention removes of a report.
create table report_bodies (
  report_id uuid primary key,
  received_at timestamptz not null,
  -- Of the raw body; a short one could be guessed from it.
  digest text not null,
  raw bytea not null
) partition by range (report_id);
create index report_bodies_to_forget on report_bodies (received_at);
create table report_bodies_rest partition of report_bodies default;
create table report_bodies_before (like report_bodies including all);
insert into report_bodies_before select id, received_at, digest, raw from reports where raw is not null;
alter table reports drop column raw, drop column digest;

-- Compressing HTML with Postgres's own method takes longer than storing it; not every server has the faster one.
do $$ declare one text; begin
  if exists (select from pg_settings where name = 'default_toast_compression' and 'lz4' = any(enumvals)) then
    foreach one in array array['messages', 'messages_rest'] loop
      execute format('alter table %I alter column content set compression lz4', one);
    end loop;
  end if;
end $$;

-- What there was becomes one table with all ids before tomorrow; without any rows it is not needed.
do $$ declare content record; bound uuid := first_id_at(date_trunc('day', now(), 'UTC') + interval '1 day'); found bigint; begin
  for content in select * from (values
    ('event_bodies', 'event_id'), ('messages', 'notification_id'), ('report_bodies', 'report_id')) as t(parent, key)
  loop
    execute format('with later as (delete from %1$I where %2$I >= $1 returning *) insert into %3$I select * from later',
      content.parent || '_before', content.key, content.parent || '_rest') using bound;
    execute format('select count(*) from (select from %I limit 1) one', content.parent || '_before') into found;
    if found = 0 then
      execute format('drop table %I', content.parent || '_before');
    else
      execute format('alter table %I attach partition %I for values from (minvalue) to (%L)',
        content.parent, content.parent || '_before', bound);
    end if;
  end loop;
end $$;

-- The tables of the days; `to_id` is null for what has no table of its day.
create view content_days as
select p.relname as parent, c.relname as name,
  coalesce((regexp_match(bound, $$FROM \('([^']+)'\)$$))[1]::uuid, '00000000-0000-0000-0000-000000000000') as from_id,
  (regexp_match(bound, $$TO \('([^']+)'\)$$))[1]::uuid as to_id
from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_class c on c.oid = i.inhrelid
  cross join lateral pg_get_expr(c.relpartbound, c.oid) as bound
where p.oid in ('event_bodies'::regclass, 'messages'::regclass, 'report_bodies'::regclass);

-- With the rights of the owner, as the service's own role may have none to create or drop tables here. True if it made one.
-- Neither reads nor writes wait for it. A day whose content is already in the default table stays there.
create function make_content_day(of_parent text, day date) returns boolean
language plpgsql security definer set search_path = posthorn, pg_temp set lock_timeout = '1s' as $$
declare
  name text := of_parent || '_' || to_char(day, 'YYYYMMDD');
  first uuid := first_id_at(day::timestamp at time zone 'UTC');
  next uuid := first_id_at((day + 1)::timestamp at time zone 'UTC');
begin
  if exists (select from content_days d where d.parent = of_parent and d.from_id < next and d.to_id > first) then
    return false;
  end if;
  execute format('create table %I (like %I including all)', name, of_parent);
  execute format('alter table %I attach partition %I for values from (%L) to (%L)', of_parent, name, first, next);
  return true;
exception when check_violation then
  return false;
end $$;

-- The ids in a range whose content is still needed: their event was received before the time, and is not forgotten. An id may
-- be a little older than what its row says.
create function needed_content(of_parent text, first uuid, next uuid, before timestamptz) returns setof uuid language sql stable
begin atomic
  select e.id from events e
  where of_parent = 'event_bodies' and e.forgotten_at is null and e.received_at < before + interval '1 hour'
    and e.id >= first and e.id < next
  union all
  select d.id from events e join notification_details d on d.event_id = e.id
  where of_parent = 'messages' and e.forgotten_at is null and e.received_at < before + interval '1 hour'
    and d.id >= first and d.id < next;
end;

-- Drops the table of a day that ended before the time, and returns how many rows were removed; what is still needed moves to
-- the default table. Null, and nothing happens, if more than `most` rows are needed. All that reads or writes content waits
-- while the rows move.
create function drop_content_day(day_name text, before timestamptz, most integer) returns bigint
language plpgsql security definer set search_path = posthorn, pg_temp set lock_timeout = '200ms' as $$
declare
  day content_days;
  key text;
  all_rows bigint;
  moved bigint;
begin
  select * into strict day from content_days d where d.name = day_name and d.to_id <= first_id_at(before);
  if (select count(*) from (select from needed_content(day.parent, day.from_id, day.to_id, before) limit most + 1) n) > most then
    return null;
  end if;
  execute format('select count(*) from %I', day.name) into all_rows;
  execute format('alter table %I detach partition %I', day.parent, day.name);
  select attname into key from pg_attribute where attrelid = day.parent::regclass and attnum = 1;
  execute format('insert into %1$I select * from %2$I where %3$I in (select needed_content($1, $2, $3, $4))',
    day.parent, day.name, key) using day.parent, day.from_id, day.to_id, before;
  get diagnostics moved = row_count;
  execute format('drop table %I', day.name);
  return all_rows - moved;
end $$;

select make_content_day(parent, (now() at time zone 'UTC')::date + ahead)
from unnest(array['event_bodies', 'messages', 'report_bodies']) as parent, generate_series(0, 3) as ahead;
