import type { ParamMatcher } from '@sveltejs/kit';

/** An id as it stands in an address. */
export const match: ParamMatcher = (param) => /^[1-9]\d{0,15}$/.test(param);
