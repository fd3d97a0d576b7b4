import type { ReportList } from '$lib/protocol';
import { request } from './request';

/** @param open only those that nobody has resolved */
export function reports(open: boolean, before?: number) {
	const search = new URLSearchParams();
	if (open) search.set('open', 'true');
	if (before !== undefined) search.set('before', String(before));
	return request<ReportList>('GET', `/reports?${search}`);
}

export const resolve = (id: number) => request<unknown>('POST', `/reports/${id}/resolve`);
