-- The same events that make news stale stop a timer: one column, named for what it does.

alter table notifications rename column superseded_by to stopped_by;
