/**
 * The map that a table keeps its rows in, by row key. What is kept beside it has files of its own: `history.ts`, and
 * `index-part.ts` for the indexes.
 */

/** Row key → row. */
export const ROWS = 'rows'
