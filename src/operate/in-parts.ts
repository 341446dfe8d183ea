// Splits a list, so that what is done for each part keeps to its measure of time and memory.

export function* inParts<T>(list: T[], atOnce: number): Generator<T[]> {
  for (let from = 0; from < list.length; from += atOnce) yield list.slice(from, from + atOnce)
}
