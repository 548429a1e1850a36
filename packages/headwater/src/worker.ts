// Placeholder until the worker entry arrives.
export {}
