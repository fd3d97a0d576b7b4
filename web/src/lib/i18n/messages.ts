import { language, type Catalogues } from './language.svelte';

type Inputs<Message> = Message extends (inputs: infer I) => string ? I : never;

type Messages = {
	[Key in keyof Catalogues]: object extends Inputs<Catalogues[Key]>
		? () => string
		: (inputs: Inputs<Catalogues[Key]>) => string;
};

/** Every text, by its key, in the language of the moment. */
export const m = new Proxy({} as Messages, {
	get: (_, key) => (inputs: object) =>
		(language.catalogue as unknown as Record<string | symbol, (inputs: object) => string>)[key]!(inputs)
});
