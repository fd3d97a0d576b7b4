/** What of the rooms is on screen now. */
export class View {
	#roomId: number | null = $state(null);
	#anchor: number | undefined;
	#atEnd = $state(false);
	#attentive = $state(false);

	/** The room on screen, or null. */
	get roomId() {
		return this.#roomId;
	}

	/** Whether the window is visible and has the focus: only then is anything read. */
	get attentive() {
		return this.#attentive;
	}

	set attentive(value: boolean) {
		this.#attentive = value;
	}

	look(roomId: number | null) {
		this.#roomId = roomId;
		this.#anchor = undefined;
		this.#atEnd = false;
	}

	/** @param anchor the message at the top of the screen, or undefined at the room's end */
	scrolled(anchor: number | undefined) {
		this.#anchor = anchor;
		this.#atEnd = anchor === undefined;
	}

	/** Where in the room somebody looks: a `seq`, undefined for its end, null when it is not on screen. */
	anchorIn(roomId: number): number | undefined | null {
		return this.#roomId === roomId ? this.#anchor : null;
	}

	/** Whether new messages in this room are being read as they come. */
	follows(roomId: number) {
		return this.#roomId === roomId && this.#atEnd && this.#attentive;
	}
}
