type NullableKeys<Row> = { [Key in keyof Row]-?: null extends Row[Key] ? Key : never }[keyof Row];

/** A row with its `NULL` columns left out. */
export type WithoutNulls<Row> = Omit<Row, NullableKeys<Row>> & {
  [Key in NullableKeys<Row>]?: NonNullable<Row[Key]>;
};

/** Leaves out the columns that are `NULL`: the store's records have absent properties instead. */
export function withoutNulls<Row extends object>(row: Row): WithoutNulls<Row> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as WithoutNulls<Row>;
}
