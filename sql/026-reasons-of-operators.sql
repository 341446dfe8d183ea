-- outside a transaction
-- An erase searches what operators wrote of why they suppressed an address, which may name somebody else.

create index concurrently if not exists suppressions_of_operators on suppressions (id) where kind = 'operator';
