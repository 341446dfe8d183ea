-- What each provider was allowed in the last second, in slices of 25 ms, the newest first: the limit of its rate holds
-- in every second, and not only from one tick of a clock to the next.

alter table provider_health
  add column slice bigint not null default 0,
  add column slices integer[] not null default array_fill(0, array[41]);
