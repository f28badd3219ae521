/** Long polling, in a chunk of its own: loaded only if WebSocket is blocked. */
export { NodeXHR as PollingTransport } from 'engine.io-client'
