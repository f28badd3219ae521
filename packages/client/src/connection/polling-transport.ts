/** Long polling, in a chunk of its own: loaded only where WebSocket does not get through. */
export { NodeXHR as PollingTransport } from 'engine.io-client'
