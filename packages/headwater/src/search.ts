/**
 * Full-text search, by its own entry: a model that declares a search index imports this; what indexes and searches is
 * loaded only where it folds, by the worker.
 */
export * from '@headwater/views/search'
