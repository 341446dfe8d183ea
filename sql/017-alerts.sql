-- Alerts of the service about itself: each is told once, and its end too.

create table alerts (
  -- What is wrong: `work_old`, `provider_down:resend`, …
  name text primary key,
  raised_at timestamptz not null,
  -- Null while it is wrong.
  cleared_at timestamptz,
  -- When the operator was last told of it, and whether of the last time that it was wrong: it may have come again too soon.
  told_at timestamptz not null,
  is_told boolean not null default true
);
