-- How often the plan of an event was begun since it last got on: an event that ends its planner, even the process, ends
-- itself after a few tries.

alter table events add column plan_tries integer not null default 0;
