// Placeholder until the search entry arrives.
export {}
