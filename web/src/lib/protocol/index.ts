export * from './types';

import type {
	Change,
	DraftChange,
	MemberChange,
	MessageChange,
	PlaceChange,
	RoomChange,
	SavedChange,
	ServerFrame
} from './types';

/** What a room's stream carries. */
export type RoomStreamChange = MessageChange | RoomChange | MemberChange;

/** What a person's own stream carries. */
export type PersonStreamChange = PlaceChange | SavedChange | DraftChange;

/** Everything that can arrive over the socket. */
export type Incoming = ServerFrame | Change;
