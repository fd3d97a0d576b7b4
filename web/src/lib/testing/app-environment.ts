/** In place of `$app/environment` in unit tests: the build that is running. */
export const version = 'unit tests';
