// The head of a page, with the way back to where it belongs.
import type { ReactNode } from 'react'

export function Head({ title, crumb, children }: { title: string; crumb?: ReactNode; children?: ReactNode }) {
  return (
    <div className="head">
      <div>
        {crumb && <p className="crumb">{crumb}</p>}
        <h1>{title}</h1>
      </div>
      {children}
    </div>
  )
}
