-- What came in: events, their raw bodies, what a source was asked about them, and why no notification was made.

-- An event is stored once and kept. Whatever may be removed by age stands in tables of its own, so that
-- this one stays small and a webhook that comes again is recognised at any later time.
create table events (
  id uuid primary key,
  source text not null,
  -- The sender's own id of it.
  source_id text not null,
  -- Ours where we have a name for it, else the vendor's with its source before it.
  type text not null,
  source_type text not null,
  status text not null,
  reason_code text,
  reason_text text,
  -- What support staff search for.
  reference text,
  -- Every name that it is found by, `reference` first. Events that share one can supersede each other.
  reference_names text[] not null default '{}',
  -- Names that it is found by and that tie it to no other event: a payment for a change of a subscription names the
  -- subscription, and does not make the reminder of its renewal needless.
  mentions text[] not null default '{}',
  -- Names what it tells of where several events can tell of the same, such as one payment. Null: it is its own fact.
  fact text,
  livemode boolean,
  priority text not null,
  -- By the sender's clock.
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  -- While it waits to be planned: when somebody must look at it again.
  due_at timestamptz,
  -- How many of its recipients have been planned. An event for many is planned part by part, and whoever goes on
  -- begins there.
  planned_up_to integer not null default 0,
  -- How often its plan was begun since it last got on: an event that ends its planner, even the process, is given up
  -- after a few tries.
  plan_tries integer not null default 0,
  -- When a person asked for it to be planned again: a notifier's own time limit counts from then.
  replayed_at timestamptz,
  -- When its body was removed by age.
  forgotten_at timestamptz,
  constraint a_source_tells_an_event_once unique (source, source_id),
  constraint a_known_status check (status in ('accepted', 'planned', 'ignored', 'failed')),
  constraint a_known_priority check (priority in ('high', 'normal', 'bulk')),
  constraint what_waits_says_until_when check ((status = 'accepted') = (due_at is not null)),
  constraint an_event_without_notifications_says_why check (status not in ('ignored', 'failed') or reason_code is not null)
);

-- Lists and searches.
create index events_newest on events (received_at desc, id desc);
create index events_by_type on events (type, received_at desc, id desc);
create index events_by_reference on events using gin (reference_names);
create index events_by_mention on events using gin (mentions) where mentions <> '{}';
-- Two payments turn out to be one: all events of either get the one fact.
create index events_by_fact on events (fact) where fact is not null;
-- Work: what is to be planned, and what is old enough to lose its body.
create index events_waiting_for_a_plan on events (due_at) where due_at is not null;
create index events_to_forget on events (received_at, id) where forgotten_at is null;
-- A source's id of an event that read as an address is a pseudonym by now, and a repeat of the event still a duplicate.
create index events_forgotten on events (source, source_id) where source_id like 'forgotten:%';

-- The bytes as they came. Personal data, so they are removed by age.
create table event_bodies (
  event_id uuid primary key references events,
  raw bytea not null
);

-- What a source is asked about an event that lacks an address or another name of its payment, and what it answered.
-- While a row is open, `events.due_at` says when the source is asked again; the event is planned with the answer.
create table event_enrichments (
  event_id uuid primary key references events,
  -- The ids that it is asked about, in order.
  asked json not null,
  state text not null,
  tries integer not null default 0,
  opened_at timestamptz not null,
  ended_at timestamptz,
  -- Fields that complete the event's object, in the source's own shape.
  found json,
  -- Why the last try failed.
  reason_text text,
  constraint a_known_state check (state in ('open', 'answered', 'failed')),
  constraint an_open_enrichment_has_no_end check ((state = 'open') = (ended_at is null)),
  constraint an_answer_says_what_was_found check ((state = 'answered') = (found is not null)),
  constraint a_failure_says_why check (state <> 'failed' or reason_text is not null)
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
