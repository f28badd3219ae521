/** Your site serves the pages and the token endpoint; here they are two processes. */
export default {
  rewrites: async () => [{ source: '/chat-token', destination: 'http://localhost:8081/chat-token' }],
}
