-- Names that an event is found by and that tie it to no other: a payment for a change of a subscription names the
-- subscription, and does not make the reminder of its renewal needless.

alter table events add column mentions text[] not null default '{}';
create index events_by_mention on events using gin (mentions) where mentions <> '{}';
