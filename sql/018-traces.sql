-- The trace of an event in OpenTelemetry, as the W3C header `traceparent` names it and the span in which the event was accepted.
-- Written only while traces are on; whoever handles the event later adds spans to that trace.
alter table events add column traceparent text;
