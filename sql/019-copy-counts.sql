-- What became of each notifier's messages, by the copy that they were rendered from: counted by minutes, as `minute_counts` is, and
-- added up by days once nothing counts those minutes again.
create table copy_counts (
  notifier text not null,
  -- A minute, or a day of UTC by its first minute.
  minute timestamptz not null,
  channel text not null,
  locale text not null,
  -- 0 for our own copy.
  version integer not null,
  sent integer not null,
  delivered integer not null,
  -- Messages, each by its first report; what a program opened or followed does not count.
  opened integer not null,
  clicked integer not null,
  primary key (notifier, minute, channel, locale, version)
);
create index copy_counts_by_minute on copy_counts (minute);
