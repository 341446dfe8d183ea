-- What happened in each minute, for the dashboard's overview and an alert: a worker counts it from time to time, so that both read a
-- few rows however many events there are. A minute may be counted again; the latest count is the right one.
create table minute_counts (
  minute timestamptz not null,
  what text not null,
  n integer not null,
  primary key (minute, what),
  constraint a_known_count check (what in ('accepted', 'sent', 'in_time', 'delivered', 'undelivered', 'failed'))
);

-- One row, which the worker that counts locks.
create table minute_counts_state (
  only_row boolean primary key default true constraint there_is_one_row check (only_row),
  -- Minutes before this time have been counted at least once.
  counted_up_to timestamptz not null
);
insert into minute_counts_state (counted_up_to) values (now() - interval '1 hour');

-- Receipts arrive in the order of time, so that this index is a few pages and costs an insert next to nothing.
create index receipts_by_time on receipts using brin (received_at) with (autosummarize = on);
