-- Whose words a notification was said in: `{"locale": "es", "version": 3}`, version null for our own. Null without a message.

alter table notifications add column words json;
