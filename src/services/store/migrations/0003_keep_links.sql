-- Who says that this number is theirs. `remembered`: a session started with it. `linked`: a manager said so, `linked_by`.
-- `imported`: the operator's file said so. The last two are links: only a manager or the operator changes them.
-- `remembered_at` is the time of whichever it is.
alter table employees add column source text not null default 'remembered'
  check (source in ('remembered', 'linked', 'imported'));
alter table employees add column linked_by text check (linked_by is null or source = 'linked');
