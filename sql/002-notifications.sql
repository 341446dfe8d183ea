-- One message to one address on one channel, and its state. `fact` and `recipient_key` make planning
-- repeatable: the same fact to the same person on the same channel is one row, however often it is planned.

create table notifications (
  id uuid primary key,
  event_id uuid not null references events,
  event_type text not null,
  source text not null,
  fact text not null,
  notifier text not null,
  category text not null,
  channel text not null,
  recipient_id text,
  recipient_key text not null,
  "to" text,
  locale text not null,
  timezone text not null,
  reference text,
  state text not null,
  reason_code text,
  reason_text text,
  priority text not null,
  when_unsure text not null,
  subject text,
  provider text,
  provider_message_id text,
  scheduled_for timestamptz,
  expires_at timestamptz,
  -- When somebody must look at this row again. Jobs ring at that time; sweep.ts rings again where one was lost.
  due_at timestamptz,
  created_at timestamptz not null,
  sent_at timestamptz,
  delivered_at timestamptz,
  opened_at timestamptz,
  clicked_at timestamptz,
  constraint one_notification_per_fact_person_and_channel unique (fact, notifier, channel, recipient_key),
  constraint a_known_channel check (channel in ('email', 'sms')),
  constraint a_known_category check (category in ('transactional', 'product')),
  constraint a_known_state check (state in ('scheduled', 'pending', 'sending', 'sent', 'delivered', 'undelivered',
    'unconfirmed', 'failed', 'suppressed', 'expired', 'cancelled', 'digested')),
  constraint a_known_priority check (priority in ('high', 'normal', 'bulk')),
  constraint unsure_means_resend_or_hold check (when_unsure in ('resend', 'hold')),
  constraint what_is_not_sent_says_why check (state in ('sent', 'delivered') or reason_code is not null),
  constraint what_waits_says_until_when check (state not in ('scheduled', 'pending', 'sending') or due_at is not null),
  constraint only_a_suppressed_one_has_no_address check ("to" is not null or state = 'suppressed')
);

create index notifications_newest on notifications (created_at desc, id desc);
create index notifications_by_event on notifications (event_id);
create index notifications_by_state on notifications (state, created_at desc, id desc);
create index notifications_by_notifier on notifications (notifier, created_at desc, id desc);
create index notifications_by_recipient on notifications (recipient_id, created_at desc, id desc) where recipient_id is not null;
create index notifications_by_address on notifications (lower("to"), created_at desc, id desc) where "to" is not null;
create index notifications_by_reference on notifications (reference, created_at desc, id desc) where reference is not null;
create index notifications_due on notifications (due_at) where due_at is not null;

create table messages (
  notification_id uuid primary key references notifications,
  content json not null
);

-- Why an event did not make a notification that one would have looked for.
create table omissions (
  event_id uuid not null references events,
  notifier text not null,
  channel text,
  recipient_key text not null,
  reason_code text not null,
  reason_text text not null,
  constraint an_omission_is_told_once unique nulls not distinct (event_id, notifier, channel, recipient_key)
);
