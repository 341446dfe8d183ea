// Styles that the parts share. Each element carries its own: many clients drop the style sheet.
import type { CSSProperties } from 'react'
import { font } from './tokens.ts'

/** A table for layout only, which a screen reader passes over. */
export const table = { role: 'presentation', cellPadding: 0, cellSpacing: 0, border: 0 } as const

export function sized(sizePx: number, linePx: number, color: string): CSSProperties {
  return { fontFamily: font, fontSize: `${sizePx}px`, lineHeight: `${linePx}px`, color }
}

/** A fill said twice: Outlook believes the attribute, the others the style. */
export function fill(color: string, style: CSSProperties = {}): { style: CSSProperties } {
  const attribute = { bgcolor: color }
  return { ...attribute, style: { backgroundColor: color, ...style } }
}
