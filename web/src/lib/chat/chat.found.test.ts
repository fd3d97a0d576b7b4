import 'fake-indexeddb/auto';
import { test } from 'vitest';
import type { Act } from '$lib/testing/model/acts';
import { play } from '$lib/testing/model/model';

/** What a page does, on which page, in which room, and how the wire is meanwhile. */
const act = (what: Act['what'], seed = 0, page = 0, room = 0, at = 0): Act => ({
	what,
	page,
	room,
	at,
	seed
});

/** What chat.model.test.ts has found, as short as it goes. */
const FOUND: Record<string, Act[]> = {
	'a message that was sent a moment before the page died': [
		act('look'),
		act('look', 58542),
		act('sendAndDie', 10428),
		act('look')
	],
	'a message that waits behind one of which another page knew sooner': [
		act('look', 46994),
		act('offline'),
		act('send', 0, 0, 1),
		act('open'),
		act('send', 0, 0, 1),
		act('look')
	],
	'a row that another page took away before the message was here': [
		act('look', 12128),
		act('look', 1306),
		act('open'),
		act('send', 1719),
		act('send', 42584, 1),
		act('look')
	],
	'messages that a device kept while it had missed what came before them': [
		act('look'),
		act('look', 19995),
		act('silence'),
		act('look', 6209),
		act('crowd', 53285),
		act('open'),
		act('look')
	],
	'a count whose answer was lost': [
		act('call', 0, 0, 2),
		act('look', 25617),
		act('anaDeletes', 0, 0, 2),
		act('look', 24678),
		act('look')
	],
	'what was saved in a room that was left': [
		act('call', 0, 0, 1),
		act('save', 0, 0, 1),
		act('look', 2352),
		act('leave', 0, 0, 1),
		act('look')
	],
	'what was saved in a room to which the person came back': [
		act('brunoComes', 0, 0, 2),
		act('save', 0, 0, 2),
		act('look', 4008),
		act('sendAndDie', 0, 0, 2),
		act('look', 30111),
		act('inAndOut', 43593, 0, 2),
		act('look')
	],
	'a draft of a history that is no more': [
		act('copy'),
		act('draftElsewhere'),
		act('look', 44955),
		act('inAndOut'),
		act('look', 16749),
		act('goBack', 28680),
		act('look')
	],
	'a draft that two pages told at once': [
		act('look'),
		act('look', 62854),
		act('send', 153, 0, 1),
		act('open'),
		act('type', 17903, 1, 1)
	],
	'a message that was stored in a room from which the person was removed': [
		act('look'),
		act('look', 18170),
		act('crowd', 5996),
		act('send', 222),
		act('remove'),
		act('look')
	],
	'a message that two pages took over, one of which was told to wait when the other had given up': [
		act('look'),
		act('look', 26962),
		act('remove', 0, 0, 2),
		act('tooFast', 0, 0, 0, 1),
		act('send', 0, 0, 2),
		act('kill'),
		act('open'),
		act('look', 43593),
		act('look')
	],
	'a message that was stored while a page of its room was on its way, which never came': [
		act('look'),
		act('look', 31390),
		act('sendAndDie'),
		act('look'),
		act('look', 2656),
		act('open', 17425),
		act('crowd', 0, 0, 1),
		act('look', 0, 0, 1)
	],
	'a message that another page had stored, in a room that then was too far behind': [
		act('look', 0, 0, 2),
		act('purge', 31390),
		act('look', 39379),
		act('send', 0, 0, 2),
		act('open'),
		act('crowd', 0, 0, 2),
		act('look', 57503)
	],
	'a draft that was told to a history that is no more': [
		act('copy'),
		act('look', 12328),
		act('type'),
		act('look', 31657),
		act('send'),
		act('type'),
		act('ana', 28361),
		act('look', 2099),
		act('goBack'),
		act('look')
	],
	'a message that came while the room was being opened anew': [
		act('look'),
		act('look', 24587),
		act('look'),
		act('crowd'),
		act('look', 1231),
		act('cut'),
		act('send'),
		act('look', 8991),
		act('look', 39800),
		act('look', 16314)
	],
	'what a page of a history that is no more has kept beside another one': [
		act('copy'),
		act('open'),
		act('open'),
		act('look', 21113),
		act('crowd'),
		act('kill', 32647),
		act('crowd', 0, 0, 1),
		act('offline'),
		act('online', 15133),
		act('goBack'),
		act('look', 48025),
		act('look'),
		act('look', 63925),
		act('open'),
		act('look')
	],
	'a draft that another page told as well, which was sent meanwhile': [
		act('look'),
		act('look', 173),
		act('open'),
		act('type', 35743, 0, 1),
		act('send', 38930, 0, 1),
		act('look')
	],
	'a draft in place of which another page sent something, of which the server had known nothing': [
		act('open'),
		act('look', 2555),
		act('type', 0, 1, 1),
		act('send', 959, 0, 1),
		act('look')
	],
	'a message that waits behind one that two pages took over and the other gave up': [
		act('look'),
		act('look', 20674),
		act('sendAndDie', 50333, 0, 1),
		act('open'),
		act('send', 0, 0, 1),
		act('leave', 2587, 0, 1),
		act('look', 1705),
		act('look')
	],
	'somebody who came while only the members of their room were held': [
		act('look', 0, 0, 1),
		act('open', 28371),
		act('members'),
		act('look', 325, 0, 1),
		act('brunoComes', 6482),
		act('look', 2461)
	],
	'a room of which nothing is replayed, for another one took all that may be': [
		act('look'),
		act('look', 42595),
		act('look', 43373, 0, 1),
		act('crowd', 38547),
		act('send', 1276),
		act('react', 25698),
		act('look', 41445),
		act('postElsewhere', 9796),
		act('look', 47745),
		act('look', 38520),
		act('look', 28608),
		act('look'),
		act('offline', 2925),
		act('ana'),
		act('ana', 0, 0, 1),
		act('look')
	]
};

test.each(Object.entries(FOUND))('%s', (_, acts) => play(acts), 30_000);
