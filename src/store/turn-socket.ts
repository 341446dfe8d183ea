// The socket of a database connection.
import { Socket } from 'node:net'

/** What the driver writes in one turn of the event loop goes out as one packet: each takes a switch to the process that reads it. */
export class TurnSocket extends Socket {
  override uncork(): void {
    process.nextTick(() => super.uncork())
  }
}
