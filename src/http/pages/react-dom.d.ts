// The type of the one react-dom function that the pages use, as the package has no types of its own.
declare module 'react-dom/server' {
  export function renderToStaticMarkup(element: import('react').ReactElement): string
}
