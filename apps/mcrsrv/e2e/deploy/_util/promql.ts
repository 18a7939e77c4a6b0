/** A metric that an expression asks for, with the labels that it looks at. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

/** The metrics of the server and of its process that a PromQL expression names. */
export function selectorsIn(expression: string): Selector[] {
  const found = expression.matchAll(/\b((?:registry|process|nodejs)_[a-z0-9_]+)(?:\{((?:"[^"]*"|[^}"])*)\})?/g);
  return [...found].map(([, metric = '', inner = '']) => ({
    metric,
    matchers: [...inner.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)].map(([, label = '', operator = '', value = '']) => ({
      label,
      operator,
      value,
    })),
  }));
}

/** The samples of a text exposition: per metric, the labels of each of its series. */
export function seriesIn(exposition: string): Map<string, Record<string, string>[]> {
  const series = new Map<string, Record<string, string>[]>();
  for (const [, metric = '', inner = ''] of exposition.matchAll(/^([a-z0-9_]+)(?:\{(.*)\})? \S+$/gm)) {
    const labels = Object.fromEntries([...inner.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
    series.set(metric, [...(series.get(metric) ?? []), labels]);
  }
  return series;
}
