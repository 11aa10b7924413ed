-- How long a due verification can bear to wait, as a power of two: a row of pace p has 2^(p − 5) seconds of patience, and one
-- of pace 0 none. When more is due than can be served, rows are taken in proportion to their patience; see verification-sql.ts.
alter table verifications add column pace integer not null default 0 check (pace between 0 and 17);
update verifications set pace = 13 where status = 'waiting';
alter table verifications drop column late_at;

-- One queue for each pace, so that its head is found at once however many wait.
drop index verifications_due;
create index verifications_due on verifications (pace, next_at) where next_at is not null;

-- Whose deadline passes while it stands in a slow line is brought forward.
create index verifications_deadline on verifications (expires_at) where status = 'waiting';
