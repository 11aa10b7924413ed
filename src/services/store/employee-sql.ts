import { IS_OPEN } from './verification-sql.ts'

// Every statement about which EasyFreelance employee a Slack user is; `employee-store.ts` prepares each once.

export const OF = 'select * from employees where team_id = ? and user_id = ?'
export const ALL = 'select * from employees where team_id = ? order by user_id'

export const OPEN_NUMBERS = `select employee_id as user_id, employee_number from verifications
  where team_id = ? and ${IS_OPEN} order by employee_id`

export const PUT = `insert into employees (team_id, user_id, employee_number, remembered_at, source, linked_by)
  values (:team_id, :user_id, :employee_number, :at, :source, :linked_by)
  on conflict (team_id, user_id) do update
  set employee_number = :employee_number, remembered_at = :at, source = :source, linked_by = :linked_by`

export const REMOVE = 'delete from employees where team_id = ? and user_id = ?'
