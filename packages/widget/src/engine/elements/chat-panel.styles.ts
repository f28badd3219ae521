/** Styles of the panel's content. */
export const panelStyles = `
:host { display: flex; flex-direction: column; flex: 1; min-block-size: 0; min-inline-size: 0; }
.header {
  display: flex;
  align-items: center;
  gap: 2px;
  min-block-size: 64px;
  padding-block: max(8px, env(safe-area-inset-top)) 8px;
  padding-inline: calc(20px + var(--_side-room)) calc(8px + var(--_side-room));
  border-block-end: 1px solid var(--_line);
}
[part='conversations'] { margin-inline-start: -14px; }
:host(:dir(rtl)) [part='conversations'] svg { scale: -1 1; }
h2 {
  flex: 1;
  margin: 0;
  min-inline-size: 0;
  font-size: 16px;
  font-weight: 650;
  letter-spacing: -.005em;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}
@media (max-width: 340px) { slot { display: none; } }
.problem { display: grid; flex: 1; place-content: center; justify-items: center; gap: 8px; padding: 32px; text-align: center; text-wrap: balance; }
.problem strong { font-size: 18px; font-weight: 650; }
.problem span { color: var(--_muted); }
`
