// The font and colours of every email, light and dark, and the text colour for a brand's colour.

export const font = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

export const light = {
  ground: '#f2f3f4',
  card: '#ffffff',
  box: '#f2f3f4',
  text: '#16191d',
  second: '#56606c',
  rule: '#e3e6e9',
} as const

export const dark = {
  ground: '#101214',
  card: '#1b1e22',
  box: '#25292e',
  text: '#eceef0',
  second: '#b4bcc6',
  rule: '#3a4047',
} as const

/** White or near-black, whichever has more contrast on the brand's colour: at least 4.19, the worst case being a mid grey. */
export function onBrand(color: string): string {
  return contrast(light.card, color) >= contrast(light.text, color) ? light.card : light.text
}

/** The contrast that a bar needs against its background (WCAG 2.2, 1.4.11). */
const minBarContrast = 3

/** The brand's colour if its contrast suffices for a bar, else a grey; and whether it lacks contrast in dark mode. */
export function barOf(color: string): { color: string; isLostInDark: boolean } {
  const shown = contrast(color, light.box) >= minBarContrast ? color : light.second
  return { color: shown, isLostInDark: contrast(shown, dark.box) < minBarContrast }
}

/** The contrast ratio of two `#rrggbb` colours, 1 to 21 (WCAG 2.2). */
export function contrast(one: string, other: string): number {
  const [brighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (brighter + 0.05) / (darker + 0.05)
}

function luminance(color: string): number {
  const channel = (from: number) => {
    const value = Number.parseInt(color.slice(from, from + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}
