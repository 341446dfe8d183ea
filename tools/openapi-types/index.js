// openapi-typescript, with the compiler that it needs.
export { astToString, default } from 'openapi-typescript'
