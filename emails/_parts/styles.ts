// Inline styles shared by the blocks: many mail clients drop style sheets.
import type { CSSProperties } from 'react'
import { font } from './tokens.ts'

/** A layout table, which screen readers ignore. */
export const table = { role: 'presentation', cellPadding: 0, cellSpacing: 0, border: 0 } as const

export function sized(sizePx: number, linePx: number, color: string): CSSProperties {
  return { fontFamily: font, fontSize: `${sizePx}px`, lineHeight: `${linePx}px`, color }
}

/** A background given twice: Outlook reads the attribute, other clients the style. */
export function fill(color: string, style: CSSProperties = {}): { style: CSSProperties } {
  const attribute = { bgcolor: color }
  return { ...attribute, style: { backgroundColor: color, ...style } }
}
