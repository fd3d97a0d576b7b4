import type { ParamMatcher } from '@sveltejs/kit';
import { isSection } from '$lib/account/sections';

/** A section of one's settings. */
export const match: ParamMatcher = isSection;
