// Sends a request's head without its body.
import { once } from 'node:events'
import { connect } from 'node:net'

/** Posts a head that declares a body, never sends the body, and answers the beginning of the response. */
export async function answerToHead(url: string, path: string, headers: Record<string, string> = {}): Promise<string> {
  const { hostname, port, host } = new URL(url)
  const socket = connect(Number(port), hostname)
  const lines = Object.entries({ host, 'content-length': '1000', ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  socket.write([`POST ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n'))
  const [answer] = await once(socket, 'data')
  socket.destroy()
  return String(answer)
}
