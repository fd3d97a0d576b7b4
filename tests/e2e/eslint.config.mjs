// The rules of the web app.
export { default } from '../../web/eslint.config.js';
