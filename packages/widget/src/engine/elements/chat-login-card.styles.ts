/** Styles of the login card. */
export const loginCardStyles = `
:host { display: block; inline-size: min(100%, 320px); }
.card {
  display: flex;
  flex-direction: column;
  padding: 16px;
  border: 1px solid var(--_line);
  border-radius: 16px;
  background: var(--_surface);
  box-shadow: 0 1px 3px #0000000f;
}
.text { white-space: pre-wrap; overflow-wrap: anywhere; text-align: -webkit-match-parent; text-align: match-parent; }
.card:focus { outline: none; }
.status:not(:empty), .button { margin-block-start: 14px; }
.status { display: flex; align-items: center; gap: 8px; color: var(--_muted); font-size: 14px; }
.status.done { color: var(--_ok); font-weight: 600; }
.status.bad { color: var(--_danger); }
.status svg { flex: none; inline-size: 18px; block-size: 18px; }
.button { inline-size: 100%; }
.spinner {
  flex: none;
  inline-size: 16px;
  block-size: 16px;
  border: 2px solid var(--_line);
  border-block-start-color: var(--_text);
  border-radius: 50%;
  animation: spin .9s linear 5;
}
@keyframes spin { to { rotate: 360deg; } }
`
