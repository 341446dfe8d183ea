-- Payments, and tries of one that failed, as the events that tell of them name them. src/payment.ts says which events tell
-- of the same; one notification a channel is made for each row here.

create table payments (
  -- As `notifications.fact` has it: made of the first name that was heard.
  fact text primary key,
  outcome text not null,
  names text[] not null,
  customer text,
  -- Not the address itself: it is only ever compared.
  email_digest text,
  amount bigint not null,
  currency text not null,
  at timestamptz not null,
  constraint a_known_outcome check (outcome in ('received', 'failed')),
  constraint a_payment_has_a_name check (cardinality(names) > 0)
);
create index payments_by_name on payments using gin (names);
create index payments_alike on payments (outcome, currency, amount, at);

-- Two payments turn out to be one: what was told of either is then told of the one.
create index events_by_fact on events (fact) where fact is not null;
