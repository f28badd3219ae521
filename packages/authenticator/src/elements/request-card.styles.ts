/** Styles of one request. */
import { css } from 'lit'

export const requestCardStyles = css`
  article {
    border-color: var(--accent);
    box-shadow: var(--shadow-raised);
  }

  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.25rem 1rem;
  }

  .app {
    display: flex;
    align-items: center;
    gap: 0.625rem;
    font-weight: 600;
  }

  .mark {
    display: grid;
    flex: none;
    place-items: center;
    inline-size: 2rem;
    block-size: 2rem;
    border-radius: 9px;
    background: var(--accent-surface);
    font-weight: 700;
  }

  .timer {
    color: var(--ink-soft);
    font-size: 0.9375rem;
  }

  .timer time {
    color: var(--ink);
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }

  h3 {
    margin-block: 1rem 0.25rem;
    font-size: 1.5rem;
    font-weight: 600;
    line-height: 1.25;
    letter-spacing: -0.01em;
  }

  .facts {
    margin-block: 1.25rem;
    padding: 0.875rem 1rem;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--surface-quiet);
  }

  .facts.claimed {
    border-color: var(--warn-line);
    border-inline-start-width: 0.375rem;
    background: var(--warn-surface);
  }

  h4 {
    font-size: 0.9375rem;
    font-weight: 600;
  }

  .facts p {
    color: var(--warn);
    font-size: 0.9375rem;
  }

  dl {
    display: grid;
    gap: 0.5rem 1rem;
    margin-block-start: 0.625rem;
  }

  @media (min-width: 24rem) {
    dl {
      grid-template-columns: fit-content(40%) 1fr;
    }
    dl > div {
      display: grid;
      grid-column: span 2;
      grid-template-columns: subgrid;
    }
  }

  /* Room for addresses, which break badly. */
  @media (max-width: 30rem) {
    .facts {
      padding-inline: 0.75rem;
    }
    dl {
      column-gap: 0.75rem;
    }
  }

  dt {
    color: var(--ink-soft);
  }

  .claimed dt {
    color: inherit;
  }

  dd {
    font-weight: 600;
  }

  .advice {
    font-weight: 600;
  }

  .code {
    margin-block-start: 1.25rem;
  }

  .code .error {
    margin-block: 0.25rem;
  }

  .code input {
    inline-size: 100%;
    max-inline-size: 13rem;
    min-block-size: 3.25rem;
    margin-block-start: 0.5rem;
    border-width: 2px;
    font: 600 1.5rem / 1.2 var(--font-code);
    letter-spacing: 0.2em;
  }

  .answers {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 9rem), 1fr));
    gap: 0.75rem;
    margin-block-start: 1.5rem;
  }

  .answers .button {
    min-block-size: 3.25rem;
    padding-inline: 0.5rem;
    border: 2px solid transparent;
  }

  .answers .approve {
    background: var(--accent);
    color: var(--accent-ink);
  }

  .answers .approve:hover {
    background: var(--accent-hover);
  }

  /* As prominent as the other: it is no less an answer. */
  .answers .deny {
    background: var(--deny);
    color: var(--deny-ink);
  }

  .answers .deny:hover {
    background: var(--deny-hover);
  }

  #problem p {
    margin-block-start: 1rem;
  }

  .mute {
    margin-block-start: 1.25rem;
    padding-block-start: 1.25rem;
    border-block-start: 1px solid var(--line);
  }

  .mute .button {
    inline-size: 100%;
  }

  .mute p {
    margin-block-start: 0.5rem;
  }

  .end {
    display: grid;
    grid-template-columns: auto 1fr auto;
    gap: 0.75rem;
    align-items: start;
    border-color: var(--line);
    box-shadow: var(--shadow);
  }

  .end .icon {
    display: grid;
    place-items: center;
    inline-size: 2rem;
    block-size: 2rem;
    border-radius: 50%;
    background: var(--surface-hover);
    color: var(--ink-soft);
  }

  .end .icon.good {
    background: var(--good-surface);
    color: var(--good);
  }

  .end .icon.warn {
    background: var(--warn-surface);
    color: var(--warn);
  }

  .end h3 {
    margin: 0;
    font-size: 1.0625rem;
    letter-spacing: normal;
  }

  @media (forced-colors: active) {
    .answers .button {
      border-color: ButtonText;
    }
    .mark {
      border: 1px solid;
    }
  }
`
