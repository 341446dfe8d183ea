-- Whose addresses were looked at, or searched by.

alter table access_log add column whose text[] not null default '{}';
