/** Types of axe-run.mjs, for the tests that use it. */
export const RUN: { readonly resultTypes: string[]; readonly preload: { readonly assets: string[] } }
