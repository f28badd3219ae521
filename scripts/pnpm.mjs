/** How scripts call pnpm: as they were called by it, or by npx, which takes a second longer. */
const isHere = /^pnpm\/12\./.test(process.env.npm_config_user_agent ?? '')

/**
 * A command and its arguments.
 * @param {string[]} args
 * @returns {[string, string[]]}
 */
export const pnpm = (...args) => (isHere ? ['pnpm', args] : ['npx', ['--yes', 'pnpm@12', ...args]])
