-- People: suppressions, preferences, and the log of access to their addresses.

-- A suppression holds for every provider of the channel, whichever reported it. An address may have several: lifting one
-- leaves the others.
create table suppressions (
  channel text not null,
  address text not null,
  reason text not null,
  source text not null,
  created_at timestamptz not null,
  -- For the list's cursor, which must not contain an address.
  id uuid not null default gen_random_uuid(),
  kind text not null generated always as
    (case when reason in ('hard_bounce', 'invalid_address', 'opted_out', 'complaint') then reason else 'operator' end) stored,
  primary key (channel, address, kind, source),
  constraint a_known_channel check (channel in ('email', 'sms'))
);
create index suppressions_newest on suppressions (created_at desc, id desc);

-- People's preferences for messages that they may opt out of, by category and channel; the default is allowed. An
-- unsubscribe is stored for the recipient's id and for the address, so that it holds for the address under any id.
create table preferences (
  kind text not null,
  -- A recipient id, an email address in lower case, or a phone number.
  subject text not null,
  -- The app whose recipient id it is (RECIPIENT_IDS=per-app); empty for shared ids and for addresses.
  app text not null default '',
  category text not null,
  channel text not null,
  allowed boolean not null,
  -- Who set it: `the unsubscribe link`, ``operator key `crm` ``.
  said_by text not null,
  said_at timestamptz not null,
  -- The order of changes, independent of clocks: the latest preference that applies to a message counts.
  sequence bigint generated always as identity,
  primary key (subject, kind, app, category, channel),
  constraint said_of_an_id_or_an_address check (kind in ('id', 'address')),
  constraint transactional_messages_are_always_sent check (category in ('product')),
  constraint a_known_channel check (channel in ('email', 'sms'))
);

-- Who revealed masked addresses, or searched by one.
create table access_log (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  key_name text not null,
  what text not null,
  subject text not null,
  -- The people whose addresses those were.
  whose text[] not null default '{}',
  -- When retention removed the people in it.
  forgotten_at timestamptz
);
create index access_log_to_forget on access_log (at) where forgotten_at is null;
