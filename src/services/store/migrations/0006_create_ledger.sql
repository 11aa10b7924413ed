-- How each verification came to where it is, written in the transaction of the change it tells of. It explains; nothing is
-- decided by it. No person, no link, no place in Slack: ids of ours, words of ours, times. It goes with the verification's people.
create table ledger (
  seq               integer primary key,
  verification_id   text    not null,
  message_id        text,
  at                integer not null,
  what              text    not null check (what not glob '*[^a-z_]*'),
  was               text    check (was not glob '*[^a-z_]*'),
  became            text    check (became not glob '*[^a-z_]*'),
  revision          integer,
  reason            text    check (reason not glob '*[^a-z0-9_]*'), -- one word, never free text
  count             integer not null default 1 check (count > 0), -- the same thing again and again is one row
  last_at           integer not null
) strict;

create index ledger_verification on ledger (verification_id, seq);
create index ledger_message on ledger (message_id) where message_id is not null;

-- What the metrics count.
create index verifications_status on verifications (status);
create index messages_state on messages (state);
