import { EventEmitter } from 'node:events';
import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Configuration } from '../../../src/config/configuration.ts';
import { loadConfiguration } from '../../../src/config/load.ts';
import { type ConfigurationHolder, watchConfiguration } from '../../../src/config/watch.ts';
import { configFolder, ENVIRONMENT, FIXTURES } from './folder.ts';

interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A watched folder, with everything that comes out of it as things to wait for. */
class Watched {
  readonly holder: ConfigurationHolder;
  readonly lines: LogLine[] = [];
  readonly signals = new EventEmitter();
  readonly folder: string;
  readonly #news = new EventEmitter();

  constructor(folder: string, initial: Configuration) {
    this.folder = folder;
    const log =
      (level: LogLine['level']) =>
      (message: string, fields: LogLine['fields'] = {}) => {
        this.lines.push({ level, message, fields });
        this.#news.emit('news');
      };
    this.holder = watchConfiguration({
      folder,
      environment: ENVIRONMENT,
      initial,
      log: { info: log('info'), warn: log('warn'), error: log('error') },
      signals: this.signals,
    });
    onTestFinished(() => this.holder.close());
  }

  /** Resolves once a log line says `text`, counted from the first line. */
  async says(text: string): Promise<LogLine> {
    for (;;) {
      const line = this.lines.find(({ message }) => message.includes(text));
      if (line !== undefined) return line;
      await new Promise((resolve) => this.#news.once('news', resolve));
    }
  }

  next(): Promise<Configuration> {
    return new Promise((resolve) => {
      const end = this.holder.subscribe((configuration) => {
        end();
        resolve(configuration);
      });
    });
  }

  async edit(file: string, change: (text: string) => string): Promise<void> {
    const path = join(this.folder, file);
    await writeFile(path, change(await readFile(path, 'utf8')));
  }
}

async function watched(): Promise<Watched> {
  const folder = await configFolder();
  const result = await loadConfiguration(folder, ENVIRONMENT);
  return result.ok
    ? new Watched(folder, result.configuration)
    : expect.fail('the fixture is wrong');
}

const longerTimeout = (text: string) => text.replace('timeoutSeconds: 10', 'timeoutSeconds: 20');
const timeoutOf = (configuration: Configuration) =>
  configuration.menus.get('other')?.timeoutSeconds;

describe('a changed configuration is taken up', () => {
  it('when a file is written', async () => {
    const config = await watched();
    const next = config.next();
    await config.edit('menus.yaml', longerTimeout);
    expect(timeoutOf(await next)).toBe(20);
    expect(timeoutOf(config.holder.current())).toBe(20);
  });

  it('when an editor replaces a file by rename', async () => {
    const config = await watched();
    const next = config.next();
    const path = join(config.folder, 'menus.yaml');
    await writeFile(`${path}.new`, longerTimeout(await readFile(path, 'utf8')));
    await rename(`${path}.new`, path);
    expect(timeoutOf(await next)).toBe(20);
  });

  it('after the whole folder was replaced by another', async () => {
    const config = await watched();
    const another = `${config.folder}.another`;
    onTestFinished(() => rm(another, { recursive: true, force: true }));
    await cp(config.folder, another, { recursive: true });
    const replaced = config.next();
    await rm(config.folder, { recursive: true });
    await rename(another, config.folder);
    await config.edit('menus.yaml', longerTimeout);
    config.signals.emit('SIGHUP');
    expect(timeoutOf(await replaced)).toBe(20);
    // From here on the new folder is the one that is watched.
    const changed = config.next();
    await config.edit('menus.yaml', (text) => text.replace('maxTries: 2', 'maxTries: 4'));
    expect((await changed).menus.get('other')?.maxTries).toBe(4);
  });

  it('on SIGHUP', async () => {
    const config = await watched();
    const next = config.next();
    await config.edit('menus.yaml', longerTimeout);
    config.signals.emit('SIGHUP');
    expect(timeoutOf(await next)).toBe(20);
  });

  it('by everybody who subscribed, even when one of them fails, and by nobody who left', async () => {
    const config = await watched();
    const heard: string[] = [];
    config.holder.subscribe(() => {
      throw new Error('cannot');
    });
    config.holder.subscribe(() => heard.push('second'));
    config.holder.subscribe(() => heard.push('left'))();
    await config.edit('menus.yaml', longerTimeout);
    await config.holder.reload();
    expect(heard).toEqual(['second']);
    expect((await config.says('did not take up')).fields).toMatchObject({ error: 'Error: cannot' });
  });
});

describe('a wrong configuration', () => {
  it('never replaces the one in force, and all its problems are logged', async () => {
    const config = await watched();
    const before = config.holder.current();
    config.holder.subscribe(() => expect.fail('it was handed out'));
    await cp(join(FIXTURES, 'everything'), config.folder, { recursive: true });
    const result = await config.holder.reload();
    if (result.ok) expect.fail('it was taken');
    expect(config.holder.current()).toBe(before);
    const errors = config.lines.filter(({ level }) => level === 'error');
    expect(errors[0]?.message).toContain('the last good one stays in force');
    expect(errors.slice(1).map(({ fields }) => fields['setting'])).toEqual(
      result.problems.map(({ setting }) => setting),
    );
  });

  it('is complained of once while it stays as it is, and taken once it is mended', async () => {
    const config = await watched();
    await config.edit('menus.yaml', (text) => text.replace('queue: refunds', 'queue: refund'));
    await config.holder.reload();
    await config.holder.reload();
    expect(config.lines.filter(({ message }) => message.includes('not taken up'))).toHaveLength(1);
    await config.edit('menus.yaml', (text) =>
      longerTimeout(text).replace('queue: refund ', 'queue: refunds '),
    );
    await config.holder.reload();
    expect(timeoutOf(config.holder.current())).toBe(20);
  });

  it('is complained of when a file is written, without anybody asking', async () => {
    const config = await watched();
    await config.edit('queues.yaml', () => 'queues: [');
    const line = await config.says('not YAML');
    expect(line).toMatchObject({ level: 'error', fields: { line: expect.any(Number) } });
  });
});

describe('what is no change', () => {
  it('is not handed out', async () => {
    const config = await watched();
    const before = config.holder.current();
    config.holder.subscribe(() => expect.fail('it was handed out'));
    await config.edit('menus.yaml', (text) => `# a comment\n${text}`);
    expect(await config.holder.reload()).toMatchObject({ ok: true });
    expect(config.holder.current()).toBe(before);
  });

  it('settings of the program itself wait for the next start', async () => {
    const config = await watched();
    const before = config.holder.current();
    await config.edit('system.yaml', (text) => `${text}logLevel: debug\n`);
    await config.holder.reload();
    expect(config.holder.current()).toBe(before);
    expect(await config.says('next start')).toMatchObject({ level: 'warn' });
  });

  it('after closing nothing is taken up, and no signal is listened to', async () => {
    const config = await watched();
    const before = config.holder.current();
    config.holder.close();
    await config.edit('menus.yaml', longerTimeout);
    await config.holder.reload();
    expect(config.holder.current()).toBe(before);
    expect(config.signals.listenerCount('SIGHUP')).toBe(0);
  });
});
