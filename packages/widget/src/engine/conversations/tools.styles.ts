/** Styles of what the list of conversations adds to the panel. */
export const toolsStyles = `
[part='conversations'] { grid-auto-flow: column; gap: 2px; inline-size: auto; min-inline-size: 44px; padding-inline: 6px; }
[part='conversations']::after {
  content: var(--_elsewhere, none);
  min-inline-size: 18px;
  padding-inline: 4px;
  border-radius: 9px;
  background: #c8232c;
  color: #fff;
  font-size: 11px;
  font-weight: 600;
  line-height: 18px;
  text-align: center;
}
/* The conversation keeps its place and its size; visibility takes it from readers and from the keyboard. */
:host { position: relative; }
:host([home]) > :not(.header, chat-widget-home) { visibility: hidden; }
:host([home]) slot[name='header-logo'] { display: none; }
:host([home]) h2 { margin-inline-start: 8px; }
chat-widget-home { position: absolute; inset: 0; }
:host(:not([home])) chat-widget-home { visibility: hidden; }
`
