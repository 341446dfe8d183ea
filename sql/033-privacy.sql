-- Whose addresses were looked at, or searched by.

alter table access_log add column whose text[] not null default '{}';

-- What is so old that nobody is named in it any more.
alter table access_log add column forgotten_at timestamptz;
create index access_log_to_forget on access_log (at) where forgotten_at is null;
alter table payments add column forgotten_at timestamptz;
create index payments_to_forget on payments (at) where forgotten_at is null;

-- A source's id of an event that read as an address is a pseudonym by now, and a repeat of the event still a duplicate.
create index events_forgotten on events (source, source_id) where source_id like 'forgotten:%';

-- Whose id of a person it is, where apps do not share them (RECIPIENT_IDS=per-app); empty: everybody's, and of addresses.
alter table preferences add column app text not null default '', drop constraint preferences_pkey,
  add primary key (who, kind, app, category, channel);
