// A broadcaster as ws makes one: it checks nothing, knows nobody and stores nothing, like the floor. node ws.js PORT [ROOMS]
// Whoever connects at /anything/N is in room (N - 1) modulo ROOMS.
import { WebSocketServer } from 'ws';

const [port, rooms = 1] = process.argv.slice(2).map(Number);
const members = Array.from({ length: rooms }, () => new Set());

new WebSocketServer({ host: '127.0.0.1', port, backlog: 4096 }).on('connection', (socket, request) => {
	const number = Number(request.url.split('/').at(-1));
	const room = members[(number - 1) % rooms];
	room.add(socket);
	socket.on('close', () => room.delete(socket));
	socket.on('error', () => socket.terminate());
	socket.on('message', (text) => {
		const said = JSON.stringify({
			type: 'Chat',
			userId: number,
			username: `user${number}`,
			content: text.toString(),
			timestamp: new Date().toISOString(),
			color: '#FF6B6B'
		});
		for (const member of room) member.send(said);
	});
});
