import type { Problem } from '$lib/protocol';

/** Why something was not done, as either door says it. */
export interface Refusal {
	code: string;
	detail: string;
	params?: Readonly<Record<string, number>>;
	retry: boolean;
	retryAfterMs?: number;
}

/** The server answered, and the answer was no. */
export class RefusalError extends Error implements Refusal {
	readonly code: string;
	readonly status: number;
	readonly detail: string;
	readonly params?: Readonly<Record<string, number>>;
	readonly retry: boolean;
	readonly retryAfterMs?: number;

	constructor(problem: Problem) {
		super(problem.detail);
		this.name = 'RefusalError';
		this.code = problem.code;
		this.status = problem.status;
		this.detail = problem.detail;
		this.params = problem.params;
		this.retry = problem.retry;
		this.retryAfterMs = problem.retryAfterMs;
	}
}

/** No answer, or one that is not ours: the network, a proxy or a restart is in between. */
export class UnreachableError extends Error {
	constructor(cause?: unknown) {
		super('The server did not answer.', { cause });
		this.name = 'UnreachableError';
	}
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

let sessionEnded: (() => void) | undefined;

/** Calls this whenever the server says that nobody is signed in. */
export function onSessionEnd(handler: () => void) {
	sessionEnded = handler;
}

/** Asks the API under `/api/v1`; throws a {@link RefusalError} or an {@link UnreachableError}. */
export async function request<T>(
	method: Method,
	path: string,
	body?: unknown,
	signal?: AbortSignal
): Promise<T> {
	let response: Response;
	try {
		response = await fetch(`/api/v1${path}`, {
			method,
			signal,
			headers: body === undefined ? {} : { 'content-type': 'application/json' },
			body: body === undefined ? undefined : JSON.stringify(body)
		});
	} catch (cause) {
		throw new UnreachableError(cause);
	}
	if (response.status === 204) return undefined as T;

	const answer = await response.json().catch((cause: unknown) => {
		throw new UnreachableError(cause);
	});
	if (response.ok) return answer as T;
	if (typeof answer?.code !== 'string') throw new UnreachableError();

	const refusal = new RefusalError(answer as Problem);
	if (refusal.code === 'no_session') sessionEnded?.();
	throw refusal;
}

/** When to ask again after a failure, in ms; null when asking again cannot help. */
export function retryAfter(failure: unknown): number | null {
	if (failure instanceof UnreachableError) return 2_000;
	if (failure instanceof RefusalError && failure.retry) return failure.retryAfterMs ?? 2_000;
	return null;
}
