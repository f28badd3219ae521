/** Styles of the header's menu. */
export const panelMenuStyles = `
.menu-place { position: relative; }
.menu {
  position: absolute;
  inset-block-start: calc(100% + 4px);
  inset-inline-end: 0;
  z-index: 2;
  inline-size: max-content;
  max-inline-size: min(344px, 100vw - 72px);
  padding: 6px;
  border: 1px solid var(--_line);
  border-radius: 14px;
  background: var(--_surface);
  box-shadow: 0 2px 6px #00000014, 0 12px 32px #0000002e;
}
.menu button {
  display: flex;
  align-items: center;
  justify-content: space-between;
  gap: 16px;
  inline-size: 100%;
  min-block-size: 44px;
  padding: 8px 12px;
  border-radius: 9px;
}
.menu button:not([aria-disabled]):hover { background: var(--_raised); }
.menu [aria-disabled] { color: var(--_muted); cursor: default; }
.menu button:focus-visible { outline-offset: -2px; }
.switch { flex: none; box-sizing: border-box; inline-size: 36px; padding: 3px; border: 1px solid var(--_edge); border-radius: 11px; }
.switch::before { content: ''; display: block; inline-size: 14px; block-size: 14px; border-radius: 50%; background: var(--_edge); }
[aria-checked=true] > .switch { border-color: var(--_accent); background: var(--_accent); }
[aria-checked=true] > .switch::before { margin-inline-start: auto; background: var(--_on-accent); }
.menu-hint { display: block; color: var(--_muted); font-size: 13px; }
.menu [role='group']:not(:last-child) { margin-block-end: 6px; padding-block-end: 6px; border-block-end: 1px solid var(--_line); }
.menu-title { padding: 8px 12px 2px; color: var(--_muted); font-size: 13px; }
.menu-problem { margin: 0; padding: 4px 12px 8px; color: var(--_danger); font-size: 13px; }
.menu-problem:empty { display: none; }
@media (forced-colors: active) { .menu { border-color: CanvasText; } .switch { forced-color-adjust: none; border-color: ButtonText; } .switch::before { background: ButtonText; } [aria-checked=true] > .switch { background: Highlight; } [aria-checked=true] > .switch::before { background: HighlightText; } .menu [aria-disabled] { color: GrayText; } }
`
