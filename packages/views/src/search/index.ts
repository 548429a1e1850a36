// Placeholder until the search view arrives.
export {}
