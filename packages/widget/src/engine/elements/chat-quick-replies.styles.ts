/** Styles of quick replies. */
export const quickRepliesStyles = `
:host { display: block; }
.choices { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 8px; padding-block: 14px 4px; padding-inline-start: 12%; }
button {
  display: inline-grid;
  place-items: center;
  max-inline-size: 100%;
  min-block-size: 40px;
  padding: 8px 16px;
  border: 1px solid var(--_ring);
  border-radius: 20px;
  background: var(--_surface);
  color: var(--_text);
  font-weight: 500;
  line-height: 20px;
  text-align: center;
  transition: background .15s, color .15s, scale .12s;
  animation: rise .22s cubic-bezier(.2, .8, .3, 1) backwards;
}
button:nth-child(2) { animation-delay: 30ms; }
button:nth-child(3) { animation-delay: 60ms; }
button:nth-child(n + 4) { animation-delay: 90ms; }
@keyframes rise { from { opacity: 0; translate: 0 6px; } }
button:hover { background: var(--_accent); border-color: var(--_accent); color: var(--_on-accent); }
button:active { scale: .97; }
@media (forced-colors: active) { button { border-color: ButtonText; } }
`
