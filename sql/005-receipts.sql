-- Reports of providers, the receipts in them, and inbound texts.

-- The raw body of one request of a provider, until retention removes it.
create table reports (
  id uuid primary key,
  provider text not null,
  received_at timestamptz not null,
  -- A single-use token, such as Mailgun's: a second body with it is a forgery.
  once text,
  digest text not null,
  -- Null once retention has removed it.
  raw bytea,
  constraint a_token_is_used_once unique (provider, once)
);
create index reports_to_forget on reports (received_at) where raw is not null;

-- One row for each fact in a report. A receipt is identified by its content, parked until its notification is found, and
-- merged with the others independently of their order.
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
  -- Our ids as the provider returned them, unchecked.
  named_notification_id uuid,
  named_attempt_id uuid,
  -- What it was matched with.
  notification_id uuid references notification_details,
  attempt_id uuid references attempts,
  suppress text,
  -- It counted for the address that it names when it came, as no message of ours was known by it.
  by_address boolean not null default false,
  code text,
  text text,
  -- When to retry a parked receipt (its call is still open, or its message unknown), at growing intervals, so that receipts
  -- of other programs' messages from the same account do not delay ours. Null once it was applied, or is too old.
  try_at timestamptz,
  -- How many tries to apply it in a row failed or ended the process, each counted before it began.
  tries integer not null default 0,
  applied_at timestamptz,
  -- Why it was given up.
  reason_code text,
  constraint a_receipt_counts_once unique (provider, key),
  constraint what_is_given_up_is_not_tried check (reason_code is null or try_at is null),
  constraint a_known_kind check (kind in ('taken', 'not-sent', 'delivered', 'undelivered', 'delayed', 'opened', 'clicked',
    'scanned', 'complained', 'unsubscribed', 'resubscribed', 'listed'))
);
create index receipts_by_notification on receipts (notification_id, received_at) where notification_id is not null;
create index receipts_to_try on receipts (try_at) where try_at is not null;

-- Inbound texts and their keywords: STOP, START, HELP.
create table inbound_texts (
  provider text not null,
  key text not null,
  received_at timestamptz not null,
  keyword text,
  primary key (provider, key)
);
