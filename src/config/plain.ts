const MAX_SHOWN = 60;
const HIDDEN = '(not shown)';
/** Under these names stand secrets; headers carry them too. */
const SECRET_NAMES: ReadonlySet<string | number> = new Set(['secret', 'secrets', 'headers']);

/** Plain data from YAML; maps have no prototype, keys are always text. */
export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };
export type Path = readonly (string | number)[];

/** The setting a path names: `menus.main.prompts[0]`. */
export function settingOf(path: Path): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`,
    )
    .join('');
}

/** The data at a path; undefined if there is none. */
export function valueAt(data: Plain, path: Path): Plain | undefined {
  let value: Plain | undefined = data;
  for (const part of path) {
    if (Array.isArray(value)) value = value[Number(part)];
    else if (typeof value === 'object' && value !== null) value = value[String(part)];
    else return undefined;
  }
  return value;
}

/** A value as shown in a problem: short, on one line, secrets hidden. */
export function shown(value: Plain | undefined, path: Path): string | undefined {
  if (value === undefined) return undefined;
  if (path.some((part) => SECRET_NAMES.has(part))) return HIDDEN;
  const text = JSON.stringify(value, (key, inner: unknown) =>
    SECRET_NAMES.has(key) ? HIDDEN : inner,
  );
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** A copy of `data` with another value at `path`; maps on the way are made as needed. */
export function withValue(data: Plain, path: Path, value: Plain): Plain {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (Array.isArray(data)) {
    return data.map((item, index) => (index === first ? withValue(item, rest, value) : item));
  }
  const map: { [key: string]: Plain } = Object.assign(Object.create(null), data);
  map[String(first)] = withValue(map[String(first)] ?? null, rest, value);
  return map;
}
