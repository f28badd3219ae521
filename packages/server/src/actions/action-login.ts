/** What the login card of an action says, whoever asked for the action. */
export const ACTION_LOGIN = { text: 'Please sign in to continue.', button: 'Sign in' } as const
