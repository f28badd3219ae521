import vue from '@vitejs/plugin-vue'

export default {
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'chat-widget' } } })],
  // Your site serves the page and the token endpoint; here they are two processes.
  server: { proxy: { '/chat-token': 'http://localhost:8081' } },
}
