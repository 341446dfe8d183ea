// The socket of a database connection.
import { Socket } from 'node:net'

/** What the driver writes in one turn of the event loop goes out as one packet: each takes a switch to the process that reads it. */
export class TurnSocket extends Socket {
  #isHeld = false

  /** The driver corks around each statement; the first cork of a turn is held until its end. */
  override cork(): void {
    super.cork()
    if (this.#isHeld) return
    this.#isHeld = true
    super.cork()
    process.nextTick(() => {
      this.#isHeld = false
      this.uncork()
    })
  }
}
