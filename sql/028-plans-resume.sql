-- An event for many is planned part by part: how far it has got, so that whoever goes on begins there.

alter table events add column planned_up_to integer not null default 0;
