-- Secrets that are generated once and shared by all processes: the key that signs links if SECRET_KEY is not set.

create table secrets (
  name text primary key,
  value text not null,
  made_at timestamptz not null default now()
);
