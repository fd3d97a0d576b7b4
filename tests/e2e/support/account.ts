import type {
	Account as Governed,
	AccountBody,
	Ack,
	Message,
	MessagePage,
	NewInvitation,
	NewInvitationBody,
	NewLink,
	Person,
	PersonPresence,
	Place,
	RoomList,
	RoomPatchBody,
	SessionAnswer
} from '../../../web/src/lib/protocol/types';
import type { ChatServer } from './server';

const PASSWORD = 'vento norte 7';

/** One person over HTTP: to prepare what a test needs, and to see what the server has. */
export class Account {
	readonly password = PASSWORD;
	#server: ChatServer;
	#person: Person;
	#token: string;
	#written = 0;

	private constructor(server: ChatServer, { me, token }: SessionAnswer) {
		this.#server = server;
		this.#person = me;
		this.#token = token!;
	}

	static async signUp(server: ChatServer, username: string, displayName?: string) {
		const body = { username, displayName, password: PASSWORD, bearer: true };
		return new Account(server, await ask<SessionAnswer>(server, 'POST', '/users', body));
	}

	/** The same person with a session of its own, as on another device. */
	async signInAgain() {
		const body = { username: this.username, password: PASSWORD, bearer: true };
		return new Account(this.#server, await ask<SessionAnswer>(this.#server, 'POST', '/sessions', body));
	}

	get id() {
		return this.#person.id;
	}

	get username() {
		return this.#person.username;
	}

	get name() {
		return this.#person.displayName;
	}

	/** The session, as the cookie holds it too. */
	get token() {
		return this.#token;
	}

	async post(roomId: number, body: string) {
		const cid = `e2e-${this.id}-${Date.now()}-${this.#written++}`;
		return this.#ask<Ack>('POST', `/rooms/${roomId}/messages`, { cid, body });
	}

	async answer(roomId: number, replyToSeq: number, body: string) {
		const cid = `e2e-${this.id}-${Date.now()}-${this.#written++}`;
		return this.#ask<Ack>('POST', `/rooms/${roomId}/messages`, { cid, body, replyToSeq });
	}

	async edit(roomId: number, seq: number, body: string) {
		return this.#ask<Message>('PATCH', `/rooms/${roomId}/messages/${seq}`, { body });
	}

	async delete(roomId: number, seq: number) {
		return this.#ask<Message>('DELETE', `/rooms/${roomId}/messages/${seq}`);
	}

	async react(roomId: number, seq: number, emoji: string) {
		const path = `/rooms/${roomId}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`;
		return this.#ask<Message>('PUT', path);
	}

	/** All that was said in a room, by whomever; system lines are not. */
	async said(roomId: number): Promise<string[]> {
		const texts: Message[] = [];
		for (let before: number | undefined; ; before = texts[0]!.seq) {
			const cursor = before === undefined ? '' : `&before=${before}`;
			const page = await this.#ask<MessagePage>('GET', `/rooms/${roomId}/messages?limit=200${cursor}`);
			texts.unshift(...page.messages);
			if (!page.hasBefore) return texts.filter(({ kind }) => kind === 'text').map(({ body }) => body!);
		}
	}

	/** The room that everybody is in. */
	async general(): Promise<number> {
		const { rooms } = await this.#ask<RoomList>('GET', '/rooms');
		return rooms.find(({ room }) => room?.general)!.roomId;
	}

	/** How many messages of a room this person has not read, as the server counts. */
	async unread(roomId: number): Promise<number> {
		return (await this.#ask<Place>('GET', `/rooms/${roomId}`)).unread;
	}

	async createRoom(name: string, kind: 'open' | 'closed' = 'open', topic?: string): Promise<number> {
		return (await this.#ask<Place>('POST', '/rooms', { kind, name, topic })).roomId;
	}

	async openDirect(...others: Account[]): Promise<number> {
		const userIds = others.map(({ id }) => id);
		return (await this.#ask<Place>('POST', '/rooms/direct', { userIds })).roomId;
	}

	async join(roomId: number) {
		await this.#ask('POST', `/rooms/${roomId}/join`);
	}

	async leave(roomId: number) {
		await this.#ask('POST', `/rooms/${roomId}/leave`);
	}

	async invite(roomId: number, person: Account) {
		await this.#ask('PUT', `/rooms/${roomId}/members/${person.id}`);
	}

	/** Reads a room to its end. */
	async read(roomId: number) {
		const { mark, lastSeq } = await this.#ask<Place>('GET', `/rooms/${roomId}`);
		await this.#ask('PUT', `/rooms/${roomId}/read`, { mark: lastSeq, replaces: mark });
	}

	/** @returns its secret */
	async makeInvitation(body: NewInvitationBody): Promise<string> {
		return (await this.#ask<NewInvitation>('POST', '/invitations', body)).token;
	}

	/** @returns its secret */
	async makeRecoveryLink(whom: Account): Promise<string> {
		return (await this.#ask<NewLink>('POST', `/admin/people/${whom.id}/recovery`)).token;
	}

	/** What administrators do to somebody. */
	govern(whom: Account, body: AccountBody) {
		return this.#ask<Governed>('PATCH', `/admin/people/${whom.id}`, body);
	}

	/** What moderators and administrators do to a room. */
	async changeRoom(roomId: number, body: RoomPatchBody) {
		await this.#ask('PATCH', `/rooms/${roomId}`, body);
	}

	async appoint(roomId: number, whom: Account) {
		await this.#ask('PUT', `/rooms/${roomId}/moderators/${whom.id}`);
	}

	async report(roomId: number, seq: number, reason = '') {
		await this.#ask('POST', `/rooms/${roomId}/messages/${seq}/report`, { reason });
	}

	/** Whether somebody is here. */
	presenceOf(whom: Account) {
		return this.#ask<PersonPresence>('GET', `/people/${whom.id}/presence`);
	}

	/** Ends this session, as from a list of devices. */
	async signOut() {
		await this.#ask('DELETE', '/session');
	}

	#ask<T>(method: string, path: string, body?: unknown) {
		return ask<T>(this.#server, method, path, body, this.#token);
	}
}

async function ask<T>(
	server: ChatServer,
	method: string,
	path: string,
	body?: unknown,
	token?: string
): Promise<T> {
	const response = await fetch(`${server.origin}/api/v1${path}`, {
		method,
		headers: {
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
			...(token === undefined ? {} : { authorization: `Bearer ${token}` })
		},
		body: body === undefined ? undefined : JSON.stringify(body)
	});
	if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
	return (response.status === 204 ? undefined : await response.json()) as T;
}
