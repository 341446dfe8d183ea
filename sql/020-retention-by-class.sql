-- Ages of their own for messages, bodies, addresses, and the audit; and who may call the functions that run as the owner.

-- When retention removed its message and subject, if before its address.
alter table notification_states add column content_removed_at timestamptz;

create or replace view notifications as
select d.id, d.event_id, d.event_type, d.source_type, d.source, d.fact, d.notifier, d.category, d.channel, d.recipient_id,
  d.recipient_key, d.address, d.locale, d.timezone, d.reference, d.priority, d.when_unsure, d.sandboxed, d.stopped_by,
  d.quiet_hours, d.subject, d.words, d.scheduled_for, d.expires_at, d.created_at, s.state, s.reason_code, s.reason_params,
  s.due_at, s.digest_key, s.tries, s.attempted, s.restarted_after, s.generation, s.provider, s.provider_message_id, s.sent_at,
  s.delivered_at, s.opened_at, s.clicked_at, s.forgotten_at, s.content_removed_at
from notification_details d join notification_states s on s.id = d.id;

-- Events without a body whose notifications keep their addresses for longer.
create table events_with_addresses (event_id uuid primary key references events);

-- The ids in a range whose content is still needed: retention has not removed it.
create or replace function needed_content(of_parent text, first uuid, next uuid, before timestamptz) returns setof uuid
language sql stable begin atomic
  -- An id may be a little older than what its row says.
  select e.id from events e
  where of_parent = 'event_bodies' and e.forgotten_at is null and e.received_at < before + interval '1 hour'
    and e.id >= first and e.id < next
  union all
  select s.id from notification_states s
  where of_parent = 'messages' and s.content_removed_at is null and s.forgotten_at is null and s.id >= first and s.id < next;
end;

-- The end of the audit, if it has one. Only the function below removes it, which runs as the owner of the tables.
create or replace function refuse_to_change_the_audit() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('posthorn.ends_the_audit', true) = 'yes'
    and current_user = (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid) then
    return old;
  end if;
  raise exception 'the audit is append-only: % on % is refused', tg_op, tg_table_name
    using errcode = 'integrity_constraint_violation';
end $$;

-- A receipt goes with its notification, as its attempt does. To look for receipts of an attempt that goes, without an index,
-- would read all of them.
alter table receipts drop constraint receipts_attempt_id_fkey;

-- Removes at most `most` notifications that ended before the time and have lost their address, with their attempts, receipts
-- and timelines, and at most as many entries and omissions of events that were received before it. Returns the notifications,
-- and whether there may be more of either. The events stay, so that they are still known when they come again.
create function end_audit(before timestamptz, most integer, out notifications integer, out is_done boolean)
language plpgsql security definer set search_path = posthorn, pg_temp as $$
declare
  ids uuid[];
  calls uuid[];
  entries integer;
  omitted integer;
begin
  -- By the database's own clock: whoever calls it cannot remove what has just happened.
  if before > now() - interval '30 days' then
    raise exception 'the audit is kept for 30 days at least' using errcode = 'invalid_parameter_value';
  end if;
  perform set_config('posthorn.ends_the_audit', 'yes', true);
  ids := array(
    select s.id from notification_states s join notification_details d on d.id = s.id
    where s.id < first_id_at(before) and s.forgotten_at is not null and greatest(d.created_at, d.scheduled_for, s.sent_at) < before
    order by s.id limit most for update of s skip locked);
  calls := array(select id from attempts where notification_id = any(ids));
  delete from look_ups where attempt_id = any(calls);
  delete from settlements where attempt_id = any(calls);
  delete from receipts where notification_id = any(ids);
  delete from attempts where notification_id = any(ids);
  delete from timeline_entries where notification_id = any(ids);
  delete from notification_states where id = any(ids);
  delete from notification_details where id = any(ids);
  delete from timeline_entries where id in (
    select t.id from timeline_entries t join events e on e.id = t.event_id
    where t.event_id < first_id_at(before) and t.at < before and e.forgotten_at is not null order by t.event_id limit most);
  get diagnostics entries = row_count;
  perform set_config('posthorn.ends_the_audit', '', true);
  delete from omissions where ctid in (
    select o.ctid from omissions o join events e on e.id = o.event_id
    where o.event_id < first_id_at(before) and e.forgotten_at is not null and e.received_at < before
    order by o.event_id limit most);
  get diagnostics omitted = row_count;
  notifications := cardinality(ids);
  is_done := greatest(notifications, entries, omitted) < most;
end $$;

-- What runs as the owner is for the owner and for the service, which are those that write messages.
do $$ declare one regprocedure; role text; begin
  for one in select oid::regprocedure from pg_proc where pronamespace = 'posthorn'::regnamespace and prosecdef loop
    execute format('revoke execute on function %s from public', one);
    for role in
      select grantee::regrole from pg_class c, aclexplode(c.relacl) acl
      where c.oid = 'messages'::regclass and acl.privilege_type = 'INSERT' and acl.grantee not in (0, c.relowner)
    loop
      execute format('grant execute on function %s to %s', one, role);
    end loop;
  end loop;
end $$;
