CREATE TRIGGER audit_appends before insert on audit
when new.seq <> (select coalesce(max(seq), 0) + 1 from audit)
  or new.previous_hash <> coalesce((select hash from audit order by seq desc limit 1), new.previous_hash)
begin
  select raise(abort, 'the audit is only ever added to');
end;

CREATE TRIGGER audit_keeps_rows before delete on audit
begin
  select raise(abort, 'the audit is only ever added to');
end;

CREATE TRIGGER audit_keeps_words before update on audit
when not (
  new.seq is old.seq and new.at is old.at and new.team_id is old.team_id and new.action is old.action
  and new.result is old.result and new.reason is old.reason and new.verification_id is old.verification_id
  and new.erased is old.erased and new.actor_mark is old.actor_mark and new.subject_mark is old.subject_mark
  and new.previous_hash is old.previous_hash and new.hash is old.hash
  and (
    (new.actor_id is old.actor_id and new.actor_salt is old.actor_salt)
    or (new.actor_id is null and new.actor_salt is null)
  )
  and (
    (new.subject_id is old.subject_id and new.subject_salt is old.subject_salt
      and new.employee_number is old.employee_number)
    or (new.subject_id is null and new.subject_salt is null and new.employee_number is null)
  )
)
begin
  select raise(abort, 'the audit is only ever added to');
end;

CREATE TABLE audit (
  seq               integer primary key check (seq > 0),
  at                integer not null,
  team_id           text    not null,
  action            text    not null check (action not glob '*[^a-z_]*'),
  result            text    not null check (result in ('done', 'refused', 'unsure')),
  reason            text    check (reason not glob '*[^a-z_]*'), -- one word, never free text
  verification_id   text,
  erased            integer not null check (erased >= 0), -- how many tombstones this entry made
  actor_mark        text    check (length(actor_mark) = 64),
  subject_mark      text    check (length(subject_mark) = 64),
  previous_hash     text    not null check (length(previous_hash) = 64),
  hash              text    not null unique check (length(hash) = 64),

  -- What forgetting deletes.
  actor_id          text    check (actor_id not glob '*[^A-Za-z0-9_-]*'),
  actor_salt        text,
  subject_id        text    check (subject_id not glob '*[^A-Za-z0-9_-]*'),
  subject_salt      text,
  employee_number   integer check (employee_number > 0),

  check ((actor_id is null) = (actor_salt is null)),
  check ((subject_id is null) = (subject_salt is null)),
  check (actor_id is null or actor_mark is not null),
  check (subject_id is null or subject_mark is not null),
  check (employee_number is null or subject_id is not null)
) strict;

CREATE TABLE "employees" (
  team_id           text    not null,
  user_id           text    not null,
  employee_number   integer not null check (employee_number > 0),
  remembered_at     integer not null,
  source            text    not null default 'remembered' check (source in ('remembered', 'linked', 'imported', 'email')),
  linked_by         text    check (linked_by is null or source in ('linked', 'email')),
  primary key (team_id, user_id)
) strict, without rowid;

CREATE TABLE ledger (
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

CREATE TABLE messages (
  id                text    primary key,
  verification_id   text    not null references verifications (id),
  kind              text    not null check (kind in ('card', 'invitation', 'decision', 'outcome', 'concern')),
  occasion          integer not null,
  created_at        integer not null,
  version           integer not null check (version > 0),
  user_id           text,
  channel_id        text,
  moved_because     text    check (moved_because in ('not_in_channel', 'channel_closed', 'posting_restricted')),
  sends             integer not null,

  state             text    not null check (state in ('none', 'sending', 'unknown', 'sent', 'undeliverable')),
  conversation_id   text,
  ts                text,
  since             integer, -- when the send in question began
  shown_revision    integer,
  shown_digest      text,
  clean_reads       integer,
  resent_at         integer,
  sweeps            integer,
  reason            text,

  next_at           integer,
  late_at           integer,
  claimed           integer not null default 0 check (claimed in (0, 1)),
  attempts          integer not null default 0,
  troubles          integer not null default 0,

  check ((user_id is null) <> (channel_id is null)),
  check (state not in ('sending', 'unknown') or (conversation_id is not null and since is not null)),
  check (state not in ('sending', 'unknown', 'sent') or (shown_revision is not null and shown_digest is not null)),
  check (state <> 'unknown' or clean_reads is not null),
  check (state <> 'sent' or (conversation_id is not null and ts is not null and sweeps is not null)),
  check (state <> 'undeliverable' or reason is not null)
) strict;

CREATE TABLE verifications (
  id                text    primary key,
  team_id           text    not null,
  view_id           text    not null,
  manager_id        text    not null,
  employee_id       text    not null,
  employee_number   integer not null check (employee_number > 0),
  provider          text    not null check (provider in ('veriff', 'bankid')),
  id_type           text    check (id_type in ('local', 'international')),
  note              text,
  card_channel_id   text,
  created_at        integer not null,
  revision          integer not null check (revision > 0),
  unexpected_at     integer,
  invitations       integer not null,
  parks             integer not null,

  status            text    not null check (status in ('requested', 'starting', 'waiting', 'settled', 'failed', 'parked')),
  unclear_starts    integer check (unclear_starts in (0, 1)),
  hold              text    check (hold in (
    'unreachable', 'unauthorised', 'rate_limited', 'timeout', 'connection_lost', 'server_error', 'unreadable', 'interrupted')
  ),
  session_id        text,
  link              text    check (link glob 'v1.????????.*'), -- sealed, never as it stands: sealing.ts
  started_at        integer,
  expires_at        integer,
  delivered_at      integer,
  opened_at         integer,
  returned_at       integer,
  reported          text,
  misses            integer,
  outcome           text    check (outcome in ('approved', 'declined', 'cancelled', 'expired', 'error', 'other')),
  missing_steps     text    check (json_valid(missing_steps)), -- a list of words
  reason            text,
  ended_at          integer, -- when it settled, failed or was parked
  closed_by         text,

  -- When the worker looks at it next; null: never by itself. `claimed` marks a lease, cleared at boot.
  next_at           integer,
  claimed           integer not null default 0 check (claimed in (0, 1)),
  attempts          integer not null default 0, -- claims since a step last came to an end; counted before the work
  troubles          integer not null default 0, pseudonymised_at integer check (pseudonymised_at is null or status in ('settled', 'failed')), pace integer not null default 0 check (pace between 0 and 17), -- passing failures in a row; decides the back-off

  check ((provider = 'veriff') = (id_type is not null)),
  check (status not in ('requested', 'starting') or unclear_starts is not null),
  check (status <> 'waiting' or (session_id is not null and link is not null and started_at is not null and misses is not null)),
  check (status <> 'settled' or (session_id is not null and outcome is not null and ended_at is not null and missing_steps is not null)),
  check (status not in ('settled', 'failed') or link is null),
  check (status not in ('failed', 'parked') or (reason is not null and ended_at is not null))
) strict;

CREATE INDEX audit_actor on audit (team_id, actor_id) where actor_id is not null;

CREATE INDEX audit_subject on audit (team_id, subject_id, seq) where subject_id is not null;

CREATE UNIQUE INDEX employees_number on employees (team_id, employee_number);

CREATE INDEX ledger_message on ledger (message_id) where message_id is not null;

CREATE INDEX ledger_verification on ledger (verification_id, seq);

CREATE INDEX messages_due on messages (next_at) where next_at is not null;

CREATE INDEX messages_forgotten on messages (user_id) where user_id glob 'gone-*';

CREATE UNIQUE INDEX messages_occasion on messages (verification_id, kind, occasion);

CREATE INDEX messages_state on messages (state);

CREATE INDEX verifications_created on verifications (team_id, created_at);

CREATE INDEX verifications_deadline on verifications (expires_at) where status = 'waiting';

CREATE INDEX verifications_due on verifications (pace, next_at) where next_at is not null;

CREATE INDEX verifications_employee on verifications (team_id, employee_id, created_at);

CREATE INDEX verifications_manager on verifications (team_id, manager_id, created_at);

CREATE INDEX verifications_number on verifications (team_id, employee_number);

CREATE UNIQUE INDEX verifications_open on verifications (team_id, employee_id)
  where status in ('requested', 'starting', 'waiting', 'parked');

CREATE INDEX verifications_opened on verifications (opened_at) where status = 'waiting' and opened_at is not null;

CREATE INDEX verifications_over on verifications (ended_at)
  where status in ('settled', 'failed') and pseudonymised_at is null;

CREATE INDEX verifications_session on verifications (session_id) where session_id is not null;

CREATE INDEX verifications_status on verifications (status);

CREATE UNIQUE INDEX verifications_view on verifications (team_id, view_id);
