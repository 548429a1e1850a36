/**
 * The entry of full-text search: the builder of definitions, and nothing heavy. What indexes and searches is loaded by the
 * side that folds.
 */
export { type SearchFields, type SearchViewOptions, search, type TextField } from './define.ts'
