// What the dashboard says of the reasons for which addresses are suppressed.
export { listingText } from '../show/listing.ts'
