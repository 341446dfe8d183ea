// The one function of react-dom that pages are made with, as the package brings no types. page.tsx calls it.
declare module 'react-dom/server' {
  export function renderToStaticMarkup(element: import('react').ReactElement): string
}
