-- What was begun and then left (its worker is gone) is found at once, however many others wait.

alter table notifications
  -- A call was made since it was made, or since a person asked for another try.
  add column begun boolean not null default false;
create index notifications_begun on notifications (due_at) where begun and due_at is not null;
