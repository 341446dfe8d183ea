-- A payment that may be a part of an invoice, or an invoice that may be paid in parts, waits some seconds for the other events.

alter table payments
  -- The event that waits to report it, and until when. Nobody has been notified of the payment yet.
  add column waiting_event uuid,
  add column waits_until timestamptz;
