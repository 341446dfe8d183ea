-- The audit of what was sent: attempts, and the settlements of unknown outcomes.

-- One row for each call to a provider, opened before the call and closed after it.
create table attempts (
  id uuid primary key,
  notification_id uuid not null references notification_details,
  number integer not null,
  -- The round along the route.
  round integer not null,
  provider text not null,
  -- Why it was made: a code and its parameters (src/domain/attempt-cause.ts).
  cause text not null,
  cause_params json,
  started_at timestamptz not null,
  ended_at timestamptz,
  -- Null while the call is open.
  outcome text,
  blame text,
  -- Of an unknown outcome: the provider most likely took the message.
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

-- Prevents two concurrent calls for one notification.
create unique index one_open_attempt_at_most on attempts (notification_id) where outcome is null;
create index attempts_by_provider on attempts (provider, started_at desc);
-- Finds the attempt that a receipt or a look-up names.
create index attempts_by_provider_message on attempts (provider, provider_message_id) where provider_message_id is not null;

-- How unknown outcomes were settled. The attempt's own row never changes.
create table settlements (
  attempt_id uuid primary key references attempts,
  provider text not null,
  verdict text not null,
  settled_by text not null,
  provider_message_id text,
  at timestamptz not null,
  constraint a_known_verdict check (verdict in ('taken', 'not_taken')),
  -- `late answer`: the answer came after the attempt was given up.
  constraint somebody_settled_it check (settled_by in ('look-up', 'receipt', 'person', 'late answer')),
  -- Two lost answers of equal texts to one number must not be settled by the same message.
  constraint a_provider_message_is_claimed_once unique (provider, provider_message_id)
);

-- Each look-up of a lost answer at its provider.
create table look_ups (
  attempt_id uuid not null references attempts,
  at timestamptz not null,
  answer text not null,
  detail text,
  constraint a_known_answer check (answer in ('found', 'absent', 'unclear'))
);
create index look_ups_by_attempt on look_ups (attempt_id, at);

-- The audit is append-only; tables of other files use this function too.
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
create trigger a_settlement_never_changes before update or delete on settlements
  for each row execute function refuse_to_change_the_audit();
create trigger a_look_up_never_changes before update or delete on look_ups
  for each row execute function refuse_to_change_the_audit();
