-- What one person is to get at one time goes out as one message: its parts are notifications that wait without words, and
-- become `digested` in the transaction that makes the digest, a notification of its own (its fact is `digest:` and the key).

alter table notifications
  -- The same for all parts of one digest: notifier, channel, person and time.
  add column digest_key text;
create index notifications_of_a_digest on notifications (digest_key, id) where digest_key is not null and state = 'scheduled';

-- What a part brings to the words of its digest. As personal as a message.
create table digest_parts (
  notification_id uuid primary key references notifications,
  content json not null
);
