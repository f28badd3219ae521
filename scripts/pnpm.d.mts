export function pnpm(...args: readonly string[]): [string, string[]]
