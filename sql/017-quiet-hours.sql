-- When nobody may be written to where the recipient lives, as a notifier says: {"from": "21:00", "until": "08:00"}.

alter table notifications add column quiet_hours json;
