/** Chat from the agents' side: the client of the console. */
export {}
