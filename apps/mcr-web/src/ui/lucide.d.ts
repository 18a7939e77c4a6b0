/** The package has types of its whole list only, which would be loaded for a few icons. */
declare module 'lucide/dist/esm/icons/*' {
  /** The elements of an icon of 24 by 24. */
  const icon: readonly (readonly [tag: string, attributes: Readonly<Record<string, string>>])[];
  export default icon;
}
