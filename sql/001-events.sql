-- Events, their raw bodies, their enrichments, and omissions.

-- An event is stored once and kept, so that a repeated webhook is recognised at any later time. What retention removes
-- is in other tables, so that this one stays small.
create table events (
  id uuid primary key,
  source text not null,
  -- The source's own id.
  source_id text not null,
  -- Our type if there is one, else the vendor's prefixed with its source.
  type text not null,
  source_type text not null,
  status text not null,
  reason_code text,
  reason_params json,
  -- What support staff search by.
  reference text,
  -- Every name that finds the event, `reference` first. Events that share one can supersede each other.
  reference_names text[] not null default '{}',
  -- Names that find the event but do not relate it to others: a payment for a change of a subscription mentions the
  -- subscription without superseding the reminder of its renewal.
  mentions text[] not null default '{}',
  -- What it reports, if several events can report the same, such as one payment. Null: it is its own fact.
  fact text,
  livemode boolean,
  priority text not null,
  -- By the sender's clock.
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  -- While it waits for planning: when it is due again.
  due_at timestamptz,
  -- How many of its recipients have been planned. An event for many is planned part by part and continues here.
  planned_up_to integer not null default 0,
  -- How often planning was begun since it last made progress: an event that crashes its planner is given up after a few
  -- tries.
  plan_tries integer not null default 0,
  -- How many notifications of other events it has cancelled.
  stopped integer not null default 0,
  -- When it was replayed: a notifier's own time limit counts from then.
  replayed_at timestamptz,
  -- When retention removed its body.
  forgotten_at timestamptz,
  constraint a_source_tells_an_event_once unique (source, source_id),
  constraint a_known_status check (status in ('accepted', 'planned', 'ignored', 'failed')),
  constraint a_known_priority check (priority in ('high', 'normal', 'bulk')),
  constraint what_waits_says_until_when check ((status = 'accepted') = (due_at is not null)),
  constraint an_event_without_notifications_says_why check (status not in ('ignored', 'failed') or reason_code is not null)
);

-- Lists and searches, newest first. A search by source and status lists each of their few combinations.
create index events_by_type on events (type, source, status, received_at desc, id desc);
-- Types of apps are their own source types.
create index events_by_source_type on events (source_type, status, received_at desc, id desc) where source_type <> type;
create index events_by_source on events (source, status, received_at desc, id desc);
create index events_by_reference on events using gin (reference_names);
create index events_by_mention on events using gin (mentions) where mentions <> '{}';
-- Replays. The condition always holds, and a search does not say so: for the few rows that match it, the planner might
-- otherwise read all rows in this order.
create index events_by_time on events (received_at, id) where received_at > '-infinity';
-- When two payments turn out to be one, the events of both get one fact.
create index events_by_fact on events (fact) where fact is not null;
-- Work: planning, and retention.
create index events_waiting_for_a_plan on events (due_at) where due_at is not null;
create index events_to_forget on events (received_at, id) where forgotten_at is null;
-- Ids that read as addresses and were replaced by pseudonyms: a repeat of such an event is still a duplicate.
create index events_forgotten on events (source, source_id) where source_id like 'forgotten:%';

-- The bytes as received. Personal data, so retention removes them.
create table event_bodies (
  event_id uuid primary key references events,
  raw bytea not null
);

-- What a source is asked about an event that lacks an address or another name of its payment, and its answer. While a row
-- is open, `events.due_at` is the time of the next try; the event is planned with the answer.
create table event_enrichments (
  event_id uuid primary key references events,
  -- The ids that the source is asked about, in order.
  asked json not null,
  state text not null,
  tries integer not null default 0,
  opened_at timestamptz not null,
  ended_at timestamptz,
  -- Fields that complete the event's object, in the source's own format.
  found json,
  -- Why the last try failed.
  reason_text text,
  constraint a_known_state check (state in ('open', 'answered', 'failed')),
  constraint an_open_enrichment_has_no_end check ((state = 'open') = (ended_at is null)),
  constraint an_answer_says_what_was_found check ((state = 'answered') = (found is not null)),
  constraint a_failure_says_why check (state <> 'failed' or reason_text is not null)
);

-- Why an expected notification was not made.
create table omissions (
  event_id uuid not null references events,
  notifier text not null,
  channel text,
  recipient_key text not null,
  reason_code text not null,
  reason_params json,
  constraint an_omission_is_told_once unique nulls not distinct (event_id, notifier, channel, recipient_key)
);
