-- Times are UTC milliseconds. Rows are read back through zod: a file may be older than the code that opens it.

create table verifications (
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
  late_at           integer, -- the order in which due rows are taken when there are more than can be served
  claimed           integer not null default 0 check (claimed in (0, 1)),
  attempts          integer not null default 0, -- claims since a step last came to an end; counted before the work
  troubles          integer not null default 0, -- passing failures in a row; decides the back-off

  check ((provider = 'veriff') = (id_type is not null)),
  check (status not in ('requested', 'starting') or unclear_starts is not null),
  check (status <> 'waiting' or (session_id is not null and link is not null and started_at is not null and misses is not null)),
  check (status <> 'settled' or (session_id is not null and outcome is not null and ended_at is not null and missing_steps is not null)),
  check (status not in ('settled', 'failed') or link is null),
  check (status not in ('failed', 'parked') or (reason is not null and ended_at is not null))
) strict;

-- One row per submission, however often Slack or an impatient finger delivers it.
create unique index verifications_view on verifications (team_id, view_id);

-- One active verification per employee; the database settles who was first.
create unique index verifications_open on verifications (team_id, employee_id)
  where status in ('requested', 'starting', 'waiting', 'parked');

create index verifications_due on verifications (next_at) where next_at is not null;
create index verifications_manager on verifications (team_id, manager_id, created_at);
create index verifications_employee on verifications (team_id, employee_id, created_at);
create index verifications_session on verifications (session_id) where session_id is not null;

create table messages (
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

create unique index messages_occasion on messages (verification_id, kind, occasion);
create index messages_due on messages (next_at) where next_at is not null;

-- Which EasyFreelance employee a Slack user is, remembered from the last session that started.
create table employees (
  team_id           text    not null,
  user_id           text    not null,
  employee_number   integer not null check (employee_number > 0),
  remembered_at     integer not null,
  primary key (team_id, user_id)
) strict, without rowid;

-- One EasyFreelance employee can't be two people.
create unique index employees_number on employees (team_id, employee_number);
