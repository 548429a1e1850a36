// Two assertions about types, checked by the compiler and doing nothing at run time: `same<A, B>()` compiles only
// when A and B are the same type. What must not compile stands under a `@ts-expect-error` with its reason.

export type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2
    ? true
    : { readonly got: A; readonly wanted: B }

export function same<A, B>(_proof: Same<A, B>): void {}

/** The type that a query or a promise answers with. */
export type Answer<T> = T extends PromiseLike<infer Value> ? Value : never
