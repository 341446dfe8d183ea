-- A circuit's probe, and since when its calls count again: what failed before it closed must not open it once more.

alter table provider_health add column probed_at timestamptz, add column closed_at timestamptz;
