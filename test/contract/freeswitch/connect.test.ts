import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EslClient } from './esl-client.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

describe('mrf.connect', () => {
  it('learns the SIP address of the profile drachtio_mrf', () => {
    expect(stage.media.sip.ipv4.udp.address).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it('is refused with a wrong secret, and the connection ends with a notice', async () => {
    const client = await EslClient.open(stage.freeswitch);
    expect((await client.replies.take('auth/request')).headers.get('Content-Type')).toBe(
      'auth/request',
    );
    expect((await client.ask('auth nope')).headers.get('Reply-Text')).toBe('-ERR invalid');
    const notice = await client.replies.take('the notice');
    expect(notice.headers.get('Content-Type')).toBe('text/disconnect-notice');
    expect(notice.body).toBe(
      'Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n',
    );
    await client.closed;
  });

  it('lets nobody command before the secret was given', async () => {
    const client = await EslClient.open(stage.freeswitch);
    await client.replies.take('auth/request');
    expect((await client.ask('api status')).headers.get('Reply-Text')).toBe(
      '-ERR command not found',
    );
    client.close();
  });
});

describe('the event socket', () => {
  const commands: ReadonlyArray<readonly [command: string, reply: string]> = [
    ['event json HEARTBEAT', '+OK event listener enabled json'],
    ['event plain', '-ERR no keywords supplied'],
    ['filter Unique-ID abc', '+OK filter added. [Unique-ID]=[abc]'],
    ['filter delete Unique-ID abc', '+OK filter deleted. [Unique-ID][abc]'],
    ['filter Unique-ID', '-ERR invalid syntax'],
    ['nixevent HEARTBEAT', '+OK events nixed'],
    ['noevents', '+OK no longer listening for events'],
    ['linger', '-ERR not controlling a session'],
    ['divert_events on', '-ERR not controlling a session.'],
    [
      'sendmsg no-such-call\ncall-command: execute\nexecute-app-name: park',
      '-ERR invalid session id [no-such-call]',
    ],
    ['frobnicate', '-ERR command not found'],
    ['exit', '+OK bye'],
  ];

  it('answers every command in FreeSWITCH’s words, in order', async () => {
    const client = await EslClient.login(stage.freeswitch);
    for (const [command, reply] of commands) {
      expect([command, (await client.ask(command)).headers.get('Reply-Text')]).toEqual([
        command,
        reply,
      ]);
    }
    await client.closed;
  });

  const apis: ReadonlyArray<readonly [command: string, answer: string]> = [
    ['nosuchcommand a b', '-ERR nosuchcommand Command not found!\n'],
    ['uuid_kill nobody', '-ERR No such channel!\n'],
    ['uuid_bridge a b', '-ERR Invalid uuid\n'],
    ['uuid_transfer nobody park inline', '-ERR No such channel!\n'],
    ['uuid_break nobody', '-ERR No such channel!\n'],
    ['uuid_getvar nobody x', '-ERR No such channel!\n'],
    ['uuid_setvar nobody x y', '-ERR No such channel!\n'],
    ['uuid_dump nobody', '-ERR No such channel!\n'],
    ['uuid_exists nobody', 'false'],
    ['uuid_record nobody start /tmp/x.wav', '-ERR Cannot locate session!\n'],
    [
      'uuid_record',
      '-USAGE: <uuid> [start|stop|mask|unmask] <path> [<limit>] [<recording_vars>]\n',
    ],
    ['uuid_broadcast nobody /tmp/x.wav', '-ERR invalid uuid\n'],
    ['uuid_displace nobody start /tmp/x.wav', '-ERR Cannot locate session!\n'],
    ['uuid_audio nobody stop', '-ERR No such channel!\n'],
    ['uuid_send_dtmf nobody 1', '-ERR Cannot locate session!\n'],
    ['conference nowhere list', '-ERR Conference nowhere not found\n'],
    ['conference list', '+OK No active conferences.\n'],
    ['echo hello', 'hello'],
    ['show channels count', '\n0 total.\n'],
  ];

  it.each(apis)('api %s', async (command, answer) => {
    expect(await stage.esl.api(command)).toBe(answer);
  });

  it('tells the outcome of bgapi by event', async () => {
    const client = await EslClient.login(stage.freeswitch);
    await client.ask('event json BACKGROUND_JOB');
    const reply = await client.ask(
      'bgapi echo hello\nJob-UUID: 7f4de4bc-17d7-11dd-b7a0-db4edd065621',
    );
    expect(reply.headers.get('Reply-Text')).toBe(
      '+OK Job-UUID: 7f4de4bc-17d7-11dd-b7a0-db4edd065621',
    );
    const event = await client.events.take('the job');
    expect(event).toMatchObject({
      'Event-Name': 'BACKGROUND_JOB',
      'Job-UUID': '7f4de4bc-17d7-11dd-b7a0-db4edd065621',
      'Job-Command': 'echo',
      'Job-Command-Arg': 'hello',
      'Content-Length': '5',
      _body: 'hello',
    });
    client.close();
  });

  it('sends an event of one client to another', async () => {
    const client = await EslClient.login(stage.freeswitch);
    await client.ask('event json CUSTOM linekeeper::test');
    await stage.esl.ask('sendevent CUSTOM\nEvent-Subclass: linekeeper::test\nColour: blue');
    expect(await client.events.take('the event')).toMatchObject({
      'Event-Name': 'CUSTOM',
      'Event-Subclass': 'linekeeper::test',
      Colour: 'blue',
    });
    client.close();
  });

  it('cuts off a client with a length that is none, and serves the next', async () => {
    const client = await EslClient.login(stage.freeswitch);
    client.send('sendevent CUSTOM\nContent-Length: -5\n\n');
    await client.closed;
    expect(await stage.esl.api('echo alive')).toBe('alive');
  });
});
