// The message exactly as it was sent: the email in a frame of its own, its plain text, or an SMS with its segments.
import { ApiRefusal, pathOf } from '../../http/dashboard/own-api.ts'
import type { PageAnswer, Visit } from '../../http/dashboard/page.ts'
import { count, Facts, Panel } from '../kit/parts.tsx'
import type { NotificationAudit } from '../kit/shown.ts'
import { SmsPanel } from '../kit/sms-bubble.tsx'

interface MessageProps {
  visit: Visit
  n: NotificationAudit
  isRevealed: boolean
}

const titles = { email: 'The email', sms: 'The SMS', callback: 'The callback' }

export function MessagePanel({ visit, n, isRevealed }: MessageProps) {
  const { message, messageReason } = n
  const title = `${titles[n.channel]} as it ${wasSent(n) ? 'was sent' : isOver(n) ? 'would have been sent' : 'would be sent'}`
  if (!message)
    return (
      <Panel id="message" title={titles[n.channel]}>
        <div className="in">
          <p className="quiet">
            {messageReason ? hint(messageReason) : 'It was not written, as it was not to be sent.'}
          </p>
        </div>
      </Panel>
    )
  if (n.channel === 'sms')
    return (
      <SmsPanel id="message" title={title} text={message.text}>
        <p className="faint small">
          {count([...message.text].length, 'character')}, {message.encoding}, {count(message.segments ?? 1, 'segment')}
        </p>
      </SmsPanel>
    )
  if (n.channel === 'callback')
    return (
      <Panel id="message" title={title}>
        <div className="in">
          <Code>{message.text}</Code>
        </div>
      </Panel>
    )
  return <Email visit={visit} n={n} title={title} isRevealed={isRevealed} message={message} />
}

/** Not what was given up after a provider had taken it once, nor what may not have gone out. */
function wasSent({ state }: NotificationAudit): boolean {
  return state === 'sent' || state === 'delivered' || state === 'undelivered'
}

/** No further attempt is scheduled. */
function isOver({ state }: NotificationAudit): boolean {
  return state === 'cancelled' || state === 'suppressed' || state === 'expired'
}

/** What a code says in the words of a page, which has a button where the API has a parameter. */
function hint({ code, text }: { code: string; text: string }): string {
  return code === 'not_revealed' ? 'Viewers see it once they ask for it; it is recorded that they asked.' : text
}

function Email({
  visit,
  n,
  title,
  isRevealed,
  message,
}: MessageProps & { title: string; message: NonNullable<NotificationAudit['message']> }) {
  const form = visit.query.get('form') === 'text' ? 'text' : 'html'
  const frame = (more: Record<string, string> = {}) =>
    pathOf(`/dashboard/notifications/${n.id}/email`, { ...(isRevealed && { reveal: 'true' }), ...more })
  return (
    <Panel
      id="message"
      title={title}
      aside={
        !isRevealed && (
          <nav className="seg" aria-label="Form">
            {(['html', 'text'] as const).map((each) => (
              <a
                key={each}
                href={`/dashboard/notifications/${n.id}?form=${each}#message`}
                aria-current={each === form ? 'true' : undefined}
              >
                {each === 'html' ? 'HTML' : 'Plain text'}
              </a>
            ))}
          </nav>
        )
      }
    >
      <div className="in">
        <Facts
          rows={[
            ['To', n.to],
            ['Subject', <b key="subject">{message.subject}</b>],
          ]}
        />
      </div>
      {form === 'text' ? (
        <div className="in">
          <Code>{message.text}</Code>
        </div>
      ) : (
        <>
          <iframe
            className="frame-mail"
            src={frame()}
            sandbox=""
            referrerPolicy="no-referrer"
            title={`${title}, shown without scripts or remote content`}
          />
          <footer>
            Nothing is loaded from elsewhere, so looking here never counts as an opening.{' '}
            <a href={frame()}>Open it alone</a> · <a href={frame({ pictures: 'true' })}>Open it with its pictures</a>
          </footer>
        </>
      )}
    </Panel>
  )
}

function Code({ children }: { children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <pre className="code wrap" tabIndex={0}>
      {children}
    </pre>
  )
}

/** The email for its frame. Its pictures are loaded from their servers only where the reader asked for that. */
export async function emailDocument({ api, params, query }: Visit): Promise<PageAnswer> {
  const path = `/v1/notifications/${encodeURIComponent(params.id ?? '')}`
  const reveal = query.get('reveal') === 'true' ? 'true' : undefined
  const { message, messageReason } = await api.get<NotificationAudit>(pathOf(path, { include: 'message', reveal }))
  const html = message?.html
  if (html === null || html === undefined)
    throw new ApiRefusal({ code: 'not_found', status: 404, detail: messageReason?.text ?? 'It has no HTML.' })
  return { kind: 'document', html, pictures: query.get('pictures') === 'true' ? 'data: https:' : 'data:' }
}
