/** Runs on any Node: nothing newer than ES2015 in here. Null when this one will do. */
export function nodeProblem(version: string): string | null {
  const major = Number(version.split('.')[0]);
  return major >= 24 ? null
    : `fourthwall needs Node 24 or later; this is Node ${version}. In a checkout use "npm run fourthwall -- ..." or "npm start", which bring their own Node.\n`;
}
