-- What providers and phones tell us later: reports, the receipts in them, and texts that people sent us.

-- The body of one request of a provider, kept raw until it is removed by age.
create table reports (
  id uuid primary key,
  provider text not null,
  received_at timestamptz not null,
  -- What may be used once, such as Mailgun's token: another body with it is a forgery.
  once text,
  digest text not null,
  -- Null once it was removed by age.
  raw bytea,
  constraint a_token_is_used_once unique (provider, once)
);
create index reports_to_forget on reports (received_at) where raw is not null;

-- One row a fact that a report tells. A receipt is recognised by its content, waits while nobody knows which notification
-- it means, and is merged with the others so that their order does not matter.
create table receipts (
  id uuid primary key,
  report_id uuid not null references reports,
  provider text not null,
  key text not null,
  kind text not null,
  -- By the provider's clock.
  at timestamptz,
  received_at timestamptz not null,
  provider_message_id text,
  -- The ids of ours that it brought back, as told: nobody has checked them.
  told_notification_id uuid,
  told_attempt_id uuid,
  -- What it was matched with.
  notification_id uuid references notifications,
  attempt_id uuid references attempts,
  suppress text,
  code text,
  text text,
  -- When to look again at one that waits (its call is still open, or its message is unknown), after ever longer pauses, so
  -- that what other programs send through the same account does not stand before what is ours. Null once it was applied,
  -- or is too old to find its message.
  try_at timestamptz,
  applied_at timestamptz,
  constraint a_receipt_counts_once unique (provider, key),
  constraint a_known_kind check (kind in ('taken', 'not-sent', 'delivered', 'undelivered', 'delayed', 'opened', 'clicked',
    'complained', 'unsubscribed'))
);
create index receipts_by_notification on receipts (notification_id, received_at) where notification_id is not null;
create index receipts_to_try on receipts (try_at) where try_at is not null;

-- STOP, START, HELP.
create table inbound_texts (
  provider text not null,
  key text not null,
  received_at timestamptz not null,
  keyword text,
  primary key (provider, key)
);
