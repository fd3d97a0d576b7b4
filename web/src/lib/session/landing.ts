import * as http from '$lib/http/rooms';

/** Where somebody who has just come in begins: in the room of this name where they are in one, else in General. */
export async function landing(name?: string): Promise<string> {
	const { rooms } = await http.all();
	const place =
		(name !== undefined && rooms.find(({ room }) => room?.name === name)) ||
		rooms.find(({ room }) => room?.general) ||
		rooms[0];
	return place ? `/rooms/${place.roomId}` : '/';
}
