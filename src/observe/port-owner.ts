import { readdir, readFile, readlink } from 'node:fs/promises';

/** A program that listens on a port. */
export interface PortOwner {
  readonly pid: number;
  /** Name of the program, as the kernel knows it. */
  readonly name: string;
}

/** Processes looked at, so that a crowded machine does not hold up an error message. */
const MAX_PROCESSES = 10_000;

/**
 * Which program has a local port open, for error messages. Linux only; undefined elsewhere, and
 * for programs of other users.
 */
export async function findPortOwner(
  protocol: 'udp' | 'tcp',
  port: number,
): Promise<PortOwner | undefined> {
  const inodes = await socketInodes(protocol, port);
  if (inodes.size === 0) return undefined;
  const entries = await readdir('/proc').catch(() => []);
  for (const entry of entries.filter((name) => /^\d+$/u.test(name)).slice(0, MAX_PROCESSES)) {
    if (!(await hasSocket(entry, inodes))) continue;
    const name = await readFile(`/proc/${entry}/comm`, 'utf8').catch(() => 'unknown');
    return { pid: Number(entry), name: name.trim() };
  }
  return undefined;
}

/** Inodes of the sockets bound to the port (proc(5), /proc/net/udp and /proc/net/tcp). */
async function socketInodes(protocol: 'udp' | 'tcp', port: number): Promise<ReadonlySet<string>> {
  const inodes = new Set<string>();
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  for (const table of [`/proc/net/${protocol}`, `/proc/net/${protocol}6`]) {
    const text = await readFile(table, 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/u);
      const listens = protocol === 'udp' || state === '0A';
      if (listens && local?.endsWith(`:${hexPort}`) === true && inode !== undefined) {
        inodes.add(`socket:[${inode}]`);
      }
    }
  }
  return inodes;
}

async function hasSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const files = await readdir(folder).catch(() => []);
  for (const file of files) {
    const target = await readlink(`${folder}/${file}`).catch(() => '');
    if (inodes.has(target)) return true;
  }
  return false;
}
