/** The looks of the page: the colors of the web UI, light and dark as the reader's system has it. */
export const style = `
:root {
  color-scheme: light dark;
  --bg: light-dark(#ffffff, #14171a);
  --text: light-dark(#1a1d21, #e4e7eb);
  --muted: light-dark(#59616b, #9aa4b0);
  --divider: light-dark(#d5dae1, #343b44);
  --ok: light-dark(#17692f, #7fd897);
  --bad: light-dark(#a8201a, #ff9d94);
  --c0: light-dark(#0b5cad, #7ab7ff);
  --c1: light-dark(#b06f00, #f0c36a);
  --c2: light-dark(#9aa4b0, #59616b);
  --c3: light-dark(#6b3fa0, #c7a6ff);
  --c4: light-dark(#17692f, #7fd897);
}
body { margin: 0 auto; max-width: 1160px; padding: 24px; background: var(--bg); color: var(--text);
  font: 400 1rem/1.45 system-ui, sans-serif; }
h2 { margin-top: 48px; }
li, .about { max-width: 75ch; }
figure { margin: 16px 0; flex: 1 1 480px; max-width: 620px; }
figcaption { font-weight: 600; margin-bottom: 8px; }
.charts { display: flex; flex-wrap: wrap; gap: 0 32px; }
figure.small { flex: none; width: 330px; }
svg { width: 100%; height: auto; font-size: 11px; fill: var(--text); }
svg .title { font-weight: 600; font-size: 12px; }
svg .end { text-anchor: end; fill: var(--muted); }
svg .middle { text-anchor: middle; }
svg .range { stroke: var(--text); stroke-width: 1.5; }
svg .axis { stroke: var(--divider); }
svg .line { fill: none; stroke: var(--c0); stroke-width: 2; }
svg .c0 { fill: var(--c0); }
svg .c1 { fill: var(--c1); }
svg .c2 { fill: var(--c2); }
svg .c3 { fill: var(--c3); }
svg .c4 { fill: var(--c4); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 12px 4px 0; text-align: left; border-bottom: 1px solid var(--divider); white-space: nowrap; }
td:nth-child(n + 3) { text-align: right; }
th:nth-child(n + 3) { text-align: right; }
.warning { max-width: 75ch; padding: 8px 16px; border: 2px solid var(--bad); color: var(--bad); font-weight: 600; }
.warning ul { margin: 4px 0; font-weight: 400; }
.met { color: var(--ok); }
.missed { color: var(--bad); font-weight: 600; }
`;
