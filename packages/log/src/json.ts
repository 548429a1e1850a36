/**
 * JSON as the log's data model: what an event's data and a fold's rows are made of.
 *
 * `checkJson` refuses, with the path of the fault, whatever JSON cannot carry exactly (`undefined` in an array, `-0`,
 * `NaN`, dates, maps, functions, cycles, class instances). It recurses by an explicit stack, so that 10,000 levels of
 * nesting are an answer and no stack overflow.
 */

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
/** Steps from the root to a value: property names and array indexes. */
export type JsonPath = readonly (string | number)[]

/** A fault found in data: where, and what stands there. */
export interface JsonFault {
  readonly path: JsonPath
  /** What stands there, in words: `"a Date"`, `"-0"`. */
  readonly found: string
}
