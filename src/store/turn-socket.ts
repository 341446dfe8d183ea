// The socket of a database connection. It sends the statements of one turn of the event loop as one packet, because each packet
// costs a system call and a switch to the process that reads it.
import { Socket } from 'node:net'

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
