// SQL for the suppression that counts where an address has several.

/**
 * SQL: the order in which the reasons of an address are shown and lifted. What a person said of our messages comes last, so
 * that it stays when an operator lifts a bounce.
 */
const shownFirst = `array_position(array['operator', 'hard_bounce', 'invalid_address', 'opted_out', 'complaint'], kind), created_at desc, id`

/** SQL: the first of these columns of the suppressions of an address, which must be in lower case. */
export function firstSuppression(
  selected: string,
  { channel, address }: Record<'channel' | 'address', string>,
): string {
  return `select ${selected} from suppressions where channel = ${channel} and address = ${address} order by ${shownFirst} limit 1`
}
