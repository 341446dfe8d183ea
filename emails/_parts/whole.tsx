// Words that stay in one piece: an order number, an amount. blocks.tsx and words.ts put them into sentences.

/** Bold and unbroken, unless that piece would be wider than a phone. */
export function Whole({ children }: { children?: string }) {
  return <b style={(children ?? '').length > 24 ? {} : { whiteSpace: 'nowrap' }}>{children}</b>
}
