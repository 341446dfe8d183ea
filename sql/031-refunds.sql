-- What of a charge's refunds each fact tells: from the sum before it to the sum with it. Settled before the message is
-- written, and never changed, so that of two events neither tells what the other has told. src/refund.ts decides.

create table refunds (
  -- As `events.fact` has it.
  fact text primary key,
  charge text not null,
  before bigint not null,
  sum bigint not null,
  at timestamptz not null,
  constraint a_refund_is_not_less_than_nothing check (before >= 0 and before < sum)
);
create index refunds_by_charge on refunds (charge);
