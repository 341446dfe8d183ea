-- An alert counts what was given up in the last days, however long it had waited for its time. Of rows from before this, the time
-- of their making stands for it.

-- When it was last given up, that is, became `failed`.
alter table notification_states add column given_up_at timestamptz;
