-- A receipt that waits (its call is still open, or nobody knows its message yet) is looked at again after ever longer
-- pauses: what other programs send through the same account must not stand before what is ours.

alter table receipts
  -- Null once it was applied, or is too old to find its message.
  add column try_at timestamptz;
update receipts set try_at = received_at where applied_at is null;
drop index receipts_to_apply;
create index receipts_to_try on receipts (try_at) where try_at is not null;
