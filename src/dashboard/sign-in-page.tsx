// The page on which a person signs in with an API key.
import type { SignInView } from '../http/dashboard/page.ts'
import { sessionHours } from '../http/dashboard/sessions.ts'
import { drawnOnce } from '../http/pages/drawn-once.ts'
import { gate } from './kit/frame.tsx'
import { Icon } from './kit/icons.tsx'
import { PostForm } from './kit/parts.tsx'

const drawn = drawnOnce()

export function signInPage({ notice, next, csrf, ...view }: SignInView): string {
  const { theme, assets } = view
  return drawn(JSON.stringify([notice, theme, assets]), { csrf, next }, (own) => draw({ notice, ...view, ...own }))
}

function draw({ notice, next, ...view }: SignInView): string {
  return gate(
    'Sign in',
    view,
    <>
      <main id="main">
        {notice && (
          <div className={`flash tone-${notice.tone}`} role={notice.tone === 'bad' ? 'alert' : 'status'}>
            <Icon name={notice.tone === 'bad' ? 'cross' : 'info'} />
            <p>{notice.text}</p>
          </div>
        )}
        <PostForm visit={view} action="/dashboard/sign-in" className="panel">
          <div className="in">
            <input type="hidden" name="next" value={next} />
            <input type="text" autoComplete="username" value="Posthorn" readOnly hidden />
            <h1>Sign in</h1>
            <div className="field">
              <label htmlFor="key">API key</label>
              <input
                id="key"
                name="key"
                type="password"
                autoComplete="current-password"
                spellCheck={false}
                autoCapitalize="none"
                required
                aria-describedby="key-h"
              />
              <span className="hint" id="key-h">
                A viewer’s key reads, an operator’s key also acts.
              </span>
            </div>
            <button className="btn main wide" type="submit">
              Sign in
            </button>
          </div>
          <div className="in">
            <details>
              <summary>Where do I find a key?</summary>
              <p className="quiet small">On the machine that runs Posthorn:</p>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
              <pre className="code" tabIndex={0}>
                npm run posthorn -- secrets
              </pre>
              <p className="quiet small">
                It prints the generated operator key and a sign-in link that works once. If keys are set in{' '}
                <code>API_KEYS</code>, ask whoever set them.
              </p>
            </details>
          </div>
        </PostForm>
      </main>
      <footer className="faint small">
        The browser does not keep the key, only a sign-in cookie that ends after {sessionHours} hours.
      </footer>
    </>,
  )
}
