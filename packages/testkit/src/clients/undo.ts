import { onAbruptEnd } from '../abrupt-end.ts';

/** Has `undo` done when `resources` are disposed, or when this process ends before that. It must be synchronous. */
export function deferUndo(resources: AsyncDisposableStack, undo: () => void): void {
  const forget = onAbruptEnd(undo);
  resources.defer(() => {
    forget();
    undo();
  });
}
