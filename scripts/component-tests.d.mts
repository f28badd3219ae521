import 'vitest'

declare module 'vitest' {
  interface Matchers<T> {
    /** Rejects with what axe finds wrong. */
    accessible(options?: { readonly ignoredRules?: readonly string[] }): Promise<T>
  }
}
