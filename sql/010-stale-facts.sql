-- Some news is overtaken by other news: a failed payment that has since succeeded is told to nobody.

alter table events add column occurred_at timestamptz not null default now();
alter table notifications add column superseded_by text[];
