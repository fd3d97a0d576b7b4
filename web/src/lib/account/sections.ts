import type { Person } from '$lib/protocol';

/** The sections of one's settings, as their addresses name them; the last is for those who run the server. */
export const SECTIONS = ['profile', 'security', 'notifications', 'appearance', 'data', 'server'] as const;

export type Section = (typeof SECTIONS)[number];

export const isSection = (name: string | undefined): name is Section =>
	(SECTIONS as readonly (string | undefined)[]).includes(name);

/** The sections that somebody has. */
export const sectionsOf = ({ role }: Person): readonly Section[] =>
	SECTIONS.filter((name) => name !== 'server' || role === 'owner' || role === 'admin');
