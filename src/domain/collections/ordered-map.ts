/**
 * An immutable map kept in the order of its keys, as a weight-balanced tree (S. Adams, 1992; the
 * parameters are those proved by Y. Hirai and K. Yamamoto, 2011). Each change shares all but
 * O(log n) nodes with the map it came from; place, look-up, first and change cost O(log n).
 */
export interface OrderedMap<Key, Value> {
  readonly compare: Compare<Key>;
  readonly root: Node<Key, Value> | undefined;
}

/** Negative if `a` comes before `b`, 0 if they are the same key. */
export type Compare<Key> = (a: Key, b: Key) => number;

interface Node<Key, Value> {
  readonly key: Key;
  readonly value: Value;
  readonly size: number;
  readonly left: Tree<Key, Value>;
  readonly right: Tree<Key, Value>;
}
type Tree<Key, Value> = Node<Key, Value> | undefined;

/** The largest weight one side may have, as a multiple of the other's. */
const DELTA = 3;
/** Below this ratio of the inner to the outer grandchild one rotation is enough. */
const GAMMA = 2;

/** A map without entries. */
export function emptyOrderedMap<Key, Value>(compare: Compare<Key>): OrderedMap<Key, Value> {
  return { compare, root: undefined };
}

/** Number of entries. O(1). */
export function sizeOf<Key, Value>(map: OrderedMap<Key, Value>): number {
  return size(map.root);
}

/** The value at `key`, if there is one. O(log n). */
export function valueAt<Key, Value>(map: OrderedMap<Key, Value>, key: Key): Value | undefined {
  let node = map.root;
  while (node !== undefined) {
    const order = map.compare(key, node.key);
    if (order === 0) return node.value;
    node = order < 0 ? node.left : node.right;
  }
  return undefined;
}

/** How many keys come before `key`, whether or not it is in the map. O(log n). */
export function countBefore<Key, Value>(map: OrderedMap<Key, Value>, key: Key): number {
  let node = map.root;
  let count = 0;
  while (node !== undefined) {
    if (map.compare(key, node.key) <= 0) {
      node = node.left;
    } else {
      count += size(node.left) + 1;
      node = node.right;
    }
  }
  return count;
}

/** The value of the smallest key. O(log n). */
export function firstValue<Key, Value>(map: OrderedMap<Key, Value>): Value | undefined {
  let node = map.root;
  while (node?.left !== undefined) node = node.left;
  return node?.value;
}

/** The map with `value` at `key`. O(log n). */
export function withEntry<Key, Value>(
  map: OrderedMap<Key, Value>,
  key: Key,
  value: Value,
): OrderedMap<Key, Value> {
  return { compare: map.compare, root: insert(map.root, map.compare, key, value) };
}

/** The map without `key`; the same map if it was not there. O(log n). */
export function withoutEntry<Key, Value>(
  map: OrderedMap<Key, Value>,
  key: Key,
): OrderedMap<Key, Value> {
  const root = remove(map.root, map.compare, key);
  return root === map.root ? map : { compare: map.compare, root };
}

/** All values in the order of their keys. */
export function* valuesInOrder<Key, Value>(map: OrderedMap<Key, Value>): Generator<Value> {
  const path: Node<Key, Value>[] = [];
  let node = map.root;
  while (node !== undefined || path.length > 0) {
    while (node !== undefined) {
      path.push(node);
      node = node.left;
    }
    const next = path.pop();
    if (next === undefined) return;
    yield next.value;
    node = next.right;
  }
}

function size<Key, Value>(tree: Tree<Key, Value>): number {
  return tree === undefined ? 0 : tree.size;
}

function weight<Key, Value>(tree: Tree<Key, Value>): number {
  return size(tree) + 1;
}

function nodeOf<Key, Value>(
  key: Key,
  value: Value,
  left: Tree<Key, Value>,
  right: Tree<Key, Value>,
): Node<Key, Value> {
  return { key, value, left, right, size: size(left) + size(right) + 1 };
}

function insert<Key, Value>(
  tree: Tree<Key, Value>,
  compare: Compare<Key>,
  key: Key,
  value: Value,
): Node<Key, Value> {
  if (tree === undefined) return nodeOf(key, value, undefined, undefined);
  const order = compare(key, tree.key);
  if (order === 0) return nodeOf(key, value, tree.left, tree.right);
  return order < 0
    ? balanced(tree.key, tree.value, insert(tree.left, compare, key, value), tree.right)
    : balanced(tree.key, tree.value, tree.left, insert(tree.right, compare, key, value));
}

function remove<Key, Value>(
  tree: Tree<Key, Value>,
  compare: Compare<Key>,
  key: Key,
): Tree<Key, Value> {
  if (tree === undefined) return undefined;
  const order = compare(key, tree.key);
  if (order < 0) {
    const left = remove(tree.left, compare, key);
    return left === tree.left ? tree : balanced(tree.key, tree.value, left, tree.right);
  }
  if (order > 0) {
    const right = remove(tree.right, compare, key);
    return right === tree.right ? tree : balanced(tree.key, tree.value, tree.left, right);
  }
  return joined(tree.left, tree.right);
}

/** One tree of two whose keys are all in order. */
function joined<Key, Value>(left: Tree<Key, Value>, right: Tree<Key, Value>): Tree<Key, Value> {
  if (left === undefined) return right;
  if (right === undefined) return left;
  const first = firstNode(right);
  return balanced(first.key, first.value, left, withoutFirst(right));
}

function firstNode<Key, Value>(tree: Node<Key, Value>): Node<Key, Value> {
  let node = tree;
  while (node.left !== undefined) node = node.left;
  return node;
}

function withoutFirst<Key, Value>(tree: Node<Key, Value>): Tree<Key, Value> {
  if (tree.left === undefined) return tree.right;
  return balanced(tree.key, tree.value, withoutFirst(tree.left), tree.right);
}

/** A node whose sides differ by at most one insertion or removal from balance, balanced. */
function balanced<Key, Value>(
  key: Key,
  value: Value,
  left: Tree<Key, Value>,
  right: Tree<Key, Value>,
): Node<Key, Value> {
  if (right !== undefined && weight(right) > DELTA * weight(left)) {
    return rotatedLeft(key, value, left, right);
  }
  if (left !== undefined && weight(left) > DELTA * weight(right)) {
    return rotatedRight(key, value, left, right);
  }
  return nodeOf(key, value, left, right);
}

function rotatedLeft<Key, Value>(
  key: Key,
  value: Value,
  left: Tree<Key, Value>,
  right: Node<Key, Value>,
): Node<Key, Value> {
  const inner = right.left;
  if (inner === undefined || weight(inner) < GAMMA * weight(right.right)) {
    return nodeOf(right.key, right.value, nodeOf(key, value, left, inner), right.right);
  }
  return nodeOf(
    inner.key,
    inner.value,
    nodeOf(key, value, left, inner.left),
    nodeOf(right.key, right.value, inner.right, right.right),
  );
}

function rotatedRight<Key, Value>(
  key: Key,
  value: Value,
  left: Node<Key, Value>,
  right: Tree<Key, Value>,
): Node<Key, Value> {
  const inner = left.right;
  if (inner === undefined || weight(inner) < GAMMA * weight(left.left)) {
    return nodeOf(left.key, left.value, left.left, nodeOf(key, value, inner, right));
  }
  return nodeOf(
    inner.key,
    inner.value,
    nodeOf(left.key, left.value, left.left, inner.left),
    nodeOf(key, value, inner.right, right),
  );
}
