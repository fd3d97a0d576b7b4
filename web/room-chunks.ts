import type { Plugin } from 'vite';

const GENERATED = '/generated/client-optimized/';
/** The room, in the order of its layouts: what has to be there before a room can be read. */
const ROOM = [/\/runtime\/client\/entry\.js$/, new RegExp(`${GENERATED}app\\.js$`)];

/**
 * Brings everything that a room needs at once into one file. Shared modules would otherwise be cut into dozens of small files,
 * which compress worse (149 KB against 128) and each ask for a request.
 */
export function roomChunks(route: string) {
	const atOnce = new Set<string>();

	const plugin: Plugin = {
		name: 'room-chunks',
		apply: 'build',
		applyToEnvironment: ({ name }) => name === 'client',
		async buildEnd() {
			const ids = [...this.getModuleIds()];
			const app = ids.find((id) => ROOM[1]!.test(id));
			if (!app) return;
			const entry = this.getModuleInfo(app)
				?.code?.split('\n')
				.find((line) => line.includes(`"${route}"`));
			if (!entry) throw new Error(`There is no route ${route}.`);
			const nodes = [0, 1, ...entry.slice(entry.indexOf('": [')).match(/\d+/g)!.map(Number)];
			const follow = (id: string) => {
				if (atOnce.has(id)) return;
				atOnce.add(id);
				this.getModuleInfo(id)?.importedIds.forEach(follow);
			};
			ids.filter((id) => ROOM.some((one) => one.test(id))).forEach(follow);
			nodes.forEach((node) => follow(app.replace(/app\.js$/, `nodes/${node}.js`)));
		}
	};
	return { plugin, groups: [{ name: 'room', test: (id: string) => atOnce.has(id) }] };
}
