import { createSocket } from 'node:dgram';

const socket = createSocket('udp4').bind(0, '127.0.0.1');
socket.on('listening', () => process.send?.(socket.address().port));
socket.on('message', (bytes, { port, address }) => socket.send(bytes, port, address));
