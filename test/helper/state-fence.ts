// The table of state moves as a database trigger, so that every test checks each statement against it.
import { firstStates, moves } from '../../src/domain/notification.ts'

/**
 * For the tests' template database only: in production the guards of the statements suffice. It checks the service's own
 * sessions; a test that prepares rows may set any state.
 */
export function stateFence(): string {
  const allowed = [
    ...firstStates.map((to) => `new ${to}`),
    ...Object.entries(moves).flatMap(([from, all]) => all.map((to) => `${from} ${to}`)),
  ]
  return `
    create function posthorn.check_state_move() returns trigger language plpgsql as $$
    declare move text := case tg_op when 'INSERT' then 'new' else old.state end || ' ' || new.state;
    begin
      if current_setting('application_name') = 'posthorn' and move <> all('{${allowed.join(',')}}') then
        raise exception 'this state move is not in the table: %', move;
      end if;
      return new;
    end $$;
    create trigger a_first_state_is_checked before insert on posthorn.notification_states
      for each row execute function posthorn.check_state_move();
    create trigger a_state_move_is_checked before update on posthorn.notification_states
      for each row when (new.state <> old.state) execute function posthorn.check_state_move();`
}
