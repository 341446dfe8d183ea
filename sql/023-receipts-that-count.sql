-- outside a transaction
-- The receipts that the next one is merged with: few, whatever has come before.

create index concurrently if not exists receipts_that_count on receipts (notification_id, received_at, id)
  where notification_id is not null and not outweighed;
