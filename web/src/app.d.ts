declare global {
	namespace App {
		interface PageState {
			/** The side panel that is open, so that "back" closes it on a narrow screen. */
			panel?: 'members' | 'pins';
		}
	}
}

export {};
