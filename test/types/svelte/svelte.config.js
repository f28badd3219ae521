/** An empty configuration: svelte-check would take the repository's for Vite. */
export default {}
