-- What a source was asked about an event that lacks an address or a payment's other names, and what it said. While it is
-- open, the event's `due_at` says when it is asked again; src/look-up.ts asks, and src/plan.ts plans with the answer.

create table event_look_ups (
  event_id uuid primary key references events,
  -- The ids it is asked about, in order.
  asked json not null,
  state text not null,
  tries integer not null default 0,
  opened_at timestamptz not null,
  ended_at timestamptz,
  -- Fields that complete the event's object, as its source made them.
  found json,
  -- Why the last try came to nothing.
  reason_text text,
  constraint a_known_state check (state in ('open', 'answered', 'failed')),
  constraint an_open_look_up_has_no_end check ((state = 'open') = (ended_at is null)),
  constraint an_answer_says_what_was_found check ((state = 'answered') = (found is not null)),
  constraint a_failure_says_why check (state <> 'failed' or reason_text is not null)
);
