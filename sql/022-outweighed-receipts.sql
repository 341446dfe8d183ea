-- Which receipts a notification's state no longer depends on, so that applying one costs the same however many came before it.

-- It was applied, and another receipt of the same message and kind came before it and another is earlier by the provider's clock
-- (later, for a choice). The merge of the rest is that of all. Its attempt is the one that it was matched with then.
alter table receipts add column outweighed boolean not null default false;
