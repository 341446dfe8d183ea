// Says in English why an address is suppressed.
export { listingText } from '../show/listing.ts'
