// A person's browser at the dashboard, without script: it keeps cookies, follows the redirect after a form, and fills in
// the token that the page's forms have.
import { keys, type World } from './world.ts'

export interface Page {
  status: number
  headers: Headers
  html: string
  /** Where it ended, with its query. */
  path: string
  /** The text between the tags, in one line. */
  text: string
}

export interface Visitor {
  cookies: Map<string, string>
  get(path: string): Promise<Page>
  /** Posts a form with the token of the last page, and shows where that leads. */
  post(path: string, fields?: Record<string, string>): Promise<Page>
  /** One request, as it is. */
  ask(path: string, init?: RequestInit): Promise<Response>
}

export function visitor(world: Pick<World, 'url'>): Visitor {
  const cookies = new Map<string, string>()
  let token = ''
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(world.url + path, {
      redirect: 'manual',
      ...init,
      headers: { ...init.headers, cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const [name = '', value = ''] = pair.split('=')
      if (/Max-Age=0/.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }
  const show = async (path: string, first: Response): Promise<Page> => {
    let [at, answer] = [path, first]
    for (let hops = 0; answer.status === 303 && hops < 5; hops++) {
      at = answer.headers.get('location') ?? ''
      answer = await ask(at)
    }
    const html = await answer.text()
    token = /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? token
    return { status: answer.status, headers: answer.headers, html, path: at, text: textOf(html) }
  }
  return {
    cookies,
    ask,
    get: async (path) => show(path, await ask(path)),
    post: async (path, fields = {}) =>
      show(path, await ask(path, { method: 'POST', body: new URLSearchParams({ csrf: token, ...fields }) })),
  }
}

/** Signed in, at the overview. */
export async function signedIn(world: Pick<World, 'url'>, key: string = keys.operator): Promise<Visitor> {
  const one = visitor(world)
  await one.get('/dashboard/sign-in')
  await one.post('/dashboard/sign-in', { key })
  return one
}

function textOf(html: string): string {
  return html
    .replace(/<(script|style|head)\b[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#x27;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim()
}
