-- Payments and refunds that several events report, so that people are notified of each once.

-- A payment, or a failed try of one, with every name that events give it. Each row gets one notification a channel.
create table payments (
  -- As in `notifications.fact`: made from the first name received.
  fact text primary key,
  outcome text not null,
  names text[] not null,
  -- Kinds of names that it is known not to have.
  lacks text[] not null default '{}',
  -- What the shop calls its order, and the shop's reference for it.
  orders text[] not null default '{}',
  shop_reference text,
  customer text,
  -- A hash suffices, because it is only compared.
  email_digest text,
  amount bigint not null,
  currency text not null,
  at timestamptz not null,
  -- When retention removed the person in it.
  forgotten_at timestamptz,
  constraint a_known_outcome check (outcome in ('received', 'failed')),
  constraint a_payment_has_a_name check (cardinality(names) > 0)
);
-- Finds the same payment by a shared name, or by likeness without one.
create index payments_by_name on payments using gin (names);
create index payments_alike on payments (outcome, currency, amount, at);
-- Finds the parts in which a customer paid an invoice.
create index payments_of_customer on payments (customer, at) where customer is not null;
create index payments_to_forget on payments (at) where forgotten_at is null;

-- The part of a charge's refunds that each fact reports, from the total before it to the total with it. Written before the
-- message and never changed, so that no two events report the same part.
create table refunds (
  -- As in `events.fact`.
  fact text primary key,
  charge text not null,
  before bigint not null,
  sum bigint not null,
  at timestamptz not null,
  constraint a_refund_is_not_less_than_nothing check (before >= 0 and before < sum)
);
create index refunds_by_charge on refunds (charge);
