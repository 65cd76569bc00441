/**
 * What we use of drachtio-fsmrf 4.1.2 and of the event-socket connection below it
 * (drachtio-modesl 1.3.1), as they really behave. The packages have no declarations.
 */
declare module 'drachtio-fsmrf' {
  import type { Server, Socket } from 'node:net';

  namespace Mrf {
    /** An event or reply of FreeSWITCH. */
    interface EslEvent {
      getHeader(name: string): string | null;
      getBody(): string | undefined;
    }

    /** EventEmitter2: events are named `esl::event::<NAME>::<uuid>`. */
    interface EslConnection {
      readonly socket: Socket | null;
      reconnectOpts: { maxAttempts?: number; retryMaxDelay?: number };
      on(event: string, listener: (event: EslEvent) => void): unknown;
      removeListener(event: string, listener: (event: EslEvent) => void): unknown;
      removeAllListeners(event: string): unknown;
      /** Asks for further events, separated by blanks. */
      subscribe(events: string): void;
      /** The callback never comes if the connection drops. Throws nothing. */
      api(command: string, args: string, callback: (reply: EslEvent) => void): void;
      /** @returns Event-UUID of the execution; the callback gets CHANNEL_EXECUTE_COMPLETE. */
      execute(application: string, argument: string, callback: (event: EslEvent) => void): string;
      disconnect(): void;
    }

    /** The SIP dialog with FreeSWITCH, made by the `createUAC` that was given to Mrf. */
    interface EndpointDialog {
      readonly id: string;
      readonly connected: boolean;
      readonly local: { sdp: string; contact: string };
      readonly remote: { sdp: string };
    }

    interface Endpoint {
      readonly uuid: string;
      readonly connected: boolean;
      /** null once the connection has ended. */
      readonly conn: EslConnection | null;
      readonly dialog: EndpointDialog;
      on(
        event: 'dtmf',
        listener: (key: { dtmf: string; duration: string; source: string | null }) => void,
      ): void;
      on(event: 'destroy', listener: () => void): void;
      /** May never settle. */
      destroy(): Promise<unknown>;
    }

    interface MediaServer {
      readonly conn: EslConnection;
      /** Server of outbound event-socket connections. */
      readonly _server: { readonly server: Server };
      readonly address: string;
      on(event: 'error', listener: (error?: Error) => void): void;
      createEndpoint(options: { remoteSdp?: string }): Promise<Endpoint>;
      api(command: string, callback: (body: string | undefined) => void): void;
      disconnect(): void;
    }

    interface ConnectOptions {
      readonly address: string;
      readonly port: number;
      readonly secret: string;
      readonly listenAddress: string;
      readonly listenPort: number;
      readonly advertisedAddress?: string;
      readonly advertisedPort?: number;
      readonly profile?: string;
    }
  }

  class Mrf {
    /** Of `srf` only `createUAC` is used. */
    constructor(srf: unknown);
    /** The callback comes more than once: with errors, and with a media server later all the same. */
    connect(
      options: Mrf.ConnectOptions,
      callback: (error: Error | null, server: Mrf.MediaServer | undefined) => void,
    ): void;
  }

  export = Mrf;
}
