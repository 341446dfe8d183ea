-- Operators' copy for a notifier and a locale, which takes precedence over our own. Published versions never change:
-- publishing replaces the current version, and reverting restores the previous one.

create table copy_versions (
  id bigint generated always as identity primary key,
  notifier text not null,
  locale text not null,
  -- Null: a draft.
  version integer,
  state text not null,
  messages json not null,
  -- New at each change of a draft, so that nobody publishes a draft that they have not seen.
  revision bigint generated always as identity,
  drafted_by text not null,
  drafted_at timestamptz not null,
  published_by text,
  published_at timestamptz,
  reverted_by text,
  reverted_at timestamptz,
  constraint a_version_is_given_once unique (notifier, locale, version),
  constraint a_known_state check (state in ('draft', 'published', 'replaced', 'reverted')),
  constraint only_a_draft_has_no_version check ((state = 'draft') = (version is null)),
  constraint what_was_published_says_by_whom check ((state = 'draft') = (published_by is null)
    and (state = 'draft') = (published_at is null)),
  constraint what_was_reverted_says_by_whom check ((state = 'reverted') = (reverted_by is not null)
    and (state = 'reverted') = (reverted_at is not null))
);

create unique index one_draft_for_a_notifier_and_locale on copy_versions (notifier, locale) where state = 'draft';
create unique index one_version_counts_for_a_notifier_and_locale on copy_versions (notifier, locale) where state = 'published';
