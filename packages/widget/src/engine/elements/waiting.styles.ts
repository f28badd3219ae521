/** Styles of the sign that a conversation is being loaded. */
export const waitingStyles = `
.waiting { display: grid; gap: 10px; animation: waiting 1.6s ease-in-out 2 alternate; }
.waiting i { inline-size: 62%; block-size: 40px; border-radius: 18px; background: var(--_raised); }
.waiting i:nth-child(2) { inline-size: 44%; justify-self: end; }
.waiting i:nth-child(3) { block-size: 62px; }
@keyframes waiting { to { opacity: .45; } }
.not-loaded { display: grid; flex: 1; place-content: center; justify-items: center; gap: 8px; padding: 24px; text-align: center; text-wrap: balance; color: var(--_muted); }
.not-loaded .link { min-block-size: 32px; }
@media (prefers-reduced-motion: reduce) { .waiting { animation: none; } }
@media (forced-colors: active) { .waiting i { border: 1px solid GrayText; } }
`
