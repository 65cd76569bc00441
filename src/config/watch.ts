import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Configuration } from './configuration.ts';
import type { Environment } from './environment.ts';
import { watchFolder } from './folder-watcher.ts';
import { type LoadResult, loadConfiguration } from './load.ts';
import { displayed, formatProblems, type Problem } from './problem.ts';
import { NUMBERING_FOLDER } from './schema/files.ts';

const MAX_LOGGED_PROBLEMS = 100;

/** The configuration in force, kept up to date with its files. */
export interface ConfigurationHolder {
  current(): Configuration;
  /** `listener` gets every new configuration; the result ends that. */
  subscribe(listener: (configuration: Configuration) => void): () => void;
  /** Reads the files now. A good set is in force when this resolves, a wrong one is logged. */
  reload(): Promise<LoadResult>;
  /** Stops watching and listening to SIGHUP. */
  close(): void;
}

/** Where news of reloads goes; the program's log fits. */
interface ConfigurationLog {
  info(message: string, fields?: ConfigurationLogFields): void;
  warn(message: string, fields?: ConfigurationLogFields): void;
  error(message: string, fields?: ConfigurationLogFields): void;
}
type ConfigurationLogFields = Readonly<Record<string, string | number | undefined>>;

export interface WatchOptions {
  readonly folder: string;
  readonly environment: Environment;
  /** What was loaded at start and is in force. */
  readonly initial: Configuration;
  readonly log: ConfigurationLog;
  /** Source of SIGHUP; the process, if left out. */
  readonly signals?: SignalSource;
}

/** The part of `process` that tells of signals. */
interface SignalSource {
  on(signal: 'SIGHUP', listener: () => void): unknown;
  off(signal: 'SIGHUP', listener: () => void): unknown;
}

/**
 * Takes up a changed configuration on SIGHUP and whenever a file in its folder changes. A wrong one
 * never replaces the one in force: all its problems are logged and the program goes on. `system` is
 * read at start alone; a change there is logged and waits for the next start.
 */
export function watchConfiguration(options: WatchOptions): ConfigurationHolder {
  return new WatchedConfiguration(options);
}

class WatchedConfiguration implements ConfigurationHolder {
  readonly #options: WatchOptions;
  readonly #signals: SignalSource;
  readonly #listeners = new Set<(configuration: Configuration) => void>();
  readonly #stopWatching: () => void;
  readonly #onHangUp: () => void;
  #current: Configuration;
  /** Reloads run one after another. */
  #last: Promise<unknown> = Promise.resolve();
  /** Problems logged last, so that a wrong file left as it is fills no log. */
  #complaint = '';
  #closed = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#current = options.initial;
    this.#signals = options.signals ?? process;
    this.#onHangUp = () => this.#reloadUnasked('SIGHUP');
    this.#signals.on('SIGHUP', this.#onHangUp);
    this.#stopWatching = this.#watch();
  }

  current(): Configuration {
    return this.#current;
  }

  subscribe(listener: (configuration: Configuration) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  reload(): Promise<LoadResult> {
    const reloading = this.#last.then(() => this.#load());
    this.#last = reloading.catch(() => undefined);
    return reloading;
  }

  close(): void {
    this.#closed = true;
    this.#stopWatching();
    this.#signals.off('SIGHUP', this.#onHangUp);
    this.#listeners.clear();
  }

  /** Watches every folder that files are read from; the result ends it. */
  #watch(): () => void {
    const { folder, log } = this.#options;
    const watched = [folder, join(folder, NUMBERING_FOLDER)].map((place) =>
      watchFolder(place, {
        changed: () => this.#reloadUnasked('a change in the folder'),
        failed: (error) =>
          log.warn('configuration files are not watched; send SIGHUP after a change', {
            folder: displayed(place),
            reason: error.message,
          }),
      }),
    );
    return () => {
      for (const stop of watched) stop();
    };
  }

  #reloadUnasked(reason: string): void {
    this.reload().catch((error: unknown) => {
      this.#options.log.error('configuration could not be read', { reason, error: String(error) });
    });
  }

  async #load(): Promise<LoadResult> {
    const result = await loadConfiguration(this.#options.folder, this.#options.environment);
    if (this.#closed) return result;
    if (result.ok) this.#takeUp(result.configuration, result.warnings);
    else this.#complain(result.problems);
    return result;
  }

  #takeUp(loaded: Configuration, warnings: readonly string[]): void {
    const { log } = this.#options;
    this.#complaint = '';
    const configuration = { ...loaded, system: this.#current.system };
    if (!isDeepStrictEqual(loaded.system, this.#current.system)) {
      log.warn('system.yaml has changed: its settings take effect at the next start');
    }
    if (isDeepStrictEqual(configuration, this.#current)) return;
    this.#current = configuration;
    for (const warning of warnings) log.warn(warning);
    log.info('configuration taken up');
    for (const listener of this.#listeners) this.#tell(listener, configuration);
  }

  #tell(listener: (configuration: Configuration) => void, configuration: Configuration): void {
    try {
      listener(configuration);
    } catch (error) {
      this.#options.log.error('a part of the program did not take up the configuration', {
        error: String(error),
      });
    }
  }

  #complain(problems: readonly Problem[]): void {
    const complaint = formatProblems(problems);
    if (complaint === this.#complaint) return;
    this.#complaint = complaint;
    const { log } = this.#options;
    log.error('configuration not taken up: the last good one stays in force', {
      problems: problems.length,
    });
    for (const { kind: _, message, ...where } of problems.slice(0, MAX_LOGGED_PROBLEMS)) {
      log.error(`configuration: ${message}`, where);
    }
  }
}
