/** Text of an action's login card, for actions of bots and of agents. */
export const ACTION_LOGIN = { text: 'Please sign in to continue.', button: 'Sign in' } as const
