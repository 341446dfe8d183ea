// The icons, drawn as strokes in a square of 16.

export const strokes = {
  arrow: 'M2.5 8h10M8.5 4l4 4-4 4',
  ask: 'M2 8a6 6 0 1 0 12 0a6 6 0 1 0 -12 0M6.2 6.4a1.85 1.85 0 113 1.45C8.5 8.4 8 8.7 8 9.5M8 11.6h.01',
  back: 'M5.6 3L2.5 6.1l3.1 3.1M2.8 6.1h6.4a3.7 3.7 0 010 7.4H6',
  book: 'M2.4 2.6h4.2c.8 0 1.4.6 1.4 1.4v9.4c0-.7-.6-1.2-1.4-1.2H2.4zM13.6 2.6H9.4C8.6 2.6 8 3.2 8 4v9.4c0-.7.6-1.2 1.4-1.2h4.2z',
  cal: 'M2 3h12v11h-12zM2 6.6h12M5.4 1.6v2.6M10.6 1.6v2.6',
  check: 'M3 8.6l3.3 3.3L13 4.6',
  checks: 'M1.2 8.8l3 3L10 5.2M7.2 11.2l.6.6 7-6.8',
  clock: 'M2 8a6 6 0 1 0 12 0a6 6 0 1 0 -12 0M8 4.8V8l2.2 1.6',
  closed: 'M1.2 8h13.6M5.4 5v6M10.6 5v6',
  cross: 'M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4',
  dots: 'M2 8a6 6 0 1 0 12 0a6 6 0 1 0 -12 0M5.4 8h.01M8 8h.01M10.6 8h.01',
  event: 'M9 1.8L3.2 9H8l-1 5.2L12.8 7H8z',
  eye: 'M1.4 8S3.8 3.8 8 3.8 14.6 8 14.6 8 12.2 12.2 8 12.2 1.4 8 1.4 8zM6.1 8a1.9 1.9 0 1 0 3.8 0a1.9 1.9 0 1 0 -3.8 0',
  glass: 'M4 2h8M4 14h8M4.8 2c0 3 3.2 4.2 3.2 6s-3.2 3-3.2 6M11.2 2c0 3-3.2 4.2-3.2 6s3.2 3 3.2 6',
  half: 'M1.2 8h4.2M10.6 8h4.2M5.4 4.5v7M10.6 4.5v7M8 8h.01',
  home: 'M2 13.5h12M3.5 11V8.5M6.5 11V5M9.5 11V7M12.5 11V3',
  info: 'M2 8a6 6 0 1 0 12 0a6 6 0 1 0 -12 0M8 7.4v3.4M8 5.2h.01',
  later: 'M13.6 8.6A5.6 5.6 0 112.5 7.2M2.2 3.6v3.6h3.6M8 5v3.2l2 1.3',
  loop: 'M2.6 7A5.5 5.5 0 0112.7 5M13.4 9A5.5 5.5 0 013.3 11M12.9 2v3.2H9.7M3.1 14v-3.2h3.2',
  mail: 'M1.8 3.2h12.4v9.6h-12.4zM2.2 4.4L8 9l5.8-4.6',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  merge: 'M2 3.5h2c3 0 3 4.5 5 4.5h4.5M2 12.5h2c3 0 3-4.5 5-4.5M11.2 5.6L13.6 8l-2.4 2.4',
  opened: 'M1.2 8h4.2M10.6 8h4.2M5.4 4.5v7M10.6 4.5v7',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  pen: 'M2.4 13.6l.7-3L10.6 3a1.6 1.6 0 012.3 2.3l-7.5 7.6z',
  person: 'M5.2 5.2a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0 -5.6 0M2.8 14c.5-3 2.6-4.4 5.2-4.4s4.7 1.4 5.2 4.4',
  plug: 'M5.5 1.8v3.4M10.5 1.8v3.4M3.6 5.2h8.8v2.4a4.4 4.4 0 01-8.8 0zM8 12v2.4',
  search: 'M2.4 7a4.6 4.6 0 1 0 9.2 0a4.6 4.6 0 1 0 -9.2 0M10.4 10.4l3.6 3.6',
  shield: 'M8 1.8l5 1.8v3.9c0 3.2-2.1 5.6-5 6.7-2.9-1.1-5-3.5-5-6.7V3.6zM5.6 8h4.8',
  slash: 'M2 8a6 6 0 1 0 12 0a6 6 0 1 0 -12 0M3.8 12.2l8.4-8.4',
  warn: 'M8 2l6.4 11.6H1.6zM8 6.4v3.4M8 11.8h.01',
} as const

export type IconName = keyof typeof strokes

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="ico" viewBox="0 0 16 16" aria-hidden="true">
      <path d={strokes[name]} />
    </svg>
  )
}

/** The mark: a coiled post horn. */
export function Mark() {
  return (
    <svg viewBox="0 0 28 28" aria-hidden="true">
      <rect width="28" height="28" rx="6" fill="currentColor" />
      <g fill="none" className="horn" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round">
        <path d="M4.6 7.6v3.8M4.6 9.5h8a5.5 5.5 0 110 11 5.5 5.5 0 110-11" />
        <path d="M12.6 20.5h4.4l5.6-3.6v7.2L17 20.5" className="bell" />
      </g>
    </svg>
  )
}
