-- Notifications, their messages, and digest parts.

-- What a notification is: one message to one address on one channel. Deliveries never change it; people search by it, so it
-- has many indexes. `fact` and `recipient_key` make planning idempotent: one fact to one person on one channel is one row, however
-- often it is planned.
create table notification_details (
  id uuid primary key,
  event_id uuid not null references events,
  event_type text not null,
  -- As in `events`, by which it is searched too.
  source_type text not null,
  source text not null,
  fact text not null,
  notifier text not null,
  category text not null,
  channel text not null,
  -- The app's own id of the person.
  recipient_id text,
  -- Identifies the person within a fact.
  recipient_key text not null,
  address text,
  locale text not null,
  timezone text not null,
  reference text,
  priority text not null,
  -- What to do if it stays unknown whether it was sent.
  when_unsure text not null,
  -- Why it is for the sandbox, which sends nothing; it never leaves by another provider. Null: its route carries it.
  sandboxed text,
  -- Event types that supersede it before it is sent.
  stopped_by text[],
  -- When it must not be sent, in the recipient's time zone: `{"from": "21:00", "until": "08:00"}`.
  quiet_hours json,
  subject text,
  -- The copy that the message was rendered from: `{"locale": "es", "version": 3}`, version null for our own. Null without a
  -- message.
  words json,
  scheduled_for timestamptz,
  expires_at timestamptz,
  created_at timestamptz not null,

  constraint one_notification_per_fact_person_and_channel unique (fact, notifier, channel, recipient_key),
  constraint a_known_channel check (channel in ('email', 'sms', 'callback')),
  constraint a_known_category check (category in ('transactional', 'product')),
  constraint a_known_priority check (priority in ('high', 'normal', 'bulk')),
  constraint a_known_cause_of_the_sandbox check (sandboxed in ('no_provider', 'route', 'test_event')),
  constraint unsure_means_resend_or_hold check (when_unsure in ('resend', 'hold'))
);

-- Searches, newest first.
create index notifications_by_event on notification_details (event_id);
create index notifications_by_kind
  on notification_details (notifier, channel, event_type, source_type, source, created_at desc, id desc);
create index notifications_by_recipient on notification_details (recipient_id, created_at desc, id desc)
  where recipient_id is not null;
create index notifications_by_address on notification_details (lower(address), created_at desc, id desc)
  where address is not null;

-- What has become of it, which workers change. Each change writes a new version of the row and of its index entries, so there
-- are few of both.
create table notification_states (
  id uuid primary key references notification_details,
  -- As in its details; here for the indexes.
  channel text not null,
  priority text not null,
  created_at timestamptz not null,

  state text not null,
  -- A code and its parameters (src/domain/reason.ts); null if it has none.
  reason_code text,
  reason_params json,
  -- When the row is due again. A job is set for that time; the sweep replaces a lost one.
  due_at timestamptz,
  -- The same for all parts of one digest: notifier, channel, person and time.
  digest_key text,
  -- How many tries in a row failed or ended the process. A try is counted before it begins, if its job was lost or failed
  -- before; after a few the delivery is given up.
  tries integer not null default 0,
  -- A call has been made since it was created or last retried by a person.
  attempted boolean not null default false,
  -- Attempts up to this number were made before a person's retry; the policy counts only later ones.
  restarted_after integer not null default 0,
  -- Incremented when a message that a provider had accepted is sent again; part of the idempotency key.
  generation integer not null default 0,

  -- The provider that has it, the provider's id, and what its receipts report.
  provider text,
  provider_message_id text,
  sent_at timestamptz,
  delivered_at timestamptz,
  opened_at timestamptz,
  clicked_at timestamptz,
  -- When retention removed its address and message.
  forgotten_at timestamptz,

  constraint a_known_state check (state in ('scheduled', 'pending', 'sending', 'sent', 'delivered', 'undelivered',
    'unconfirmed', 'failed', 'suppressed', 'expired', 'cancelled', 'digested')),
  constraint what_is_not_sent_says_why check (state in ('sent', 'delivered') or reason_code is not null),
  constraint what_waits_says_until_when check (state not in ('scheduled', 'pending', 'sending') or due_at is not null),
  constraint what_is_on_its_way_is_not_forgotten
    check (forgotten_at is null or state not in ('scheduled', 'pending', 'sending', 'unconfirmed'))
);

-- Searches, newest first. A list of all is merged from those by state.
create index notifications_by_state on notification_states (state, created_at desc, id desc);
create index notifications_by_provider on notification_states (provider, channel, state, created_at desc, id desc)
  where provider is not null;
-- Work: what is due, and apart from it what was attempted and then abandoned by a dead worker, found however many others
-- wait; what waits for a circuit to close; the parts of a digest.
create index notifications_due on notification_states (attempted, due_at) where due_at is not null;
create index notifications_waiting_for_a_circuit on notification_states (channel, priority, created_at)
  where state = 'pending' and reason_code = 'providers_unavailable';
create index notifications_of_a_digest on notification_states (digest_key, id)
  where digest_key is not null and state = 'scheduled';

create view notifications as
select d.id, d.event_id, d.event_type, d.source_type, d.source, d.fact, d.notifier, d.category, d.channel, d.recipient_id,
  d.recipient_key, d.address, d.locale, d.timezone, d.reference, d.priority, d.when_unsure, d.sandboxed, d.stopped_by,
  d.quiet_hours, d.subject, d.words, d.scheduled_for, d.expires_at, d.created_at, s.state, s.reason_code, s.reason_params,
  s.due_at, s.digest_key, s.tries, s.attempted, s.restarted_after, s.generation, s.provider, s.provider_message_id, s.sent_at,
  s.delivered_at, s.opened_at, s.clicked_at, s.forgotten_at
from notification_details d join notification_states s on s.id = d.id;

-- The rendered message: every attempt sends these bytes. Personal data, so retention removes it.
create table messages (
  notification_id uuid primary key references notification_details,
  content json not null
);
-- Compressing HTML with Postgres's own method takes longer than storing it; not every server has the faster one.
do $$ begin
  if exists (select from pg_settings where name = 'default_toast_compression' and 'lz4' = any(enumvals)) then
    alter table messages alter column content set compression lz4;
  end if;
end $$;

-- The content of notifications that wait, without a message, to be combined into one for a person. They become `digested` in
-- the transaction that creates the digest, a notification whose fact is `digest:` and the key. Retention removes these rows.
create table digest_parts (
  notification_id uuid primary key references notification_details,
  content json not null
);
