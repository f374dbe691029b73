declare module 'srt:compiled-validator' {
  const validate: unknown;
  export default validate;
}
