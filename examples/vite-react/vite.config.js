/** Your site serves the page and the token endpoint; here they are two processes. */
export default { server: { proxy: { '/chat-token': 'http://localhost:8081' } } }
