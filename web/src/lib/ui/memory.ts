// What this browser remembers between visits; where storage is forbidden, it remembers nothing.

export function recall(key: string): string | null {
	try {
		return localStorage.getItem(key);
	} catch {
		return null;
	}
}

/** @returns whether it will be there after a reload */
export function remember(key: string, value: string | null): boolean {
	try {
		if (value === null) localStorage.removeItem(key);
		else localStorage.setItem(key, value);
		return true;
	} catch {
		return false;
	}
}

/** Forgets everything whose key begins like this. */
export function forgetAll(prefix: string) {
	try {
		for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
	} catch {
		// Then there is nothing to forget.
	}
}
