-- Who is being verified with a number: asked at every request, while a manager waits.
create index verifications_number on verifications (team_id, employee_number);

-- Whose link was opened last: asked when somebody comes back whom we don't know.
create index verifications_opened on verifications (opened_at) where status = 'waiting' and opened_at is not null;
