/** Made by vite-plugin.ts, in the form that trim.ts describes. */
declare module 'virtual:emoji/*' {
	const text: string;
	export default text;
}
