export interface Parameter {
  readonly name: string
  readonly isNumber: boolean
}

/** The value of a key in a table: a string, or a function of its parameters. `isolate`: of a right-to-left language. */
export function compileMessage(
  text: string,
  scope: { readonly parameters: readonly Parameter[]; readonly isolate: boolean },
): string
