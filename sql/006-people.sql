-- People: addresses that must not be sent to, what they said about messages, and who looked at their addresses.

-- Whoever learned of it, it holds for every provider of the channel.
create table suppressions (
  channel text not null,
  address text not null,
  reason text not null,
  source text not null,
  created_at timestamptz not null,
  -- For the list's cursor, which must not hold an address.
  id uuid not null default gen_random_uuid(),
  primary key (channel, address),
  constraint a_known_channel check (channel in ('email', 'sms'))
);
create index suppressions_newest on suppressions (created_at desc, id desc);

-- What a person said about messages that they may refuse: yes or no, by category and channel. Nothing said is a yes. An
-- unsubscribe is stored for the recipient's id and for the address, so that the address is left alone under any id.
create table preferences (
  kind text not null,
  -- An app's id of its recipient; or an email address in lower case, or a phone number.
  subject text not null,
  -- Whose id it is, where apps do not share them (RECIPIENT_IDS=per-app); empty: everybody's, and of addresses.
  app text not null default '',
  category text not null,
  channel text not null,
  allowed boolean not null,
  -- Who said it: `the unsubscribe link`, ``operator key `crm` ``.
  said_by text not null,
  said_at timestamptz not null,
  -- Of all that was said about one message the last word counts; this is the order, whatever the clocks say.
  sequence bigint generated always as identity,
  primary key (subject, kind, app, category, channel),
  constraint said_of_an_id_or_an_address check (kind in ('id', 'address')),
  constraint transactional_messages_are_always_sent check (category in ('product')),
  constraint a_known_channel check (channel in ('email', 'sms'))
);

-- Who looked at addresses that are masked for them by default, or searched by one.
create table access_log (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  key_name text not null,
  what text not null,
  subject text not null,
  -- Whose addresses those were.
  whose text[] not null default '{}',
  -- When it was so old that the people in it were removed.
  forgotten_at timestamptz
);
create index access_log_to_forget on access_log (at) where forgotten_at is null;
