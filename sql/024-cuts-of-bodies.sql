-- How often a person was cut out of an event's body, by which another erasure notices that it has changed without reading it.
alter table event_bodies add column cuts integer not null default 0;
