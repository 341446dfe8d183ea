-- Addresses that must not be sent to, and why. Whoever learned of it, it holds for every provider of the channel.

create table suppressions (
  channel text not null,
  address text not null,
  reason text not null,
  source text not null,
  created_at timestamptz not null,
  primary key (channel, address),
  constraint a_known_channel check (channel in ('email', 'sms'))
);
