/** Long polling, in a chunk of its own: loaded if WebSocket fails. */
export { NodeXHR } from 'socket.io-client'
