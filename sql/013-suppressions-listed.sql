-- Suppressions as a list, newest first. The id is there for the list's cursor, which must not hold an address.

alter table suppressions add column id uuid not null default gen_random_uuid();
create index suppressions_newest on suppressions (created_at desc, id desc);
