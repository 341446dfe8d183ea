-- What people said about messages that they may leave: yes or no, by category and channel, of a recipient's id or of an
-- address. Nothing said is a yes. An unsubscribe is said of both, so that the same address is left alone under any id.

create table preferences (
  -- An app's id of its recipient; an email address in lower case, or a phone number.
  kind text not null,
  who text not null,
  category text not null,
  channel text not null,
  allowed boolean not null,
  -- Who said it: `the unsubscribe link`, ``operator key `crm` ``.
  said_by text not null,
  said_at timestamptz not null,
  -- Of all that was said about one message the last word counts; this is the order, whatever the clocks say.
  nth bigint generated always as identity,
  primary key (who, kind, category, channel),
  constraint said_of_an_id_or_an_address check (kind in ('id', 'address')),
  constraint transactional_messages_are_always_sent check (category in ('product')),
  constraint a_known_channel check (channel in ('email', 'sms'))
);
