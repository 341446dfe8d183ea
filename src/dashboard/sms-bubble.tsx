// An SMS as a phone shows it.
import type { ReactNode } from 'react'

/** `children`: what stands beneath the text. */
export function SmsBubble({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className="bubble">
      <p className="sms">{text}</p>
      {children}
    </div>
  )
}
