/** Says what to do where an example has no server, and takes an address. */
import { defineComponent, h, ref } from 'vue'
import { chooseServer, type DemoServer, useDemoServer } from './demo-server.ts'

const reason = (server: DemoServer) =>
  server.status === 'missing' && server.url !== ''
    ? `There is no chat server at ${server.url}.`
    : 'This copy of the site was built without a chat server for its examples.'

export const ServerMissing = defineComponent({
  name: 'ServerMissing',
  setup() {
    const server = useDemoServer()
    const address = ref('http://127.0.0.1:8080')
    const submit = (event: Event) => {
      event.preventDefault()
      void chooseServer(address.value)
    }
    return () =>
      h('div', { class: 'server-missing' }, [
        h('p', reason(server.value)),
        h('p', [
          'In a clone of the repository, ',
          h('code', 'npx --yes pnpm@12 run docs'),
          ' shows these pages with one. For pages on your own machine, ',
          h('code', 'npx @chat-widget/server --dev'),
          ' is one too; any other has to allow the origin of this page in its app ',
          h('code', 'demo'),
          '.',
        ]),
        h('form', { onSubmit: submit }, [
          h('label', { for: 'demo-server' }, 'Address of the server'),
          h('input', {
            id: 'demo-server',
            type: 'url',
            required: true,
            value: address.value,
            onInput: (event: Event) => {
              address.value = (event.target as HTMLInputElement).value
            },
          }),
          h('button', { class: 'example-button', type: 'submit' }, 'Use it'),
        ]),
      ])
  },
})
