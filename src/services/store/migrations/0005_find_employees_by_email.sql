-- One more way to know a number. `email`: EasyFreelance named it for the e-mail address that Slack has confirmed, because a
-- manager asked, `linked_by`. It counts as a link. SQLite can't widen a CHECK, so the table is made anew.
create table employees_by_any_source (
  team_id           text    not null,
  user_id           text    not null,
  employee_number   integer not null check (employee_number > 0),
  remembered_at     integer not null,
  source            text    not null default 'remembered' check (source in ('remembered', 'linked', 'imported', 'email')),
  linked_by         text    check (linked_by is null or source in ('linked', 'email')),
  primary key (team_id, user_id)
) strict, without rowid;

insert into employees_by_any_source (team_id, user_id, employee_number, remembered_at, source, linked_by)
  select team_id, user_id, employee_number, remembered_at, source, linked_by from employees;

drop table employees;
alter table employees_by_any_source rename to employees;

create unique index employees_number on employees (team_id, employee_number);
