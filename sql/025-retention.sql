-- What is old and finished loses its bodies and addresses (store/retention.ts); the audit stays, and so does what makes a
-- webhook a duplicate and a notification the same one.

alter table events add column forgotten_at timestamptz;
create index events_to_forget on events (received_at, id) where forgotten_at is null;

alter table notifications
  add column forgotten_at timestamptz,
  drop constraint only_a_suppressed_one_has_no_address,
  add constraint only_a_suppressed_or_forgotten_one_has_no_address
    check ("to" is not null or state = 'suppressed' or forgotten_at is not null),
  add constraint what_is_on_its_way_is_not_forgotten
    check (forgotten_at is null or state not in ('scheduled', 'pending', 'sending', 'unconfirmed'));

alter table reports alter column raw drop not null;
create index reports_to_forget on reports (received_at) where raw is not null;
