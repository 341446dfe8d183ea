-- What providers tell us later. Reports are kept raw; the receipts in them are told apart by content, parked while
-- nobody knows which notification they mean, and merged so that their order does not matter.

create table reports (
  id uuid primary key,
  provider text not null,
  received_at timestamptz not null,
  -- What may be used once (Mailgun's token): another body with it is a forgery.
  once text,
  digest text not null,
  raw bytea not null,
  constraint a_token_is_used_once unique (provider, once)
);

create table receipts (
  id uuid primary key,
  report_id uuid not null references reports,
  provider text not null,
  key text not null,
  kind text not null,
  at timestamptz,
  received_at timestamptz not null,
  provider_message_id text,
  told_notification_id uuid,
  told_attempt_id uuid,
  notification_id uuid references notifications,
  attempt_id uuid references attempts,
  suppress text,
  code text,
  text text,
  applied_at timestamptz,
  constraint a_receipt_counts_once unique (provider, key),
  constraint a_known_kind check (kind in ('taken', 'not-sent', 'delivered', 'undelivered', 'delayed', 'opened', 'clicked',
    'complained', 'unsubscribed'))
);
create index receipts_by_notification on receipts (notification_id, received_at) where notification_id is not null;
create index receipts_to_apply on receipts (received_at) where applied_at is null;

-- Texts that people sent us: STOP, START, HELP.
create table inbound_texts (
  provider text not null,
  key text not null,
  received_at timestamptz not null,
  keyword text,
  primary key (provider, key)
);
