-- What is generated once and must be the same in every process: the key that signs links, where SECRET_KEY is not set.

create table secrets (
  name text primary key,
  value text not null,
  made_at timestamptz not null default now()
);
