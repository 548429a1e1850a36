// Placeholder until this package's source arrives.
export {}
