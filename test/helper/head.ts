// A request of which nothing but the head ever comes.
import { once } from 'node:events'
import { connect } from 'node:net'

/** The beginning of the answer to a POST that declares a body and never sends it. */
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
