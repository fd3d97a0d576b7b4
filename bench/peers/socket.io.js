// A broadcaster as Socket.IO makes one, over WebSocket alone: it checks nothing, knows nobody and stores nothing, like the
// floor. node socket.io.js PORT [ROOMS]
// Whoever connects with the query n=N is in room (N - 1) modulo ROOMS.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const [port, rooms = 1] = process.argv.slice(2).map(Number);
const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false });

io.on('connection', (socket) => {
	const number = Number(socket.handshake.query.n);
	const room = `room ${(number - 1) % rooms}`;
	socket.join(room);
	socket.on('say', (text) => {
		io.to(room).emit('said', {
			type: 'Chat',
			userId: number,
			username: `user${number}`,
			content: text,
			timestamp: new Date().toISOString(),
			color: '#FF6B6B'
		});
	});
});

http.listen({ host: '127.0.0.1', port, backlog: 4096 });
