/** A Seatbelt text of profiles/seatbelt/, put into the bundle by the build. */
declare module '*.sb' {
  const text: string;
  export default text;
}
