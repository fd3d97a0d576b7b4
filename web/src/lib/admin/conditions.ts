import { m } from '$lib/i18n/messages';
import type { Condition } from '$lib/protocol';

/** What is wrong with the server, in the language of who reads; what is not known here as the server says it. */
export function conditionWords({ reason, detail }: Condition): string {
	switch (reason) {
		case 'writes_failing':
			return m.condition_writes_failing();
		case 'disk_low':
			return m.condition_disk_low();
		case 'redis_away':
			return m.condition_redis_away();
		case 'nodes_unheard':
			return m.condition_nodes_unheard();
		case 'database':
			return m.condition_database();
		case 'backup_failing':
			return m.condition_backup_failing();
		default:
			return detail;
	}
}
