-- The built-in schedules: which slot of each comes next, and what its last run came to. pg-boss's cron rings at these hours,
-- and the row says whether there is something to do.

create table schedules (
  name text primary key,
  cron text not null,
  timezone text not null,
  next_slot timestamptz not null,
  -- When somebody must look: at the next slot; and while a run is at work, when it counts as dead.
  due_at timestamptz not null,
  last_slot timestamptz,
  last_run_at timestamptz,
  last_result json
);
