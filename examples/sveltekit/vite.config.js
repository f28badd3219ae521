import { sveltekit } from '@sveltejs/kit/vite'

export default {
  plugins: [sveltekit()],
  // Your site serves the page and the token endpoint; here they are two processes.
  server: { proxy: { '/chat-token': 'http://localhost:8081' } },
}
