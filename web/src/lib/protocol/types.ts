// Generated from src/Olha.Protocol by script/generate. Do not edit.
// Nothing is null on the wire: what has no value is absent. Ids, revisions and figures are numbers, times RFC 3339 in UTC.

/** One change: the thing's current form with its stream's revision. As a frame it travels alone, in answers in lists. */
export type Change =
	| MessageChange
	| RoomChange
	| MemberChange
	| PlaceChange
	| SavedChange
	| DraftChange
	| PersonChange
	| SettingsChange;

/** Room stream: a message was posted, or has another form: edited, deleted, reacted to, pinned. */
export interface MessageChange {
	type: 'message';
	roomId: number;
	message: Message;
	rev: number;
}

/** What was said. `seq` is its place among the room's messages, `rev` the room's revision that gave it its present form. Revisions have no gaps: who holds 41 and hears 43 missed one change. */
export interface Message {
	/** Never reused. */
	id: number;
	/** The room. */
	roomId: number;
	/** Its place, from 1 without gaps, for ever. */
	seq: number;
	/** The room's revision that gave it its present form. */
	rev: number;
	/** Who wrote it, or whose act a system line tells. */
	authorId: number;
	/** The id that the author's client chose; null on system lines. */
	cid?: string;
	/** Text or system line. */
	kind: MessageKind;
	/** The text; null on system lines and tombstones. */
	body?: string;
	/** What a system line tells; null on texts. */
	system?: SystemLine;
	/** When it was stored, by the server's clock. Order is `seq`'s business. */
	createdAt: string;
	/** When it was last edited, or null. */
	editedAt?: string;
	/** When it became a tombstone, or null. Nothing of a tombstone changes any more. */
	deletedAt?: string;
	/** The message that it answers, whose present form is shown with it; null: none. */
	replyTo?: ReplyTo;
	/** Ids of those whom the text names, 0 for everybody in the room; null: nobody. */
	mentions?: readonly number[];
	/** In the order in which they came; null: none. */
	reactions?: readonly Reaction[];
	/** When it was pinned, or null. */
	pinnedAt?: string;
	/** Who pinned it, or null. */
	pinnedBy?: number;
}

/** Written by a person, or by the house. */
export type MessageKind =
	| 'text'
	| 'system';

/** A system line's parameters; the reader's language makes the sentence. */
export interface SystemLine {
	/** What happened. */
	event: SystemEvent;
	/** Whom it happened to: who joined, left, was invited or removed. */
	userId?: number;
	/** The new name or topic, or the seconds of slow mode; null when a topic was cleared or slow mode turned off, and for the other events. */
	text?: string;
}

/** What a system line tells. */
export type SystemEvent =
	| 'joined'
	| 'left'
	| 'invited'
	| 'removed'
	| 'renamed'
	| 'topic'
	| 'archived'
	| 'unarchived'
	| 'slowMode'
	| 'locked'
	| 'unlocked';

/** Which message another one answers. */
export interface ReplyTo {
	/** Its place in the same room. */
	seq: number;
	/** Who wrote it. */
	authorId: number;
}

/** An emoji under a message, and who put it there. */
export interface Reaction {
	/** One emoji, as Unicode spells it. */
	emoji: string;
	/** In the order in which they came; never empty. */
	userIds: readonly number[];
}

/** Room stream: name, topic, archive or first kept message changed. */
export interface RoomChange {
	type: 'room';
	roomId: number;
	room: Room;
	rev: number;
}

/** A place to talk: the room's own row. */
export interface Room {
	/** Never reused. */
	id: number;
	/** Who may come in. */
	kind: RoomKind;
	/** 1-64 characters; null for a direct room, which is named by its people. */
	name?: string;
	/** Up to 250 characters, or null. */
	topic?: string;
	/** May do in it what its moderators may, and name these. */
	creatorId?: number;
	/** The one room that everybody is in; it can't be left or archived. */
	general: boolean;
	/** A direct room's people, ascending; null for the others. */
	peopleIds?: readonly number[];
	/** When it was made. */
	createdAt: string;
	/** When it became read-only, or null. */
	archivedAt?: string;
	/** The first message that is kept: 1 until something is purged. Drop what lies below. */
	firstSeq: number;
	/** The room's revision that gave its own row this form. */
	rev: number;
	/** So long a member waits between two messages; null: not at all. */
	slowModeSeconds?: number;
	/** True: only moderators may speak; null: everybody may. */
	locked?: boolean;
	/** After so many days messages are removed; 0: never; null: as the server has it. */
	retentionDays?: number;
}

/** Who may come in: `open` anybody; `closed` those invited; `direct` exactly its people, for ever. */
export type RoomKind =
	| 'open'
	| 'closed'
	| 'direct';

/** Room stream: somebody came or went. */
export interface MemberChange {
	type: 'member';
	roomId: number;
	member: Member;
	rev: number;
}

/** A membership as the room sees it. One that ended stays, with `joined` false. */
export interface Member {
	/** The room. */
	roomId: number;
	/** The member. */
	userId: number;
	/** Whether they are in it now. */
	joined: boolean;
	/** When it came to be so. */
	since: string;
	/** The room's revision that gave this its present form. */
	rev: number;
	/** True: may change the room, delete messages and send people out; null: no. */
	moderator?: boolean;
}

/** Person stream: an own membership, read mark or level. */
export interface PlaceChange {
	type: 'place';
	place: Place;
	rev: number;
}

/** A person's own place in a room: membership, read mark and what is unread. Belongs to the person's stream. */
export interface Place {
	/** The room. */
	roomId: number;
	/** False in a change: drop the room and all that is held of it. */
	joined: boolean;
	/** The `seq` of the last message read. */
	mark: number;
	/** Others' messages above the mark, without tombstones and system lines, at `head`. */
	unread: number;
	/** The room's newest message at `head`. */
	lastSeq: number;
	/** The room's revision when this was read. */
	head: number;
	/** The room's own row; null when `joined` is false, except in the answer of `GET /api/v1/rooms/{id}` about an open room that one could join. */
	room?: Room;
	/** The person's revision that gave this its present form. */
	rev: number;
	/** Of the unread messages, those that mean the person: named, answered, or everybody. */
	mentions: number;
	/** What of the room is to be heard of. */
	level: RoomLevel;
	/** True: the person moderates the room; null: no. */
	moderator?: boolean;
}

/** How loud a room is for one person: `everything` notifies of each message; `mentions` of those that mean the person; `nothing` of none (muted); `hidden` besides takes the room out of the list until it is looked for. */
export type RoomLevel =
	| 'everything'
	| 'mentions'
	| 'nothing'
	| 'hidden';

/** Person stream: a message was saved for later, or no longer is. */
export interface SavedChange {
	type: 'saved';
	saved: SavedMessage;
	rev: number;
}

/** A message that a person keeps for later. */
export interface SavedMessage {
	/** The room. */
	roomId: number;
	/** The message. */
	seq: number;
	/** False in a change: no longer. */
	saved: boolean;
	/** When it came to be so. */
	at: string;
	/** The person's revision that gave this its present form. */
	rev: number;
}

/** Person stream: what the person has begun to write in a room. */
export interface DraftChange {
	type: 'draft';
	draft: RoomDraft;
	rev: number;
}

/** What a person has begun to write in a room. */
export interface RoomDraft {
	/** The room. */
	roomId: number;
	/** The text; empty in a change: there is none any more. */
	body: string;
	/** The message that it will answer; null: none. */
	replyToSeq?: number;
	/** When it was kept. */
	at: string;
	/** The person's revision that gave this its present form. */
	rev: number;
}

/** Server stream: somebody new, or their name changed. */
export interface PersonChange {
	type: 'person';
	person: Person;
	rev: number;
}

/** Somebody with an account, as everybody sees them. */
export interface Person {
	/** Never reused. */
	id: number;
	/** Permanent; 2-32 letters and digits of any script, `_ . -` (older for adopted accounts). */
	username: string;
	/** Free text, 1-64 characters. */
	displayName: string;
	/** `#rrggbb`, readable on light and dark; unique until the palette is spent. */
	color: string;
	/** What they may do. */
	role: Role;
	/** The server stream's revision that gave this its present form. */
	rev: number;
	/** What they say of themselves just now, 1-100 characters on one line; null: nothing. */
	status?: string;
	/** Whether they can still come in; null: they can. */
	state?: PersonState;
	/** 1-40 characters, or null. */
	pronouns?: string;
	/** The name of their time zone in the IANA database (`America/Sao_Paulo`), or null. */
	timeZone?: string;
}

/** What a person may do on this server: `owner` everything; `admin` everything but to change owners and admins; `member` talk and make rooms; `guest` talk in the rooms they were invited to, and know of no others. */
export type Role =
	| 'owner'
	| 'admin'
	| 'member'
	| 'guest';

/** Whether somebody can still come in: `disabled` may be let in again, `banned` was sent away, `deleted` is gone for good and has no name any more. */
export type PersonState =
	| 'active'
	| 'disabled'
	| 'banned'
	| 'deleted';

/** Server stream: the server's own settings. */
export interface SettingsChange {
	type: 'settings';
	settings: ServerSettings;
	rev: number;
}

/** What belongs to the whole server and may change. */
export interface ServerSettings {
	/** The server's name, as the sign-in page and the window title show it. */
	name: string;
	/** Whether people see who has seen a message; off until the owner turns it on. */
	receipts: boolean;
	/** The server stream's revision that gave this its present form. */
	rev: number;
	/** Who may make an account. */
	registration: Registration;
	/** Characters of one message; 0: no limit. */
	messageLength: number;
	/** Messages a minute that a person may post over time; 0: no limit. */
	messagesPerMinute: number;
	/** After so many days messages are removed, in rooms that say nothing else; null: never. */
	retentionDays?: number;
}

/** Who may make an account: anybody, who has an invitation, nobody. */
export type Registration =
	| 'open'
	| 'invite'
	| 'closed';

/** What a client says over the socket. A type that is none of these reads as the bare base: refused as `unknown_type` after `hello`, closed 4500 before it. */
export type ClientFrame =
	| Hello
	| Post
	| MoveMark
	| Typing
	| Attention
	| Pong;

/** The first frame: what the client already holds. */
export interface Hello {
	type: 'hello';
	/** The epoch it was told before; null or another one: the client starts afresh. */
	epoch?: string;
	/** The revision held of the person's stream; null: none. */
	person?: number;
	/** The revision held of the server's stream; null: none. */
	server?: number;
	/** Room id → revision held, of each room whose messages the client holds; at most 500. */
	rooms?: Readonly<Record<string, number>>;
}

/** Say something. Answered by `ack` after commit, or by `refused`. */
export interface Post {
	type: 'post';
	/** Where. */
	roomId: number;
	/** 1-64 of `[A-Za-z0-9_-]`, chosen by the client, unique per author for ever. Asking again with the same one is always safe. */
	cid?: string;
	/** 1 to `limits.messageLength` characters (Unicode scalar values). `@name` means a person, `@room` everybody in the room, unless it stands in code. */
	body?: string;
	/** The message that it answers; null: none. */
	replyToSeq?: number;
}

/** Move the read mark (`read`). Answered by a `place` on the person's stream, or by `refused`. */
export interface MoveMark {
	type: 'read';
	/** Where. */
	roomId: number;
	/** The `seq` of the last message read. */
	mark?: number;
	/** The mark that this one replaces; when it is another by now, the frame is refused as `stale_mark`. */
	replaces?: number;
}

/** The person is writing in a room. Heard by the others for 6 s; say it again every 3 s at most. */
export interface Typing {
	type: 'typing';
	roomId: number;
}

/** Whether the person is active at this device (`active`). A socket counts as active until it says otherwise; who is not active on any is away. */
export interface Attention {
	type: 'active';
	/** False: idle; true: back again. */
	active?: boolean;
}

/** The answer to `ping`. */
export interface Pong {
	type: 'pong';
}

/** What the server says over the socket, besides every `Change`, which travels as a frame as it is. */
export type ServerFrame =
	| Welcome
	| RoomChanges
	| Behind
	| Ack
	| Refused
	| SomebodyTyping
	| EverybodyOnline
	| PresenceChange
	| Ping
	| Bye;

/** The whole starting state; also `GET /api/v1/state`. */
export interface Welcome {
	type: 'welcome';
	/** Another one than held: throw away everything held, the outbox excepted. */
	epoch: string;
	/** Who this socket is. */
	me: Person;
	/** The person's stream is complete up to here. */
	personHead: number;
	/** The server's stream is complete up to here. */
	serverHead: number;
	/** The server's settings. */
	settings: ServerSettings;
	/** All rooms that the person is in. One that is absent is dropped from what the client holds. */
	rooms: readonly Place[];
	/** Everybody, or when `peopleComplete` is false those changed since the revision in `hello`. */
	people: readonly Person[];
	/** Whether `people` is everybody. */
	peopleComplete: boolean;
	/** What the server will refuse beyond. */
	limits: Limits;
	/** When it pings and what it expects. */
	heartbeat: HeartbeatTimes;
	/** All messages that the person keeps for later. */
	saved: readonly SavedMessage[];
	/** All that the person has begun to write. */
	drafts: readonly RoomDraft[];
}

/** Limits that a client should know; 0 = none. */
export interface Limits {
	/** Characters (Unicode scalar values) of a message. */
	messageLength: number;
	/** Lasting rate a user. */
	messagesPerSecond: number;
	/** How many at once. */
	messageBurst: number;
	/** Bytes of one inbound frame over all its fragments. */
	frameBytes: number;
}

/** Application-level heartbeat: `ping` every `intervalMs`; no `pong` for `timeoutMs` closes 4002. */
export interface HeartbeatTimes {
	intervalMs: number;
	timeoutMs: number;
}

/** A range of a room's changes after a gap; also `GET /api/v1/rooms/{id}/changes`. Each thing stands in it once, in its current form; the revisions that it skips were superseded. */
export interface RoomChanges {
	type: 'changes';
	/** The room. */
	roomId: number;
	/** Everything up to this revision is in. */
	complete: number;
	/** The room's head in the same snapshot; above `complete` there is more to ask for. */
	head: number;
	/** Ascending by `rev`. */
	changes: readonly Change[];
	/** The unread state in the same snapshot. */
	read: ReadState;
}

/** A room's unread state for one person, true at the room's revision `head`. */
export interface ReadState {
	/** The room. */
	roomId: number;
	/** The `seq` of the last message read. */
	mark: number;
	/** Others' messages above the mark, without tombstones and system lines. */
	unread: number;
	/** The room's revision at which this was counted. */
	head: number;
	/** The person's revision that gave the mark its present form. */
	rev: number;
	/** Of the unread messages, those that mean the person. */
	mentions: number;
}

/** More was missed in this room than is replayed: fetch it when the room is looked at. */
export interface Behind {
	type: 'behind';
	roomId: number;
	head: number;
}

/** The message is stored for good. Sent only after commit. */
export interface Ack {
	type: 'ack';
	/** As in the post. */
	cid: string;
	/** The room. */
	roomId: number;
	/** The message's id. */
	id: number;
	/** Its place. */
	seq: number;
	/** When it was first stored. */
	createdAt: string;
	/** True when it had been stored by an earlier try. */
	duplicate: boolean;
}

/** What was asked for was not done. */
export interface Refused {
	type: 'refused';
	/** The refused frame's type. */
	of: string;
	/** The refused post's cid. */
	cid?: string;
	/** The room asked about. */
	roomId?: number;
	/** Stable; see `Refusal`. */
	code: RefusalCode;
	/** An English sentence for people. */
	detail: string;
	/** Figures belonging to the code: `limit`, `mark`, ... */
	params?: Readonly<Record<string, number>>;
	/** Whether asking again unchanged can succeed. */
	retry: boolean;
	/** When to, in ms from now. */
	retryAfterMs?: number;
}

/** Somebody is writing; forget it after 6 s or when their message comes. Never replayed. */
export interface SomebodyTyping {
	type: 'typing';
	roomId: number;
	userId: number;
}

/** Ids of all who are connected, right behind `welcome`: replaces what is held. Not a part of it, because it is the same for everybody, and long where many are. */
export interface EverybodyOnline {
	type: 'online';
	/** All who are connected. */
	ids: readonly number[];
	/** Those of them who are away. */
	away: readonly number[];
}

/** Who came, who went and who turned away, gathered over a moment. Never replayed; `online` has the whole. */
export interface PresenceChange {
	type: 'presence';
	/** Who is active now: came, or is no longer away. */
	online: readonly number[];
	/** Who went. */
	offline: readonly number[];
	/** Who is connected and away now: was active before, or came like that. */
	away: readonly number[];
}

/** Heartbeat. Answer with `pong`. */
export interface Ping {
	type: 'ping';
	/** The heads that moved since the last ping: a stream whose head is above what is held has lost its last change. */
	heads: Heads;
}

/** Heads of streams; what did not move is absent. */
export interface Heads {
	person?: number;
	server?: number;
	rooms?: Readonly<Record<string, number>>;
}

/** The server is about to close the socket. */
export interface Bye {
	type: 'bye';
	/** The close code that follows. */
	code: number;
	/** A word for logs. */
	reason: string;
	/** Come back after this many ms; null: do not come back by yourself. */
	retryMs?: number;
}

/** `POST /api/v1/users`: sign up. */
export interface SignUpBody {
	/** See `username`. */
	username?: string;
	/** 8 characters to 72 bytes. */
	password?: string;
	/** Optional; the user name when absent. */
	displayName?: string;
	/** True: answer with a token for `Authorization: Bearer` instead of setting a cookie. */
	bearer?: boolean;
	/** The secret of an invitation; needed where registration is by invitation. */
	invitation?: string;
}

/** `POST /api/v1/sessions`: sign in. */
export interface SignInBody {
	username?: string;
	password?: string;
	bearer?: boolean;
}

/** Who is signed in now. */
export interface SessionAnswer {
	/** The account. */
	me: Person;
	/** When the session ends if it is not used before. */
	expiresAt: string;
	/** The bearer token, only when it was asked for and only this once. */
	token?: string;
}

/** `PATCH /api/v1/me`: absent fields stay as they are. */
export interface ProfileBody {
	/** 1-64 characters. */
	displayName?: string;
	/** Up to 100 characters on one line; empty clears it. */
	status?: string;
	/** Up to 40 characters on one line; empty clears them. */
	pronouns?: string;
	/** A name of the IANA database; empty clears it. */
	timeZone?: string;
}

/** `PATCH /api/v1/settings`: an administrator; absent fields stay as they are. */
export interface SettingsBody {
	/** 1-64 characters. */
	name?: string;
	/** Whether people see who has seen a message. */
	receipts?: boolean;
	/** Who may make an account. */
	registration?: Registration;
	/** Characters of one message, 0 to 100,000; 0: no limit. */
	messageLength?: number;
	/** Messages a minute that a person may post over time, 0 to 60,000; 0: no limit. */
	messagesPerMinute?: number;
	/** 1 to 36,500; 0: messages are never removed. */
	retentionDays?: number;
}

/** Who has read a room up to a message or further: its other members' ids, ascending, without the author's. */
export interface SeenBy {
	userIds: readonly number[];
}

/** `GET /api/v1/about`: what the sign-in page needs, for anybody. */
export interface About {
	/** The server's name. */
	name: string;
	/** The program's version. */
	version: string;
	/** Who may make an account. */
	registration: Registration;
	/** True until the first account, the owner's, exists. */
	firstRun: boolean;
}

/** `POST /api/v1/rooms`: make a room. Its maker is in it. */
export interface NewRoomBody {
	/** `open` or `closed`; direct rooms have a door of their own. */
	kind?: RoomKind;
	/** 1-64 characters; unique among open rooms whatever the case. */
	name?: string;
	/** Optional, up to 250 characters. */
	topic?: string;
}

/** `POST /api/v1/rooms/direct`: the direct room of these people and oneself, made when there is none. */
export interface DirectRoomBody {
	/** The others, at most 19; empty: with oneself. */
	userIds?: readonly number[];
}

/** `PATCH /api/v1/rooms/{id}`: absent fields stay as they are; an empty topic clears it. */
export interface RoomPatchBody {
	/** 1-64 characters. */
	name?: string;
	/** Up to 250 characters. */
	topic?: string;
	/** Whether it can only be read. */
	archived?: boolean;
	/** 0 to 21,600; 0: no waiting. */
	slowModeSeconds?: number;
	/** Whether only moderators may speak. */
	locked?: boolean;
	/** An administrator's. 1 to 36,500; 0: messages are never removed; -1: as the server has it. */
	retentionDays?: number;
}

/** `POST /api/v1/rooms/{id}/messages`: as the `post` frame. */
export interface DraftBody {
	cid?: string;
	body?: string;
	replyToSeq?: number;
}

/** `PATCH /api/v1/rooms/{id}/messages/{seq}`: another text for an own message. */
export interface EditBody {
	body?: string;
}

/** `PUT /api/v1/rooms/{id}/level`: how loud the room is. */
export interface LevelBody {
	level?: RoomLevel;
}

/** `PUT /api/v1/rooms/{id}/draft`: what has been begun, for the person's other devices; an empty body: nothing. */
export interface BegunBody {
	/** Up to 20,000 characters (UTF-16). */
	body?: string;
	/** The message that it will answer; null: none. */
	replyToSeq?: number;
}

/** `PUT /api/v1/rooms/{id}/read`: as the `read` frame. */
export interface ReadBody {
	mark?: number;
	replaces?: number;
}

/** `POST /api/users` and `POST /api/users/login` of the original. */
export interface OriginalCredentials {
	username?: string;
	password?: string;
}

/** The original's answer to both: exactly these two fields. */
export interface OriginalUser {
	id: number;
	username: string;
}

/** Messages next to each other, ascending by `seq`. */
export interface MessagePage {
	/** The room. */
	roomId: number;
	/** The page. */
	messages: readonly Message[];
	/** The room's head in the same snapshot: the page is true at this revision. */
	complete: number;
	/** Whether there are kept messages below the page. */
	hasBefore: boolean;
	/** Whether there are messages above it. */
	hasAfter: boolean;
	/** The unread state in the same snapshot. */
	read: ReadState;
	/** Messages that the page's replies answer and that are not in the page themselves; null: none. */
	parents?: readonly Message[];
}

/** Messages of several rooms, the newest first. */
export interface FoundMessages {
	/** This page. */
	messages: readonly Message[];
	/** Ask again with `before` set to this; null: that was all. */
	next?: number;
}

/** A room's pinned messages, the last pinned first. */
export interface PinnedMessages {
	roomId: number;
	messages: readonly Message[];
}

/** A message's earlier bodies, the oldest first; its present one is not among them. */
export interface FormerBodies {
	bodies: readonly FormerBody[];
}

/** A body that was replaced by an edit. */
export interface FormerBody {
	/** The text. */
	body: string;
	/** When it was written. */
	at: string;
}

/** Changes of the person's or of the server's stream, ascending by `rev`, complete up to `complete`. */
export interface StreamChanges {
	complete: number;
	head: number;
	changes: readonly Change[];
}

/** A list that ends. */
export interface RoomList {
	rooms: readonly Place[];
}

/** Open rooms, by name. */
export interface OpenRoomList {
	/** This page. */
	rooms: readonly OpenRoom[];
	/** Ask again with `after` set to this; null: that was all. */
	next?: string;
}

/** An open room as the list of rooms to join shows it. */
export interface OpenRoom {
	room: Room;
	memberCount: number;
	joined: boolean;
}

/** Who is in a room. */
export interface MemberList {
	roomId: number;
	members: readonly Member[];
	complete: number;
}

/** Everybody, at the server stream's revision `complete`. */
export interface PeopleList {
	people: readonly Person[];
	complete: number;
}

/** Who is connected now. */
export interface OnlineList {
	/** All who are connected. */
	online: readonly number[];
	/** Those of them who are away. */
	away: readonly number[];
}

/** Whether one person is here. */
export interface PersonPresence {
	/** As it is now. */
	state: PresenceState;
	/** When an offline person was last connected; null: not known. */
	lastSeenAt?: string;
}

/** Whether somebody is here: `away` is connected, but not active on any device. */
export type PresenceState =
	| 'online'
	| 'away'
	| 'offline';

/** A person's sessions, the last used first. */
export interface SessionList {
	sessions: readonly SessionInfo[];
}

/** One of a person's sessions: a device that is signed in. */
export interface SessionInfo {
	/** For ending it. */
	id: number;
	/** What the device calls itself. */
	device: string;
	/** When it signed in. */
	createdAt: string;
	/** When it was last used, to the hour. */
	usedAt: string;
	/** When it ends if it is not used before. */
	endsAt: string;
	/** Whether it is the one that asks. */
	current: boolean;
}

/** `PUT /api/v1/me/password`: ends all other sessions, and gives this one a new secret. */
export interface PasswordBody {
	/** The password until now. */
	current?: string;
	/** 8 characters to 72 bytes. */
	password?: string;
}

/** `POST /api/v1/me/tokens`: make an access token. */
export interface NewTokenBody {
	/** 1-64 characters, for the list. */
	name?: string;
	/** One or more. */
	scopes?: readonly Scope[];
	/** 1 to 3,650; absent: it does not expire. */
	expiresInDays?: number;
}

/** What an access token may do: `read` look at what its owner sees; `write` besides say and change things; `admin` besides administer, when its owner may. None may touch the account itself. */
export type Scope =
	| 'read'
	| 'write'
	| 'admin';

/** An access token that was just made. */
export interface NewToken {
	/** Its secret, for `Authorization: Bearer`; shown this once. */
	token: string;
	/** The rest. */
	info: AccessTokenInfo;
}

/** An access token, without its secret. */
export interface AccessTokenInfo {
	/** For revoking it. */
	id: number;
	/** As it was given. */
	name: string;
	/** What it may do. */
	scopes: readonly Scope[];
	/** When it was made. */
	createdAt: string;
	/** When it was last used, to the hour; null: never. */
	usedAt?: string;
	/** When it ends; null: it does not. */
	expiresAt?: string;
}

/** A person's access tokens, the newest first. */
export interface TokenList {
	tokens: readonly AccessTokenInfo[];
}

/** A link that was just made. It works once, until ``. */
export interface NewLink {
	/** The secret, shown this once; the page for it is `/link#` and the secret. */
	token: string;
	/** What it is for. */
	kind: LinkKind;
	/** When it ends. */
	expiresAt: string;
}

/** What a one-time link is for: `recovery` sets a new password; `device` signs another device in. */
export type LinkKind =
	| 'recovery'
	| 'device';

/** `POST /api/v1/links/look`: whose link it is and what for. */
export interface LinkBody {
	token?: string;
}

/** What a link is for, before it is used. */
export interface LinkInfo {
	kind: LinkKind;
	username: string;
	displayName: string;
	expiresAt: string;
}

/** `POST /api/v1/links/use`: signs in; the link is spent. */
export interface UseLinkBody {
	/** The secret. */
	token?: string;
	/** The new password, for a `recovery` link. */
	password?: string;
	/** As at sign-in. */
	bearer?: boolean;
}

/** `DELETE /api/v1/me`: the account is gone for good. */
export interface DeleteAccountBody {
	/** As a proof that it is meant. */
	password?: string;
	/** Whether one's messages are deleted; otherwise they stay, under nobody's name. */
	removeMessages?: boolean;
}

/** `POST /api/v1/invitations`: an administrator makes an invitation. */
export interface NewInvitationBody {
	/** `member` or `guest`. */
	role?: Role;
	/** Rooms that who comes by it is in besides General; a guest is in these alone. At most 50. */
	roomIds?: readonly number[];
	/** 1 to 8,760; absent: it does not expire. */
	expiresInHours?: number;
	/** 1 to 100,000; absent: as often as wanted. */
	maxUses?: number;
	/** Up to 100 characters, for the list. */
	note?: string;
}

/** An invitation that was just made. */
export interface NewInvitation {
	/** The secret, shown this once; the page for it is `/invitation#` and the secret. */
	token: string;
	/** The rest. */
	info: InvitationInfo;
}

/** An invitation, without its secret. */
export interface InvitationInfo {
	/** For revoking it. */
	id: number;
	/** Who made it. */
	creatorId: number;
	/** What who comes by it becomes. */
	role: Role;
	/** Where who comes by it is. */
	roomIds: readonly number[];
	/** When it was made. */
	createdAt: string;
	/** When it ends; null: it does not. */
	expiresAt?: string;
	/** How often it can be used; null: as often as wanted. */
	maxUses?: number;
	/** How often it was used. */
	uses: number;
	/** When it was revoked; null: it was not. */
	revokedAt?: string;
	/** What it is for; null: not said. */
	note?: string;
	/** Who came by it. */
	peopleIds: readonly number[];
}

/** All invitations, the newest first. */
export interface InvitationList {
	invitations: readonly InvitationInfo[];
}

/** `POST /api/v1/invitations/look` and `/accept`. */
export interface InvitationBody {
	token?: string;
}

/** What an invitation offers, for who holds it. */
export interface InvitationOffer {
	/** Where it leads. */
	serverName: string;
	/** The display name of who made it. */
	invitedBy: string;
	/** What one becomes by it. */
	role: Role;
	/** The rooms one is in by it, General not counted. */
	roomNames: readonly string[];
	/** When it ends; null: it does not. */
	expiresAt?: string;
}

/** Accounts by id. */
export interface AccountList {
	/** This page. */
	accounts: readonly Account[];
	/** Ask again with `after` set to this; null: that was all. */
	next?: number;
}

/** Somebody as administrators see them. */
export interface Account {
	/** As everybody sees them. */
	person: Person;
	/** When the account was made. */
	createdAt: string;
	/** When they were last connected; null: not known. */
	lastSeenAt?: string;
	/** Devices that are signed in. */
	sessions: number;
	/** The invitation they came by; null: none. */
	invitationId?: number;
}

/** `PATCH /api/v1/admin/people/{id}`: absent fields stay as they are. */
export interface AccountBody {
	/** What they may do from now on. Only an owner makes and unmakes owners and admins. */
	role?: Role;
	/** `active`, `disabled` or `banned`; who is not active is out at once. */
	state?: PersonState;
	/** With `banned`: whether all their messages are deleted. */
	removeMessages?: boolean;
}

/** Open and closed rooms by id. */
export interface GovernedRoomList {
	/** This page. */
	rooms: readonly GovernedRoom[];
	/** Ask again with `after` set to this; null: that was all. */
	next?: number;
}

/** An open or closed room as administrators see it. */
export interface GovernedRoom {
	/** The room's own row. */
	room: Room;
	/** Who is in it. */
	memberCount: number;
	/** Messages that are kept. */
	messages: number;
}

/** Administrative acts, the last first. */
export interface AuditList {
	/** This page. */
	entries: readonly AuditEntry[];
	/** Ask again with `before` set to this; null: that was all. */
	next?: number;
}

/** One administrative act. */
export interface AuditEntry {
	/** Ascending. */
	id: number;
	/** When. */
	at: string;
	/** Who did it; null: the program itself, or somebody at its command line. */
	actorId?: number;
	/** What was done. */
	action: AuditAction;
	/** To whom; null: to nobody. */
	userId?: number;
	/** In which room; null: in none. */
	roomId?: number;
	/** What else there is to say, by name: `from`, `to`, `name`, `seq`, `count`. */
	details?: Readonly<Record<string, string>>;
}

/** Administrative acts, as the log of them names them. */
export type AuditAction =
	| 'settingsChanged'
	| 'roleChanged'
	| 'disabled'
	| 'enabled'
	| 'banned'
	| 'sessionsEnded'
	| 'recoveryLinkMade'
	| 'accountDeleted'
	| 'messagesRemoved'
	| 'invitationMade'
	| 'invitationRevoked'
	| 'roomChanged'
	| 'roomArchived'
	| 'roomUnarchived'
	| 'roomDeleted'
	| 'memberRemoved'
	| 'moderatorMade'
	| 'moderatorUnmade'
	| 'messageDeleted'
	| 'reportResolved'
	| 'messagesPurged'
	| 'passwordReset';

/** What there is on the server. */
export interface Statistics {
	/** Accounts that are active. */
	people: number;
	/** Of these, connected now. */
	online: number;
	/** Of these, connected within the last seven days. */
	activeThisWeek: number;
	/** Open and closed rooms. */
	rooms: number;
	/** Direct rooms. */
	directRooms: number;
	/** Messages that are kept. */
	messages: number;
	/** Messages of each of the last thirty days in UTC, the oldest first. */
	messagesPerDay: readonly number[];
	/** Bytes of the database. */
	databaseBytes: number;
	/** Reports that nobody has resolved. */
	openReports: number;
}

/** What one node did and held lately. */
export interface Lately {
	/** When it was started. */
	startedAt: string;
	/** Milliseconds from one moment to the next. */
	intervalMs: number;
	/** The last ten minutes at most, the oldest first. */
	moments: readonly Moment[];
	/** What should be looked at now. */
	conditions: readonly Condition[];
}

/** One moment of a node. Rates and latencies are of the time since the moment before. */
export interface Moment {
	/** When. */
	at: string;
	/** People who have a socket open here. */
	people: number;
	/** Sockets. */
	connections: number;
	/** Messages said, a second. */
	messages: number;
	/** Frames said on topics, each counted once a listener, a second. */
	deliveries: number;
	/** Milliseconds that half of the commits took at most; null: there was none. */
	commitP50?: number;
	/** Milliseconds that 99 of 100 commits took at most; null: there was none. */
	commitP99?: number;
	/** What the process holds in memory. */
	memoryBytes: number;
	/** What waits to be written to sockets. */
	queueBytes: number;
	/** Refusals told, a second. */
	refusals: number;
}

/** Something that should be looked at, though the server serves. */
export interface Condition {
	/** What it is in a word: stable for ever. */
	reason: string;
	/** An English sentence. */
	detail: string;
}

/** The nodes of the server, as the one that answers sees them. */
export interface NodeList {
	/** The id of the one that answers. */
	self: string;
	/** Milliseconds after which each tells about itself again. Who was silent for three times as long should be looked at; of one that was silent for six times as long nothing is known any more, and it is gone from the list. */
	intervalMs: number;
	/** The one that answers and all that it hears, by name. */
	nodes: readonly NodeSeen[];
}

/** A node as another one sees it. */
export interface NodeSeen {
	/** What it last told of itself. */
	state: NodeState;
	/** How many milliseconds ago it did, by the clock of the one that answers; null: it is that one. */
	heardMs?: number;
	/** The nodes that it hears. */
	links: readonly NodeLink[];
}

/** What a node tells of itself. */
export interface NodeState {
	/** Another one each time that it starts. */
	id: string;
	/** Its machine and port. */
	name: string;
	/** The program's. */
	version: string;
	/** Where it listens, by its own account; null: it does not yet. */
	address?: string;
	/** When it was started, by its own clock. */
	startedAt: string;
	/** As its `/ready` says; `stopping`: it lets its people go. */
	status: ReadyState;
	/** Why it is not simply ready. */
	reasons: readonly Condition[];
	/** People who have a socket open there. */
	people: number;
	/** Sockets. */
	connections: number;
	/** Milliseconds in which the database answered the simplest question; null: it did not, or was not asked. */
	databaseMs?: number;
	/** How it hears the others. */
	backplane: NodeBackplane;
	/** Units of work that wait for the database. */
	waiting: number;
	/** What waits to be written to sockets. */
	queueBytes: number;
}

/** Whether the server may take traffic. Up to `degraded` it may. */
export type ReadyState =
	| 'ready'
	| 'degraded'
	| 'starting'
	| 'stopping'
	| 'unavailable';

/** How a node hears the others. */
export interface NodeBackplane {
	/** Over what. */
	kind: BackplaneKind;
	/** Whether what they say arrives at once; otherwise it asks the database for it. */
	live: boolean;
	/** Milliseconds that something which it told took to come back to it; null: nothing has yet. */
	roundTripMs?: number;
}

/** What carries word from node to node. */
export type BackplaneKind =
	| 'none'
	| 'postgres'
	| 'redis';

/** One node hears another. */
export interface NodeLink {
	/** The other's id. */
	to: string;
	/** How many milliseconds it had not heard the other for when it told so. */
	heardMs: number;
	/** Milliseconds that word took to the other and back, measured by one clock; null: none has come back yet. */
	roundTripMs?: number;
}

/** `GET /ready`. */
export interface Readiness {
	/** Whether it may take traffic: then the answer is 200, otherwise 503. */
	status: ReadyState;
	/** Why it is not simply ready, for those who may read the metrics; null: nothing to say, or not to you. */
	reasons?: readonly Condition[];
}

/** `GET /health`. */
export interface Health {
	/** `alive`. */
	status: string;
}

/** `POST /api/v1/rooms/{id}/messages/{seq}/report`: a member tells the moderators of a message. */
export interface ReportBody {
	/** Up to 500 characters; may be empty. */
	reason?: string;
}

/** A message that was reported. */
export interface Report {
	/** For resolving it. */
	id: number;
	/** The room. */
	roomId: number;
	/** The message in its present form. */
	message: Message;
	/** Who reported it. */
	reporterId: number;
	/** Why; null: not said. */
	reason?: string;
	/** When. */
	at: string;
	/** When it was resolved; null: it is open. */
	resolvedAt?: string;
	/** Who resolved it. */
	resolvedBy?: number;
}

/** Reports that the caller may see, the last first. */
export interface ReportList {
	/** This page. */
	reports: readonly Report[];
	/** Ask again with `before` set to this; null: that was all. */
	next?: number;
}

/** `GET /api/v1/me/export`: everything that the server has of a person. */
export interface OwnData {
	/** When it began to be written; what changes meanwhile is in it or not. */
	exportedAt: string;
	/** As everybody sees them. */
	profile: Person;
	/** When the account was made. */
	createdAt: string;
	/** When they were last connected; null: not known. */
	lastSeenAt?: string;
	/** Devices that are signed in. */
	sessions: readonly SessionInfo[];
	/** Access tokens, without their secrets. */
	tokens: readonly AccessTokenInfo[];
	/** Every room that they are or were in. */
	rooms: readonly OwnRoom[];
	/** Messages kept for later. */
	saved: readonly SavedMessage[];
	/** What they have begun to write. */
	drafts: readonly RoomDraft[];
	/** What they said and did not delete, by room, in order. */
	messages: readonly OwnMessage[];
	/** The emoji that they put under messages. */
	reactions: readonly OwnReaction[];
	/** The messages that they reported. */
	reports: readonly OwnReport[];
}

/** A room that somebody is or was in. */
export interface OwnRoom {
	/** As the room has it. */
	membership: Member;
	/** Their own place in it; null: they have left. */
	place?: Place;
}

/** A message of one's own. */
export interface OwnMessage {
	/** In its present form. */
	message: Message;
	/** Its earlier bodies, the oldest first; null: it was never edited. */
	formerBodies?: readonly FormerBody[];
}

/** An emoji that one put under a message. */
export interface OwnReaction {
	roomId: number;
	seq: number;
	emoji: string;
}

/** A message that one reported. */
export interface OwnReport {
	roomId: number;
	seq: number;
	reason?: string;
	at: string;
	resolvedAt?: string;
}

/** `application/problem+json` (RFC 9457), with the stable code beside. */
export interface Problem {
	type: string;
	title: string;
	status: number;
	detail: string;
	code: RefusalCode;
	params?: Readonly<Record<string, number>>;
	retry: boolean;
	retryAfterMs?: number;
}

/** Why the server closes a socket. Up to 4499: come back, with jitter. From 4500: do not. */
export const CloseCode = {
	/** RFC 6455: frames that are put together wrongly. */
	Framing: 1002,
	/** RFC 6455: binary frames are not spoken here. */
	Binary: 1003,
	/** RFC 6455: a text frame that is no UTF-8. */
	InvalidUtf8: 1007,
	/** RFC 6455: a frame over 64 KiB. */
	TooBig: 1009,
	/** The server restarts. */
	Restart: 4000,
	/** The client read too slowly; it resumes from the database. */
	Slow: 4001,
	/** No `hello` within 10 s, or no `pong` for 10 s. */
	Silent: 4002,
	/** The server has no room for more. */
	Overloaded: 4004,
	/** Too many frames; wait at least 30 s. */
	Rate: 4005,
	/** Not JSON, an unknown type before `hello`, or a frame before `hello`. */
	Protocol: 4500,
	/** The session ended. */
	SessionEnded: 4501,
	/** The account was banned. */
	Banned: 4502,
	/** Too many connections of one user. */
	TooManyConnections: 4503,
	/** No common version of the protocol. */
	Version: 4504,
} as const;
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

/** Every code that a refusal can have. A newer server may know more. */
export type RefusalCode =
	| 'invalid_json'
	| 'invalid_field'
	| 'unknown_type'
	| 'invalid_cid'
	| 'invalid_text'
	| 'empty_text'
	| 'too_long'
	| 'invalid_username'
	| 'invalid_password'
	| 'common_password'
	| 'invalid_name'
	| 'invalid_status'
	| 'invalid_topic'
	| 'invalid_people'
	| 'invalid_mark'
	| 'invalid_reply'
	| 'invalid_pronouns'
	| 'invalid_time_zone'
	| 'invalid_invitation'
	| 'invalid_link'
	| 'invalid_scopes'
	| 'invalid_reason'
	| 'invalid_emoji'
	| 'no_session'
	| 'wrong_credentials'
	| 'forbidden'
	| 'disabled'
	| 'banned'
	| 'out_of_scope'
	| 'locked'
	| 'last_owner'
	| 'not_member'
	| 'not_yours'
	| 'receipts_off'
	| 'archived'
	| 'general_stays'
	| 'direct_stays'
	| 'registration_closed'
	| 'wrong_origin'
	| 'not_found'
	| 'wrong_method'
	| 'username_taken'
	| 'room_name_taken'
	| 'conflict'
	| 'deleted'
	| 'too_many_reactions'
	| 'too_many_pins'
	| 'too_many_saved'
	| 'too_many_tokens'
	| 'stale_mark'
	| 'too_big'
	| 'not_json'
	| 'no_upgrade'
	| 'wrong_host'
	| 'too_fast'
	| 'slow_mode'
	| 'too_many_connections'
	| 'broken'
	| 'unavailable';

