-- Payments and refunds that several events tell of, so that a person hears of each once.

-- A payment, or a try of one that failed, under every name that events have given it. One notification a channel is made
-- for each row here.
create table payments (
  -- As `notifications.fact` has it: made of the first name that came in.
  fact text primary key,
  outcome text not null,
  names text[] not null,
  customer text,
  -- Not the address itself: it is only ever compared.
  email_digest text,
  amount bigint not null,
  currency text not null,
  at timestamptz not null,
  -- When it was so old that the person in it was removed.
  forgotten_at timestamptz,
  constraint a_known_outcome check (outcome in ('received', 'failed')),
  constraint a_payment_has_a_name check (cardinality(names) > 0)
);
-- The same payment by a name it shares, and by what it is like where it shares none.
create index payments_by_name on payments using gin (names);
create index payments_alike on payments (outcome, currency, amount, at);
create index payments_to_forget on payments (at) where forgotten_at is null;

-- Which part of a charge's refunds each fact tells: from the sum before it to the sum with it. Written before the message
-- is, and never changed, so that no two events tell the same part.
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
