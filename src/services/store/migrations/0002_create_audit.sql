-- Who did what, about whom, when, and how it went. Only ever added to; each row is chained to the one before.
--
-- The hash covers the two marks, not the ids: a mark is a salted commitment to a person. Forgetting somebody deletes id
-- and salt; what stays is a mark that says nothing, and a chain that is still valid.
create table audit (
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

create index audit_subject on audit (team_id, subject_id, seq) where subject_id is not null;
create index audit_actor on audit (team_id, actor_id) where actor_id is not null;

-- Also what `insert or replace` would delete without asking the trigger below.
create trigger audit_appends before insert on audit
when new.seq <> (select coalesce(max(seq), 0) + 1 from audit)
  or new.previous_hash <> coalesce((select hash from audit order by seq desc limit 1), new.previous_hash)
begin
  select raise(abort, 'the audit is only ever added to');
end;

create trigger audit_keeps_rows before delete on audit
begin
  select raise(abort, 'the audit is only ever added to');
end;

create trigger audit_keeps_words before update on audit
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

-- The limit for everybody together counts what was asked for within the last hour.
create index verifications_created on verifications (team_id, created_at);
