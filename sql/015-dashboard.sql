-- Who is signed in to the dashboard. A session is worth nothing without its token, of which the browser has the only copy.
create table dashboard_sessions (
  -- SHA-256 of the token.
  digest text primary key,
  key_name text not null,
  -- HMAC of the API key under the token: the session ends with the key, and the row says nothing about it.
  key_proof text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index dashboard_sessions_by_end on dashboard_sessions (expires_at);

-- Sign-in links that were used, so that each works once.
create table dashboard_links_used (
  digest text primary key,
  used_at timestamptz not null
);
