-- Whether a provider may be called now, and what it did: one state for all processes.

-- Its circuit, a person's pause, what it asked us to wait for, and the tokens of its rate.
create table provider_health (
  provider text primary key,
  circuit text not null default 'closed',
  failures_in_row integer not null default 0,
  opened_at timestamptz,
  next_probe_at timestamptz,
  probed_at timestamptz,
  -- Since when its calls count again: what failed before the circuit closed must not open it once more.
  closed_at timestamptz,
  why text,
  paused_at timestamptz,
  paused_by text,
  slow_until timestamptz,
  tokens double precision not null default 0,
  tokens_at timestamptz not null default now(),
  -- What it was allowed in the last second, in slices of 25 ms, the newest first: its rate holds in every second, and not
  -- only from one tick of a clock to the next.
  slice bigint not null default 0,
  slices integer[] not null default array_fill(0, array[41]),
  constraint a_known_circuit check (circuit in ('closed', 'open')),
  constraint an_open_circuit_is_probed check ((circuit = 'open') = (next_probe_at is not null))
);

-- How its calls ended, second by second: what a circuit is decided on.
create table provider_seconds (
  provider text not null,
  second bigint not null,
  good integer not null default 0,
  bad integer not null default 0,
  other integer not null default 0,
  latency_ms bigint not null default 0,
  primary key (provider, second)
);

-- Every change of a circuit or a pause, by automation or a person, with what it was decided on.
create table provider_changes (
  id bigint generated always as identity primary key,
  provider text not null,
  at timestamptz not null,
  what text not null,
  changed_by text not null,
  inputs json not null
);
create index provider_changes_newest on provider_changes (provider, id desc);

create trigger a_provider_change_never_changes before update or delete on provider_changes
  for each row execute function refuse_to_change_the_audit();
