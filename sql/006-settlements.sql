-- What became of an attempt whose outcome was unknown: settled later by a look-up, a receipt or a person.
-- The attempt itself stays as it was closed.

create table settlements (
  attempt_id uuid primary key references attempts,
  provider text not null,
  verdict text not null,
  settled_by text not null,
  provider_message_id text,
  at timestamptz not null,
  constraint a_known_verdict check (verdict in ('taken', 'not_taken')),
  constraint somebody_settled_it check (settled_by in ('look-up', 'receipt', 'person')),
  -- Two lost answers of the same text to the same number must not find the same message.
  constraint a_provider_message_is_claimed_once unique (provider, provider_message_id)
);

create table look_ups (
  attempt_id uuid not null references attempts,
  at timestamptz not null,
  answer text not null,
  detail text,
  constraint a_known_answer check (answer in ('found', 'absent', 'unclear'))
);
create index look_ups_by_attempt on look_ups (attempt_id, at);

create trigger a_settlement_never_changes before update or delete on settlements
  for each row execute function refuse_to_change_the_audit();
create trigger a_look_up_never_changes before update or delete on look_ups
  for each row execute function refuse_to_change_the_audit();

create index attempts_by_provider_message on attempts (provider, provider_message_id) where provider_message_id is not null;
