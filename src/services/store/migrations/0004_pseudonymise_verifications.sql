-- When the people of a verification were replaced by pseudonyms because it had been over for long enough; null: not yet.
alter table verifications add column pseudonymised_at integer check (pseudonymised_at is null or status in ('settled', 'failed'));

create index verifications_over on verifications (ended_at)
  where status in ('settled', 'failed') and pseudonymised_at is null;

-- Where messages of forgotten people stand, until the worker has taken their names out of Slack's copies.
create index messages_forgotten on messages (user_id) where user_id glob 'gone-*';
