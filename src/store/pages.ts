import { MAX_PAGE_SIZE } from '../engine/archive.ts';

/** How many rows a page may have, whatever was asked for. */
export function pageSize(limit: number): number {
  return Math.min(Math.max(1, Math.floor(limit) || 1), MAX_PAGE_SIZE);
}
