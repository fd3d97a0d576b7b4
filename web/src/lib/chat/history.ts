import type { Hello, Welcome } from '$lib/protocol';

/** Whether the server goes on with the history that it was told of. Its data may have gone back in time under the old epoch, too. */
export const goesOn = (told: Hello, { epoch, personHead, serverHead, rooms }: Welcome): boolean =>
	told.epoch === epoch &&
	(told.person ?? 0) <= personHead &&
	(told.server ?? 0) <= serverHead &&
	rooms.every(({ roomId, head }) => (told.rooms?.[roomId] ?? 0) <= head);
