/** Two soft strokes on a tile, a fourth apart: the pitch in Hz, and when it begins in s. */
const STROKES = [
	[659.3, 0],
	[880, 0.11]
] as const;

/** Of full volume, which nobody wants from a chat. */
const LOUDNESS = 0.06;
const RINGS_S = 0.45;

/** A browser that says neither yes nor no is not waited for longer. */
const PATIENCE_MS = 300;

/** A short, quiet sound of our own. Before the person has touched the page browsers refuse it; then there is none. */
export async function chime() {
	if (typeof AudioContext !== 'function' || navigator.userActivation?.hasBeenActive === false) return;
	const context = new AudioContext();
	const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
	if (context.state !== 'running') await Promise.race([context.resume().catch(() => {}), patience]);
	// Later it would be a riddle.
	if (context.state !== 'running') return void context.close();

	const start = context.currentTime + 0.02;
	for (const [pitch, after] of STROKES) {
		const [tone, volume] = [
			new OscillatorNode(context, { type: 'triangle', frequency: pitch }),
			context.createGain()
		];
		const at = start + after;
		volume.gain.setValueAtTime(0, at);
		volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.008);
		volume.gain.exponentialRampToValueAtTime(0.0001, at + RINGS_S);
		tone.connect(volume).connect(context.destination);
		tone.start(at);
		tone.stop(at + RINGS_S);
		// The machine's sound is left alone until the next one.
		if (pitch === STROKES.at(-1)![0]) tone.onended = () => void context.close();
	}
}
