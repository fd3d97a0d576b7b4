export * from './types';

import type { Change, MemberChange, MessageChange, RoomChange, ServerFrame } from './types';

/** What a room's stream carries. */
export type RoomStreamChange = MessageChange | RoomChange | MemberChange;

/** Everything that can arrive over the socket. */
export type Incoming = ServerFrame | Change;
