/** The sections of one's settings, as their addresses name them. */
export const SECTIONS = ['profile', 'security', 'notifications', 'appearance', 'data', 'about'] as const;

export type Section = (typeof SECTIONS)[number];

export const isSection = (name: string | undefined): name is Section =>
	(SECTIONS as readonly (string | undefined)[]).includes(name);
