// An SMS as a phone shows it.
import type { ReactNode } from 'react'
import { Panel } from './parts.tsx'

/** `children`: what stands beneath the text. */
export function SmsBubble({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className="bubble">
      <p className="sms">{text}</p>
      {children}
    </div>
  )
}

export function SmsPanel({ title, text, id = 'sms', children }: SmsPanelProps) {
  return (
    <Panel id={id} title={title}>
      <div className="in">
        <SmsBubble text={text}>{children}</SmsBubble>
      </div>
    </Panel>
  )
}

interface SmsPanelProps {
  title: string
  text: string
  id?: string
  children?: ReactNode
}
