// Collects the values of a statement's parameters.

export function parameters() {
  const values: unknown[] = []
  /** Returns the placeholder of the value. */
  const add = (value: unknown) => `$${values.push(value)}`
  return { values, add }
}
export type Add = ReturnType<typeof parameters>['add']

/** A filter's conditions: for each of its fields, a condition on the placeholder of the field's value. */
export type Clauses<Filter> = Record<keyof Filter, (value: string) => string>

/** The conditions of the fields that a filter has. */
export function conditionsOf<Filter extends object>(clauses: Clauses<Filter>, filter: Filter, add: Add): string[] {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined)
  return given.map(([name, value]) => clauses[name as keyof Filter](add(value)))
}
