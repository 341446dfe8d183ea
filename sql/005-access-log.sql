-- Who looked at addresses that are masked for them by default.

create table access_log (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  key_name text not null,
  what text not null,
  subject text not null
);
