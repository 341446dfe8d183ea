-- The health of providers, shared by all processes, and its audit.

-- A provider's circuit, pause, throttling, and rate tokens.
create table provider_health (
  provider text primary key,
  circuit text not null default 'closed',
  failures_in_row integer not null default 0,
  opened_at timestamptz,
  next_probe_at timestamptz,
  probed_at timestamptz,
  -- When the circuit last closed: earlier failures must not open it again.
  closed_at timestamptz,
  -- Why its circuit is open (src/domain/unavailable.ts).
  cause json,
  paused_at timestamptz,
  paused_by text,
  slow_until timestamptz,
  tokens double precision not null default 0,
  tokens_at timestamptz not null default now(),
  -- The sends of the last second in slices of 25 ms, the newest first, so that the rate holds for any second, not only for
  -- whole seconds of the clock.
  slice bigint not null default 0,
  slices integer[] not null default array_fill(0, array[41]),
  constraint a_known_circuit check (circuit in ('closed', 'open')),
  constraint an_open_circuit_is_probed check ((circuit = 'open') = (next_probe_at is not null))
);

-- The outcomes of calls by second, on which circuits are decided.
create table provider_seconds (
  provider text not null,
  second bigint not null,
  good integer not null default 0,
  bad integer not null default 0,
  other integer not null default 0,
  latency_ms bigint not null default 0,
  primary key (provider, second)
);

-- Every change of a circuit or a pause, by automation or a person, with the inputs of the decision.
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
