// Text that should not break across lines, such as an order number or an amount.

/** Bold and unbroken, unless it would be wider than a phone's screen. */
export function Whole({ children }: { children?: string }) {
  return <b style={(children ?? '').length > 24 ? {} : { whiteSpace: 'nowrap' }}>{children}</b>
}
